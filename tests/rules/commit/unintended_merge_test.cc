// unintended-merge: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class UnintendedMerge : public CommitRuleTest {
 protected:
  UnintendedMerge() : CommitRuleTest("unintended-merge") {}

  std::size_t count(const std::string& merge) { return judge("parents: 2\n\n" + merge).size(); }
};

TEST_F(UnintendedMerge, LooksAtMergesOnly) {
  expect("Merge branch 'main' of url\n\nConflicts:\n\ta\n", {});
}

TEST_F(UnintendedMerge, RefusesAPullOfTheSameBranch) {
  judge("parents: 2\n\nx\n");
  expect("parents: 2\n\nMerge branch 'a/b' of url into a/b\n",
         {{.message = "the merge joins 'a/b' with itself, as git pull does",
           .hint = "git config pull.rebase true avoids it from now on",
           .commands = {"git rebase " + parents_[1].brief()},
           .title_column = 1,
           .title_length = 34,
           .line = 1}});
}

TEST_F(UnintendedMerge, KnowsTheTitlesOfGit) {
  EXPECT_EQ(count("Merge branch 'main' of url\n"), 1U);
  EXPECT_EQ(count("Merge branch 'master' of url into master\n"), 1U);
  EXPECT_EQ(count("Merge remote-tracking branch 'origin/a/b' into a/b\n"), 1U);
  EXPECT_EQ(count("Merge remote-tracking branch 'refs/remotes/x' into 'x'\n"), 0U);
  // The branch that is pushed is feature/login.
  EXPECT_EQ(count("Merge branch 'feature/login' of url\n"), 1U);
  EXPECT_EQ(count("Merge branch 'feature/other' of url\n"), 0U);
  EXPECT_EQ(count("Merge branch 'main' of url into x\n"), 0U);
  EXPECT_EQ(count("Merge branch 'main'\n"), 0U);
  EXPECT_EQ(count("Merge branch 'main into main\n"), 0U);
  EXPECT_EQ(count("Merge remote-tracking branch 'x' into x\n"), 0U);
  EXPECT_EQ(count("Merge\n"), 0U);
  EXPECT_EQ(count("\n"), 0U);
}

TEST_F(UnintendedMerge, CanRefuseEveryTitleOfAPull) {
  with("{default-message: true, same-branch: false}");
  expect("parents: 2\n\nMerge branch 'main' of url into x\n",
         {{.message = "the merge has the title that git pull writes",
           .hint = "say why the branches were merged, or rebase instead",
           .title_column = 1,
           .title_length = 33,
           .line = 1,
           .reword = true}});
  EXPECT_EQ(count("Merge branch 'main'\n"), 0U);
}

TEST_F(UnintendedMerge, FindsAListOfConflicts) {
  expect("parents: 2\n\n\nMerge branch 'x'\n\nConflicts:\n\tmain.cc\n",
         {{.message = "the message still has Git's list of conflicts",
           .details = {"line 4"},
           .hint = "take the list out; say how the conflicts were resolved if that matters",
           .line = 4,
           .reword = true,
           .keeps_body = true}});
  EXPECT_EQ(count("Merge branch 'x'\n\n# Conflicts:\n#\tmain.cc\n"), 1U);
  EXPECT_EQ(count("Merge branch 'x'\n\nConflicts:\nnone\n"), 0U);
  EXPECT_EQ(count("Merge branch 'x'\n\nConflicts:\n"), 0U);
  with("{conflicts: false}");
  EXPECT_EQ(count("Merge branch 'x'\n\n# Conflicts:\n#\tmain.cc\n"), 0U);
}

}  // namespace
}  // namespace trunkgate
