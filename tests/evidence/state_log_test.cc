#include "evidence/state_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/error.h"
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

TEST_F(StateLog, LosesNoLineBehindOneThatACrashHasCutShort) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada x"}}, {});
  std::ofstream(folder_.path() + "/log/aa", std::ios::app) << "\n" << kOne.hex() << " bo";
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " cy z"}}, {});
  EXPECT_EQ(read(kOne), (Lines{{kOne.hex(), "ada", "x"}, {kOne.hex(), "cy", "z"}}));
}

TEST_F(StateLog, DoesNotTakeAFileItCannotReadForAnEmptyOne) {
  append_lines(folder_.path(), {{"log", kOne, kOne.hex() + " ada x"}}, {});
  ::remove((folder_.path() + "/log/aa").c_str());
  ASSERT_EQ(::mkfifo((folder_.path() + "/log/aa").c_str(), 0600), 0);
  EXPECT_THROW(read(kOne), Error);
}

}  // namespace
}  // namespace trunkgate
