// autosquash-commit: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class AutosquashCommit : public CommitRuleTest {
 protected:
  AutosquashCommit() : CommitRuleTest("autosquash-commit") {}
};

TEST_F(AutosquashCommit, AcceptsOtherTitles) {
  expect("feat: x\n", {});
  expect("fixup!x\n", {});
  expect("fixup!: x\n", {});
  expect("Fixup! x\n", {});
  expect("feat: x\n\nfixup! y\n", {});
  expect("WIP\n", {});
}

TEST_F(AutosquashCommit, GivesTheCommandThatSquashesIt) {
  judge("feat: x\n");
  for (const char* title : {"fixup! feat: base", "fixup! squash! feat: base"}) {
    expect(title, {{.message = "the fixup! commit is not squashed yet",
                    .commands = {"git rebase -i --autosquash --root"},
                    .title_column = 1,
                    .title_length = 6,
                    .line = 1}});
  }
  expect("squash! " + parents_[0].hex() + "\n",
         {{.message = "the squash! commit is not squashed yet",
           .commands = {"git rebase -i --autosquash --root"},
           .title_column = 1,
           .title_length = 7,
           .line = 1}});
}

TEST_F(AutosquashCommit, GivesAHintWhenItsCommitIsNotFound) {
  for (const char* title : {"amend! feat: other", "amend!"}) {
    expect(title, {{.message = "the amend! commit is not squashed yet",
                    .hint = "squash it with git rebase -i --autosquash before you push",
                    .title_column = 1,
                    .title_length = 6,
                    .line = 1}});
  }
}

TEST_F(AutosquashCommit, RefusesWorkInProgressWhenAsked) {
  with("{wip: true}");
  expect("[WIP] feat: x\n", {{.message = "the commit says that it is work in progress",
                              .hint = "finish it, or push it to a branch where this is allowed",
                              .title_column = 1,
                              .title_length = 5,
                              .line = 1,
                              .reword = true}});
  EXPECT_EQ(judge("wip\n").size(), 1U);
  EXPECT_EQ(judge("Wip: x\n").size(), 1U);
  expect("wipe\n", {});
  expect("feat: wip\n", {});
}

}  // namespace
}  // namespace trunkgate
