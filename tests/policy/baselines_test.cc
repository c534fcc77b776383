// What was there before the gate, or before a rule.
#include "policy/baselines.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Numbers = std::map<std::string, std::size_t>;

class BaselinesTest : public testing::Test {
 protected:
  BaselinesTest()
      : one_(temporary_.commit("feat: one", {})), two_(temporary_.commit("feat: two", {one_})) {}

  std::string folder() const { return temporary_.path() + "/trunkgate/state/baselines"; }
  Baselines baselines() const { return Baselines(folder(), {}); }
  Numbers numbers(const std::vector<std::string>& keys) const {
    return baselines().numbers(*temporary_.open(), keys);
  }
  std::set<ObjectId> tips(std::size_t number) const {
    const std::vector<ObjectId> ids = baselines().tips(*temporary_.open(), number);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    return {ids.begin(), ids.end()};
  }

  TemporaryRepository temporary_;
  ObjectId one_;
  ObjectId two_;
};

TEST_F(BaselinesTest, RecordsTheTipsOnceForAllNewRules) {
  temporary_.set_ref("refs/heads/main", one_);
  EXPECT_FALSE(baselines().recorded());
  EXPECT_EQ(numbers({"aa", "bb"}), (Numbers{{"aa", 0}, {"bb", 0}}));
  EXPECT_TRUE(baselines().recorded());
  temporary_.set_ref("refs/heads/main", two_);
  EXPECT_EQ(numbers({"aa", "bb"}), (Numbers{{"aa", 0}, {"bb", 0}}));
  EXPECT_EQ(tips(0), std::set<ObjectId>{one_});
}

TEST_F(BaselinesTest, GivesALaterRuleOneOfItsOwn) {
  temporary_.set_ref("refs/heads/main", one_);
  numbers({"aa"});
  temporary_.set_ref("refs/heads/main", two_);
  EXPECT_EQ(numbers({"aa", "bb", "cc"}), (Numbers{{"aa", 0}, {"bb", 1}, {"cc", 1}}));
  EXPECT_EQ(numbers({"dd"}), (Numbers{{"aa", 0}, {"bb", 1}, {"cc", 1}, {"dd", 2}}));
  EXPECT_EQ(tips(0), std::set<ObjectId>{one_});
  EXPECT_EQ(tips(1), std::set<ObjectId>{two_});
}

TEST_F(BaselinesTest, KeepsTheBaselineOfARuleThatWasGoneForAWhile) {
  numbers({"aa", "bb"});
  numbers({"aa"});
  EXPECT_EQ(numbers({"bb"}).at("bb"), 0U);
}

TEST_F(BaselinesTest, RecordsTheInstallationEvenWithoutRules) {
  temporary_.set_ref("refs/heads/main", one_);
  EXPECT_EQ(numbers({}), Numbers());
  EXPECT_TRUE(baselines().recorded());
  EXPECT_EQ(tips(0), std::set<ObjectId>{one_});
  temporary_.set_ref("refs/heads/main", two_);
  EXPECT_EQ(numbers({"aa"}), (Numbers{{"aa", 1}}));
}

TEST_F(BaselinesTest, HoldsTheCommitsOfAllRefsButItsOwnAndNothingElse) {
  const ObjectId three = temporary_.commit("feat: three", {two_});
  const ObjectId four = temporary_.commit("feat: four", {two_});
  temporary_.set_ref("refs/heads/main", one_);
  temporary_.set_ref("refs/wip/x", two_);
  temporary_.set_ref("refs/attest/x/check/y", four);
  temporary_.set_ref("refs/tags/tree", temporary_.tree({{"a", "1"}}));
  temporary_.git({"tag", "-a", "-m", "v1", "v1", three.hex()});
  temporary_.set_ref("refs/heads/same", one_);
  numbers({"aa"});
  EXPECT_EQ(tips(0), (std::set<ObjectId>{one_, two_, three}));
}

TEST_F(BaselinesTest, ReadsPackedTagsToo) {
  temporary_.git({"tag", "-a", "-m", "v1", "v1", two_.hex()});
  temporary_.git({"pack-refs", "--all", "--prune"});
  numbers({"aa"});
  EXPECT_EQ(tips(0), std::set<ObjectId>{two_});
}

TEST_F(BaselinesTest, LeavesOutCommitsThatWerePruned) {
  temporary_.set_ref("refs/heads/main", one_);
  temporary_.set_ref("refs/heads/gone", two_);
  numbers({"aa"});
  temporary_.git({"update-ref", "-d", "refs/heads/gone"});
  temporary_.git({"prune", "--expire=now"});
  EXPECT_EQ(tips(0), std::set<ObjectId>{one_});
}

TEST_F(BaselinesTest, IsEmptyForAnEmptyRepository) {
  EXPECT_EQ(numbers({"aa"}), (Numbers{{"aa", 0}}));
  EXPECT_EQ(tips(0), std::set<ObjectId>());
}

TEST_F(BaselinesTest, FailsWhenABaselineIsLost) {
  numbers({"aa"});
  EXPECT_THROW(tips(7), Error);
}

TEST_F(BaselinesTest, FailsWhenItsIndexCannotBeRead) {
  numbers({"aa"});
  std::filesystem::remove(folder() + "/index");
  std::filesystem::create_directory(folder() + "/index");
  EXPECT_THROW(numbers({"aa"}), Error);
}

TEST_F(BaselinesTest, KeepsItsFormatOnDisk) {
  temporary_.set_ref("refs/heads/main", one_);
  numbers({"aa", "bb"});
  temporary_.set_ref("refs/heads/main", two_);
  numbers({"cc"});
  EXPECT_EQ(read_file(folder() + "/index", 1000).text, "aa 0\nbb 0\ncc 1\n");
  EXPECT_EQ(read_file(folder() + "/0", 1000).text,
            std::string(ObjectId::kSize, '\0') +
                std::string(reinterpret_cast<const char*>(one_.bytes()), ObjectId::kSize));
}

TEST_F(BaselinesTest, AreRecordedAgainWhenAPowerCutLeftAnEmptyFile) {
  temporary_.set_ref("refs/heads/main", one_);
  numbers({"aa"});
  std::filesystem::resize_file(folder() + "/0", 0);
  EXPECT_FALSE(baselines().recorded());
  numbers({"aa"});
  EXPECT_EQ(tips(0), std::set<ObjectId>{one_});
}

TEST_F(BaselinesTest, OfAnEmptyRepositoryAreRecorded) {
  numbers({"aa"});
  EXPECT_TRUE(baselines().recorded());
  EXPECT_EQ(tips(0), std::set<ObjectId>{});
}

TEST_F(BaselinesTest, IsSharedAsTheRepositoryIs) {
  Baselines(folder(), {.extra = 0060}).numbers(*temporary_.open(), {"aa"});
  struct stat status {};
  ASSERT_EQ(::stat((folder() + "/index").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
  ASSERT_EQ(::stat((folder() + "/0").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

}  // namespace
}  // namespace trunkgate
