// unsynced-branch: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class UnsyncedBranch : public RuleTest {
 protected:
  UnsyncedBranch() : RuleTest("unsynced-branch") {
    server_.set_ref("refs/heads/main", third_);
    time_ = server_.open()->links(third_).time;
    now_ = time_;
  }
  static std::string repair() {
    return "? take it in, then push again; git rebase does as well as git merge\n"
           "$ git fetch origin\n$ git merge origin/main\n";
  }
  std::string push(const ObjectId& on) {
    return judge("refs/heads/feature/x", {}, server_.commit("feat: work", {on}));
  }
  // One minute lies between two commits.
  ObjectId first_ = server_.commit("feat: first", {});
  ObjectId second_ = server_.commit("feat: second", {first_});
  ObjectId third_ = server_.commit("feat: third", {second_});
  std::int64_t time_ = 0;
};

TEST_F(UnsyncedBranch, MustHoldWhatTheBaseWasAtThatTime) {
  with("{max-age: 1h}");
  now_ = time_ + 3600 - 1;  // main was at `second` an hour ago
  EXPECT_EQ(push(third_), kFine);
  EXPECT_EQ(push(second_), kFine);
  EXPECT_EQ(push(first_),
            "refused: 'feature/x' lacks commits of 'main' that are older than 1 h\n"
            "  the newest of them: " +
                second_.brief() + "\n" + repair());
  now_ = time_ + 3600;
  EXPECT_EQ(push(second_),
            "refused: 'feature/x' lacks commits of 'main' that are older than 1 h\n"
            "  the newest of them: " +
                third_.brief() + "\n" + repair());
  EXPECT_EQ(push(third_), kFine);
}

TEST_F(UnsyncedBranch, TakesAMergeOfTheBase) {
  with("{max-age: 2d}");
  now_ = time_ + 3 * 86'400;
  const ObjectId work = server_.commit("feat: work", {first_});
  EXPECT_EQ(judge("refs/heads/x", {}, work).substr(0, 69),
            "refused: 'x' lacks commits of 'main' that are older than 2 days\n  the");
  EXPECT_EQ(judge("refs/heads/x", work, server_.commit("Merge", {work, third_})), kFine);
}

TEST_F(UnsyncedBranch, FollowsTheFirstParentsOfTheBase) {
  // A branch that landed late has old commits; main itself did not have them then.
  const ObjectId landed = server_.commit("Merge", {third_, server_.commit("feat: old", {first_})});
  server_.set_ref("refs/heads/main", landed);
  with("{max-age: 1h}");
  now_ = server_.open()->links(landed).time + 3600 - 1;
  EXPECT_EQ(push(third_), kFine);
  now_ += 1;
  EXPECT_NE(push(third_), kFine);
}

TEST_F(UnsyncedBranch, CountsTheCommitsItLacks) {
  with("{max-age: 1w, behind: 1}");
  EXPECT_EQ(push(third_), kFine);
  EXPECT_EQ(push(second_), kFine);
  EXPECT_EQ(push(first_), "refused: 'feature/x' lacks more than 1 commit of 'main'\n" + repair());
}

TEST_F(UnsyncedBranch, IsNotAboutAYoungBaseTheBaseItselfDeletionAndTags) {
  with("{max-age: 1h}");
  EXPECT_EQ(push(first_), kFine);
  now_ = time_ + 86'400;
  EXPECT_EQ(judge("refs/heads/main", third_, first_), kFine);
  EXPECT_EQ(judge("refs/heads/x", first_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/x", {}, first_), kFine);
  with("{base: none, max-age: 1h}");
  EXPECT_EQ(push(first_), kFine);
}

TEST_F(UnsyncedBranch, QuotesTheBase) {
  server_.set_ref("refs/heads/it's", third_);
  with("{base: \"it's\", max-age: 0s}");
  EXPECT_EQ(push(first_),
            "refused: 'feature/x' lacks commits of 'it's' that are older than 0 h\n"
            "  the newest of them: " +
                third_.brief() +
                "\n"
                "? take it in, then push again; git rebase does as well as git merge\n"
                "$ git fetch origin\n$ git merge 'origin/it'\\''s'\n");
}

}  // namespace
}  // namespace trunkgate
