// Hooks beside the gate's own.
#include "hook/chained_hooks.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

class ChainedHooks : public testing::Test {
 protected:
  ChainedHooks() {
    call_.hook_file = temporary_.beside("update");
    call_.environment.set("PATH", "/usr/bin:/bin");
    call_.environment.set("LOG", log());
    // As the guarded main does.
    before_ = std::signal(SIGPIPE, SIG_IGN);
  }
  ~ChainedHooks() override { std::signal(SIGPIPE, before_); }

  std::string log() const { return temporary_.beside("log"); }
  std::string said() const { return read_file(log(), 1 << 20).text; }
  void hook(const std::string& name, const std::string& script, unsigned mode = 0755) const {
    const std::string path = call_.hook_file + ".d/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    ::chmod(path.c_str(), mode);
  }
  Lines run(ChainMode mode = ChainMode::stop_at_failure, const std::string& input = {}) const {
    return run_chained_hooks(call_, input, mode);
  }

  TemporaryRepository temporary_;
  Invocation call_;
  void (*before_)(int);
};

TEST_F(ChainedHooks, AreNoneWithoutAFolder) {
  EXPECT_EQ(run(), Lines());
  call_.hook_file.clear();
  EXPECT_EQ(run(), Lines());
}

TEST_F(ChainedHooks, RunInTheOrderOfTheirNames) {
  hook("20-b", "echo b >>$LOG");
  hook("10-a", "echo a >>$LOG");
  hook("9-c", "echo c >>$LOG");
  EXPECT_EQ(run(), Lines());
  EXPECT_EQ(said(), "a\nb\nc\n");
}

TEST_F(ChainedHooks, GetGitsArgumentsInputAndEnvironment) {
  call_.arguments = {"refs/heads/it's x", "0", "1"};
  call_.environment.set("GIT_PUSH_OPTION_COUNT", "1");
  hook("a", "printf '[%s]' \"$@\" >>$LOG; echo $GIT_PUSH_OPTION_COUNT >>$LOG; cat >>$LOG");
  EXPECT_EQ(run(ChainMode::stop_at_failure, "old new ref\n"), Lines());
  EXPECT_EQ(said(), "[refs/heads/it's x][0][1]1\nold new ref\n");
}

TEST_F(ChainedHooks, GetNoHttpCredentials) {
  call_.environment.set("HTTP_AUTHORIZATION", "Basic c2VjcmV0");
  hook("a", "env >>$LOG");
  run();
  EXPECT_EQ(said().find("c2VjcmV0"), std::string::npos);
  EXPECT_NE(said().find("PATH=/usr/bin:/bin"), std::string::npos);
}

TEST_F(ChainedHooks, StopAtTheFirstFailureOrRunAll) {
  hook("a", "echo a >>$LOG");
  hook("b", "echo b >>$LOG; exit 3");
  hook("c", "echo c >>$LOG; kill -9 $$");
  EXPECT_EQ(run(), Lines{"b"});
  EXPECT_EQ(said(), "a\nb\n");
  fs::remove(log());
  EXPECT_EQ(run(ChainMode::run_all), (Lines{"b", "c"}));
  EXPECT_EQ(said(), "a\nb\nc\n");
}

TEST_F(ChainedHooks, AreExecutableFilesOnly) {
  hook("not-executable", "echo x >>$LOG", 0644);
  hook("a.sample", "echo x >>$LOG");
  hook("a~", "echo x >>$LOG");
  fs::create_directories(call_.hook_file + ".d/folder");
  fs::create_symlink("missing", call_.hook_file + ".d/dangling");
  EXPECT_EQ(run(), Lines());
  EXPECT_EQ(said(), "");
}

TEST_F(ChainedHooks, FailWhenTheyCannotBeStarted) {
  hook("a", "true");
  std::ofstream(call_.hook_file + ".d/a") << "#!/nowhere/interpreter\n";
  EXPECT_EQ(run(), Lines{"a"});
}

TEST_F(ChainedHooks, NeedNotReadTheirInput) {
  hook("a", "exec true");
  hook("b", "wc -c >>$LOG");
  EXPECT_EQ(run(ChainMode::stop_at_failure, std::string(1 << 20, 'x')), Lines());
  EXPECT_EQ(said(), "1048576\n");
}

TEST_F(ChainedHooks, HaveTheOrdinaryAnswerToABrokenPipe) {
  hook("a", "yes | head -n 1 >>$LOG");
  EXPECT_EQ(run(), Lines());
  EXPECT_EQ(said(), "y\n");
}

}  // namespace
}  // namespace trunkgate
