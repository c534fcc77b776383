// What is to happen to a branch next, at every limit.
#include "events/sweep/sweep_plan.h"

#include <gtest/gtest.h>

namespace trunkgate {
namespace {

constexpr std::int64_t kHours = 3600;
constexpr std::int64_t kDays = 24 * kHours;
constexpr std::int64_t kStart = 1'767'225'600;  // when the branch was committed and pushed

using Kind = SweepStep::Kind;

ObjectId tip(char digit) { return *ObjectId::parse(std::string(40, digit)); }

class NextStep : public ::testing::Test {
 protected:
  // Ten days, the last two of them with a notice.
  static SweepEntry entry(const char* refs = "exp/**") {
    SweepEntry made;
    made.refs = RefPatterns(GlobSet({Glob(refs)}));
    made.after = 10 * kDays;
    made.notice = 2 * kDays;
    return made;
  }

  // "notice 8", "waiting 10": what is to be done, and after how many days it goes. "" for nothing.
  std::string at(std::int64_t seconds) const {
    const auto step =
        next_step(entries_, branch_, notice_ ? &*notice_ : nullptr, merged_, kStart + seconds);
    if (!step) return {};
    const char* word = step->kind == Kind::notice ? "notice" : "waiting";
    if (step->kind == Kind::archive) word = "archive";
    const std::int64_t after = step->archive_after - kStart;
    return std::string(word) + " " + std::to_string(after / kDays) +
           (after % kDays == 0 ? "" : "+" + std::to_string(after % kDays));
  }

  std::vector<SweepEntry> entries_{entry()};
  SweptBranch branch_{
      .ref = "refs/heads/exp/a", .tip = tip('a'), .last_commit = kStart, .moved = kStart};
  std::optional<GivenNotice> notice_;
  std::optional<std::int64_t> merge_;
  MergedSince merged_ = [this](const SweepEntry&, const SweptBranch&) { return merge_; };
};

TEST_F(NextStep, IsANoticeSoLongBeforeTheEnd) {
  EXPECT_EQ(at(8 * kDays - 1), "");
  EXPECT_EQ(at(8 * kDays), "notice 10");
}

TEST_F(NextStep, GivesTimeToWhoeverIsToldLate) {
  EXPECT_EQ(at(30 * kDays), "notice 32");
  entries_[0].notice = 0;
  EXPECT_EQ(at(30 * kDays), "notice 30");
}

TEST_F(NextStep, IsTheArchiveOnceTheTimeIsOver) {
  notice_ = {.tip = tip('a'), .given = kStart + 8 * kDays, .archive_after = kStart + 10 * kDays};
  EXPECT_EQ(at(10 * kDays - 1), "waiting 10");
  EXPECT_EQ(at(10 * kDays), "archive 10");
}

TEST_F(NextStep, IsNeverTheArchiveBeforeWhatTheNoticeSaid) {
  notice_ = {.tip = tip('a'), .given = kStart + 8 * kDays, .archive_after = kStart + 20 * kDays};
  EXPECT_EQ(at(20 * kDays - 1), "waiting 20");
  EXPECT_EQ(at(20 * kDays), "archive 20");
}

TEST_F(NextStep, WaitsForAPolicyThatGivesMoreTimeByNow) {
  notice_ = {.tip = tip('a'), .given = kStart + 8 * kDays, .archive_after = kStart + 10 * kDays};
  entries_[0].notice = 3 * kDays;
  EXPECT_EQ(at(11 * kDays - 1), "waiting 11");
  entries_[0].after = 40 * kDays;
  EXPECT_EQ(at(12 * kDays), "waiting 40");
}

TEST_F(NextStep, BeginsAnewWhenTheBranchHasMoved) {
  notice_ = {.tip = tip('a'), .given = kStart + 8 * kDays, .archive_after = kStart + 10 * kDays};
  branch_.tip = tip('b');
  EXPECT_EQ(at(10 * kDays), "notice 12");
  branch_.last_commit = branch_.moved = kStart + 9 * kDays;
  EXPECT_EQ(at(17 * kDays), "notice 19");
  // Away and back to the same tip.
  branch_.tip = tip('a');
  EXPECT_EQ(at(17 * kDays - 1), "");
  EXPECT_EQ(at(17 * kDays), "notice 19");
  branch_.moved = kStart + 8 * kDays;
  branch_.last_commit = kStart;
  EXPECT_EQ(at(10 * kDays), "waiting 18");
}

TEST_F(NextStep, CountsFromTheLaterOfCommitAndMove) {
  branch_.moved = kStart + 5 * kDays;
  EXPECT_EQ(at(13 * kDays - 1), "");
  EXPECT_EQ(at(13 * kDays), "notice 15");
  branch_.moved = 0;  // nobody knows
  EXPECT_EQ(at(8 * kDays), "notice 10");
}

TEST_F(NextStep, BelievesNoCommitFromTheFuture) {
  branch_.last_commit = kStart + 900 * kDays;
  EXPECT_EQ(at(8 * kDays), "notice 10");
  branch_.moved = 0;
  EXPECT_EQ(at(800 * kDays), "");
}

TEST_F(NextStep, IsNothingForOtherBranches) {
  branch_.ref = "refs/heads/feature/a";
  EXPECT_EQ(at(90 * kDays), "");
  branch_.ref = "refs/heads/exp/keep/a";
  EXPECT_EQ(at(8 * kDays), "notice 10");
  entries_[0].except = RefPatterns(GlobSet({Glob("exp/keep/**")}));
  EXPECT_EQ(at(90 * kDays), "");
}

TEST_F(NextStep, WantsTheMergeWhereTheEntryDoes) {
  entries_[0].merged_into = RefPatterns(GlobSet({Glob("main")}));
  EXPECT_EQ(at(90 * kDays), "");
  merge_ = 0;  // long ago
  EXPECT_EQ(at(8 * kDays), "notice 10");
  merge_ = kStart + 3 * kDays;
  EXPECT_EQ(at(11 * kDays - 1), "");
  EXPECT_EQ(at(11 * kDays), "notice 13");
}

TEST_F(NextStep, IsThatOfTheEntryThatIsOverFirst) {
  entries_.push_back(entry());
  entries_[1].after = 5 * kDays;
  EXPECT_EQ(at(3 * kDays), "notice 5");
  entries_[1].merged_into = RefPatterns(GlobSet({Glob("main")}));
  EXPECT_EQ(at(3 * kDays), "");
  EXPECT_EQ(at(8 * kDays), "notice 10");
  entries_.push_back(entry());  // the first of two that say the same
  EXPECT_EQ(next_step(entries_, branch_, nullptr, merged_, kStart + 8 * kDays)->entry,
            &entries_[0]);
}

}  // namespace
}  // namespace trunkgate
