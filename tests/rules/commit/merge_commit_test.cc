// merge-commit: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class MergeCommit : public CommitRuleTest {
 protected:
  MergeCommit() : CommitRuleTest("merge-commit") {}
};

TEST_F(MergeCommit, AcceptsCommitsWithOneParentOrNone) {
  expect("Merge branch 'x'\n", {});
  expect("parents: 0\n\nfeat: x\n", {});
}

TEST_F(MergeCommit, RefusesAMergeByItsShape) {
  judge("parents: 2\n\nfeat: x\n");
  expect("parents: 2\n\nfeat: x\n", {{.message = "merge commits are not allowed here",
                                      .hint = "a rebase gives the same changes without the merge",
                                      .commands = {"git rebase " + parents_[0].brief()}}});
}

TEST_F(MergeCommit, CanRefuseOnlyMergesOfSeveralBranches) {
  with("{max-parents: 2}");
  expect("parents: 2\n\nMerge branch 'x'\n", {});
  expect("parents: 3\n\nMerge branches 'x' and 'y'\n",
         {{.message = "a merge of 3 parents is not allowed; 2 are at most",
           .hint = "merge the branches one after the other"}});
}

TEST_F(MergeCommit, NeedsALimitThatCommitsCanMeet) {
  EXPECT_NE(mistakes("{max-parents: 0}").find("'max-parents' must be 1 or more"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
