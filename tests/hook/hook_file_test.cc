// The text of an installed hook, how it is told from others, and that it fails closed.
#include "hook/hook_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/child_process.h"
#include "base/file.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

class HookFileTest : public testing::Test {
 protected:
  HookFileTest() {
    std::string name = (fs::temp_directory_path() / "trunkgate-hook-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~HookFileTest() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& text, unsigned mode = 0755) const {
    fs::create_directories(fs::path(at(name)).parent_path());
    std::ofstream(at(name)) << text;
    ::chmod(at(name).c_str(), mode);
  }
  ChildResult run(const std::string& name, const std::string& argument = "--self-test") const {
    ChildRequest request;
    request.argv = {at(name), argument};
    request.environment = {"PATH=/usr/bin:/bin"};
    return run_child(request);
  }

 private:
  std::string folder_;
};

TEST_F(HookFileTest, NamesTheProgramAsItsInterpreter) {
  EXPECT_EQ(
      hook_text("/usr/local/libexec/trunkgate/pre-receive"),
      "#!/usr/local/libexec/trunkgate/pre-receive\n"
      "# trunkgate-managed v1\n"
      "# The program judges each push. The last two lines run only when it cannot be started.\n"
      "# Take the gate off with: trunkgate uninstall REPOSITORY\n"
      "echo \"error: the gate of this repository is not installed properly; ask an admin\" >&2\n"
      "exit 1\n");
}

TEST_F(HookFileTest, StartsAProgramWithASpaceInItsPathThroughAShell) {
  EXPECT_EQ(
      hook_text("/opt/my gate's/update"),
      "#!/bin/sh\n"
      "# trunkgate-managed v1\n"
      "# The program judges each push. The last two lines run only when it cannot be started.\n"
      "# Take the gate off with: trunkgate uninstall REPOSITORY\n"
      "IFS= read -r start <'/opt/my gate'\\''s/update'\n"
      "case $start in ?ELF* | '#!'*) exec '/opt/my gate'\\''s/update' \"$0\" \"$@\" ;; esac\n"
      "echo \"error: the gate of this repository is not installed properly; ask an admin\" >&2\n"
      "exit 1\n");
}

TEST_F(HookFileTest, StartsAProgramWithALongPathThroughAShell) {
  EXPECT_TRUE(hook_text("/" + std::string(119, 'x')).starts_with("#!/xxx"));
  EXPECT_TRUE(hook_text("/" + std::string(120, 'x')).starts_with("#!/bin/sh\n"));
}

TEST_F(HookFileTest, GivesTheProgramTheHookFileAndGitsArguments) {
  for (const std::string name : {"plain/program", "with space/program", "with\nfeed/program"}) {
    write(name, "#!/bin/sh\necho \"$#:$1:$2\"\n");
    put_executable(at("hook"), hook_text(at(name)));
    EXPECT_EQ(run("hook", "an argument").output, "2:" + at("hook") + ":an argument\n") << name;
  }
}

TEST_F(HookFileTest, FailsWhateverIsWrongWithTheProgram) {
  const std::string told =
      "error: the gate of this repository is not installed properly; ask an admin\n";
  write("no_permission", "#!/bin/sh\n", 0644);
  write("empty", "");
  write("garbage", std::string("\0\1\2 not a program", 17));
  for (const std::string name : {"missing", "no_permission", "empty", "garbage"}) {
    put_executable(at("hook"), hook_text(at(name)));
    EXPECT_FALSE(run("hook").succeeded()) << name;
  }
  // What Git does when the kernel cannot load the interpreter.
  ChildRequest shell;
  shell.argv = {"/bin/sh", at("hook")};
  const ChildResult result = run_child(shell);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.errors, told);
}

TEST_F(HookFileTest, ShimFailsWhateverIsWrongWithTheProgram) {
  write("a b/no_permission", "#!/bin/sh\n", 0644);
  write("a b/empty", "");
  write("a b/zeros", std::string(5000, '\0'));
  for (const std::string name : {"a b/missing", "a b/no_permission", "a b/empty", "a b/zeros"}) {
    put_executable(at("hook"), hook_text(at(name)));
    EXPECT_FALSE(run("hook").succeeded()) << name;
  }
  put_executable(at("hook"), hook_text("/bin/true" + std::string(130, 'x')));
  EXPECT_FALSE(run("hook").succeeded());
}

TEST_F(HookFileTest, TellsWhatStandsAtAPlace) {
  const std::string text = hook_text("/opt/gate/update");
  EXPECT_EQ(look_at_hook(at("hook"), text), HookState::absent);
  put_executable(at("hook"), text);
  EXPECT_EQ(look_at_hook(at("hook"), text), HookState::current);
  EXPECT_EQ(look_at_hook(at("hook"), hook_text("/opt/other/update")), HookState::outdated);
  ::chmod(at("hook").c_str(), 0644);
  EXPECT_EQ(look_at_hook(at("hook"), text), HookState::outdated);
  fs::create_symlink("hook", at("link"));
  EXPECT_EQ(look_at_hook(at("link"), text), HookState::linked);
  fs::create_symlink("nowhere", at("dangling"));
  EXPECT_EQ(look_at_hook(at("dangling"), text), HookState::foreign_link);
  fs::create_directory(at("folder"));
  EXPECT_EQ(look_at_hook(at("folder"), text), HookState::foreign_folder);
  write("theirs", "#!/bin/sh\n# not trunkgate-managed\n");
  EXPECT_EQ(look_at_hook(at("theirs"), text), HookState::foreign);
  write("later", "#!/bin/sh\necho\n# trunkgate-managed v1\n");
  EXPECT_EQ(look_at_hook(at("later"), text), HookState::foreign);
  write("empty", "");
  EXPECT_EQ(look_at_hook(at("empty"), text), HookState::foreign);
}

TEST_F(HookFileTest, KnowsItsOwnOfAnyVersion) {
  write("old", "#!/opt/gate/update\n# trunkgate-managed v0\nexit 1\n");
  EXPECT_TRUE(is_our_hook(at("old")));
}

TEST_F(HookFileTest, PutsAFileWithItsModeAndLeavesNothingBeside) {
  put_executable(at("hook"), "one");
  put_executable(at("hook"), "two");
  struct stat status {};
  ASSERT_EQ(::stat(at("hook").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0755U);
  EXPECT_EQ(read_file(at("hook"), 100).text, "two");
  EXPECT_EQ(list_folder(at("")), std::vector<std::string>{"hook"});
}

TEST_F(HookFileTest, MakesAFolderAsOpenAsItsParent) {
  fs::create_directory(at("hooks"));
  ::chmod(at("hooks").c_str(), 02775);
  make_folder_alike(at("hooks/update.d"));
  struct stat status {};
  ASSERT_EQ(::stat(at("hooks/update.d").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 02775U);
}

TEST_F(HookFileTest, RemovesOnlyTemporaryFiles) {
  write("hooks/update", "");
  write("hooks/update.tmp-123", "");
  write("hooks/update.tmp-", "");
  write("hooks/update.tmp-old", "");
  remove_leftovers(at("hooks"));
  EXPECT_EQ(list_folder(at("hooks")),
            (std::vector<std::string>{"update", "update.tmp-", "update.tmp-old"}));
}

}  // namespace
}  // namespace trunkgate
