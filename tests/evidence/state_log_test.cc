#include "evidence/state_log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "base/scratch_folder.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::vector<std::string>>;
const ObjectId kOne = *ObjectId::parse("aa00000000000000000000000000000000000001");
const ObjectId kTwo = *ObjectId::parse("aa00000000000000000000000000000000000002");

class StateLog : public testing::Test {
 protected:
  Lines read(const ObjectId& commit) const {
    return read_lines(folder_.path(), "log", commit, commit.hex() + " ", 3);
  }
  ScratchFolder folder_{testing::TempDir(), "state_log"};
};

TEST_F(StateLog, GivesBackTheLinesOfACommitInTheirOrder) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada refs/heads/a b"}}, {});
  append_lines(folder_.path(),
               {{"log", kTwo, kTwo.hex() + " bo x"}, {"log", kOne, kOne.hex() + " cy y"}}, {});
  EXPECT_EQ(read(kOne), (Lines{{kOne.hex(), "ada", "refs/heads/a b"}, {kOne.hex(), "cy", "y"}}));
  EXPECT_EQ(read(kTwo), (Lines{{kTwo.hex(), "bo", "x"}}));
}

TEST_F(StateLog, IsEmptyWhereNothingIsKept) {
  EXPECT_EQ(read(kOne), Lines{});
  append_lines("", {{"log", kOne, "x"}}, {});
  EXPECT_EQ(read_lines("", "log", kOne, "", 1), Lines{});
}

// Of every commit: what was lost behind the cut may have been about any.
TEST_F(StateLog, IsNotBelievedOnceItWasCutShort) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada x"}}, {});
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " bo y"}}, {});
  const std::string path = folder_.path() + "/log/aa";
  const std::string whole = read_file(path, 1000).text;
  const std::size_t between = whole.size() / 2 + 1;  // the first line is one byte longer
  ASSERT_EQ(whole.substr(between, 2), "\n" + kOne.hex().substr(0, 1));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == between) continue;  // nothing shows
    std::ofstream(path) << whole.substr(0, size);
    EXPECT_THROW(read(kTwo), Error) << size;
    if (size == 0) continue;  // with the next record it is a file like any other
    append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " cy z"}}, {});
    EXPECT_THROW(read(kTwo), Error) << size << ", written on";
  }
  std::ofstream(path) << whole;
  EXPECT_EQ(read(kOne), (Lines{{kOne.hex(), "ada", "x"}, {kOne.hex(), "bo", "y"}}));
}

TEST_F(StateLog, SaysWhichLineWasCutShort) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada x"}}, {});
  std::ofstream(folder_.path() + "/log/aa", std::ios::app) << "\n" << kOne.hex() << " bo";
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " cy z"}}, {});
  try {
    read(kOne);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              folder_.path() + "/log/aa was cut short: line 4 has lost its end");
    EXPECT_EQ(error.hint(),
              "an admin can restore the file; or remove that line, when nothing else is missing");
  }
  // As the hint says.
  std::ofstream(folder_.path() + "/log/aa") << "\n"
                                            << kOne.hex() << " ada x\n\n"
                                            << kOne.hex() << " cy z\n";
  EXPECT_EQ(read(kOne), (Lines{{kOne.hex(), "ada", "x"}, {kOne.hex(), "cy", "z"}}));
}

TEST_F(StateLog, TakesBackWhatDidNotFit) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada x"}}, {});
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 80;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " bo y"}}, {}), Error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(read(kOne), (Lines{{kOne.hex(), "ada", "x"}}));
}

TEST_F(StateLog, DoesNotTakeAFileItCannotReadForAnEmptyOne) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada x"}}, {});
  ::remove((folder_.path() + "/log/aa").c_str());
  ASSERT_EQ(::mkfifo((folder_.path() + "/log/aa").c_str(), 0600), 0);
  EXPECT_THROW(read(kOne), Error);
}

}  // namespace
}  // namespace trunkgate
