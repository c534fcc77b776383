// Files that are added at once, and files that become others.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string name = (fs::temp_directory_path() / "trunkgate-file-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FileTest() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return folder_ + "/" + name; }
  Names names() const { return list_folder(folder_); }
  std::string text(const std::string& name) const {
    const FileText file = read_file(at(name), std::size_t{1} << 24U);
    return file.state == FileState::present ? file.text : "unreadable: " + file.reason;
  }
  // Of the thing itself, not of what it points to.
  struct stat status(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::lstat(at(name).c_str(), &status), 0) << name;
    return status;
  }
  unsigned mode(const std::string& name) const { return status(name).st_mode & 07777U; }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(at(name), std::ios::binary) << bytes;
  }

  std::string folder_;
};

// The pusher's umask for as long as this lives.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

using AddFileTest = FileTest;

TEST_F(AddFileTest, WritesEveryByteAndLeavesNothingElse) {
  const std::string bytes = std::string("\0\xff\n", 3) + std::string(300'000, 'x');
  add_file(at("a"), bytes, {});
  EXPECT_TRUE(text("a") == bytes);
  add_file(at("empty"), "", {});
  EXPECT_EQ(text("empty"), "");
  EXPECT_EQ(names(), (Names{"a", "empty"}));
}

TEST_F(AddFileTest, GivesTheModeOfTheRepository) {
  int number = 0;
  for (const unsigned extra : {0U, 0040U, 0060U, 0044U, 0064U, 0066U}) {
    for (const mode_t mask : {0000U, 0022U, 0077U}) {
      const Umask umask(mask);
      const std::string name = std::to_string(number++);
      add_file(at(name), "x", {.extra = extra});
      EXPECT_EQ(mode(name), 0600U | extra) << mask;
    }
  }
}

TEST_F(AddFileTest, ReplacesWhatHasTheName) {
  write("a", "before");
  add_file(at("a"), "after", {});
  EXPECT_EQ(text("a"), "after");
  EXPECT_EQ(names(), Names{"a"});
}

TEST_F(AddFileTest, WritesThroughNoLink) {
  write("target", "before");
  fs::create_symlink("target", at("a"));
  add_file(at("a"), "after", {});
  EXPECT_EQ(text("target"), "before");
  EXPECT_EQ(text("a"), "after");
  EXPECT_FALSE(fs::is_symlink(at("a")));
}

TEST_F(AddFileTest, SaysWhyItCannotAndLeavesNothing) {
  const auto refusal = [&](const std::string& name) -> std::string {
    try {
      add_file(at(name), "x", {.extra = 0060});
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::delivery);
      return error.what();
    }
  };
  fs::create_directory(at("folder"));
  write("file", "before");
  EXPECT_EQ(refusal("folder"), "cannot rename to " + at("folder") + ": Is a directory");
  EXPECT_TRUE(refusal("missing/a").starts_with("cannot create " + at("missing/a")));
  EXPECT_TRUE(refusal("missing/a").ends_with(": No such file or directory"));
  EXPECT_TRUE(refusal("file/a").ends_with(": Not a directory"));
  EXPECT_EQ(names(), (Names{"file", "folder"}));
  EXPECT_EQ(list_folder(at("folder")), Names());
  EXPECT_EQ(text("file"), "before");
}

using TurnFileIntoTest = FileTest;

TEST_F(TurnFileIntoTest, ReplacesTheContentAndTheName) {
  for (const std::string& bytes :
       {std::string("new"), std::string(), std::string(300'000, 'y'), std::string("\0\xff", 2)}) {
    write("old", "a longer text than the new one");
    EXPECT_TRUE(turn_file_into(at("old"), at("new"), bytes));
    EXPECT_TRUE(text("new") == bytes);
    EXPECT_EQ(names(), Names{"new"});
    fs::remove(at("new"));
  }
}

TEST_F(TurnFileIntoTest, KeepsTheFileItself) {
  add_file(at("old"), "old", {.extra = 0060});
  const ino_t inode = status("old").st_ino;
  const Umask umask(0077);
  EXPECT_TRUE(turn_file_into(at("old"), at("new"), "new"));
  EXPECT_EQ(status("new").st_ino, inode);
  EXPECT_EQ(mode("new"), 0660U);
}

TEST_F(TurnFileIntoTest, ReplacesWhatHasTheName) {
  write("old", "old");
  write("new", "before");
  EXPECT_TRUE(turn_file_into(at("old"), at("new"), "after"));
  EXPECT_EQ(text("new"), "after");
  EXPECT_EQ(names(), Names{"new"});
}

TEST_F(TurnFileIntoTest, MayKeepTheName) {
  write("a", "before");
  EXPECT_TRUE(turn_file_into(at("a"), at("a"), "after"));
  EXPECT_EQ(text("a"), "after");
  EXPECT_EQ(names(), Names{"a"});
}

TEST_F(TurnFileIntoTest, DoesNothingWithoutAFile) {
  EXPECT_FALSE(turn_file_into(at("missing"), at("new"), "x"));
  EXPECT_FALSE(turn_file_into(at("missing/old"), at("new"), "x"));
  EXPECT_EQ(names(), Names());
  write("new", "before");
  EXPECT_FALSE(turn_file_into(at("missing"), at("new"), "x"));
  EXPECT_EQ(text("new"), "before");
}

TEST_F(TurnFileIntoTest, DoesNothingWithALink) {
  write("target", "before");
  fs::create_symlink("target", at("link"));
  fs::create_symlink("nowhere", at("dangling"));
  EXPECT_FALSE(turn_file_into(at("link"), at("new"), "x"));
  EXPECT_FALSE(turn_file_into(at("dangling"), at("new"), "x"));
  EXPECT_EQ(text("target"), "before");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(names(), (Names{"dangling", "link", "target"}));
}

TEST_F(TurnFileIntoTest, DoesNothingWithAFolder) {
  fs::create_directory(at("folder"));
  EXPECT_FALSE(turn_file_into(at("folder"), at("new"), "x"));
  EXPECT_EQ(names(), Names{"folder"});
}

TEST_F(TurnFileIntoTest, DoesNothingWithAFifo) {
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  // With a reader, so that nothing waits for one.
  const int reader = ::open(at("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  EXPECT_FALSE(turn_file_into(at("fifo"), at("new"), "x"));
  ::close(reader);
  EXPECT_EQ(names(), Names{"fifo"});
}

TEST_F(TurnFileIntoTest, SaysWhyItCannotBeRenamed) {
  write("old", "old");
  fs::create_directory(at("folder"));
  try {
    turn_file_into(at("old"), at("folder"), "x");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::delivery);
    EXPECT_EQ(std::string(error.what()), "cannot rename to " + at("folder") + ": Is a directory");
  }
  EXPECT_EQ(list_folder(at("folder")), Names());
}

}  // namespace
}  // namespace trunkgate
