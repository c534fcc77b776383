// misdated-commit: whole findings. The push of an example is at 2023-11-16 02:00:00 UTC, its
// parents are a day older.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kHint = "check the clock of your machine first";

class MisdatedCommit : public CommitRuleTest {
 protected:
  MisdatedCommit() : CommitRuleTest("misdated-commit") {}
};

TEST_F(MisdatedCommit, AcceptsDatesUpToTheSlack) {
  expect("authored: +5m\ncommitted: +5m\n\nfeat: x\n", {});
  expect("authored: +4m\ncommitted: -1m\n\nfeat: x\n", {});
  expect("authored: -86700s\ncommitted: -86700s\n\nfeat: x\n", {});
  expect("authored: -3000d\n\nfeat: x\n", {});
}

TEST_F(MisdatedCommit, RefusesTheFuture) {
  expect(
      "authored: +301s\ncommitted: +301s\n\nfeat: x\n",
      {{.message = "the author date is 5 minutes in the future",
        .details = {"author date: 2023-11-16 02:05:01 UTC, the push: 2023-11-16 02:00:00 UTC"},
        .hint = kHint,
        .amendment = {.wanted = true, .reset_date = true}},
       {.message = "the committer date is 5 minutes in the future",
        .details = {"committer date: 2023-11-16 02:05:01 UTC, the push: 2023-11-16 02:00:00 UTC"},
        .hint = kHint,
        .amendment = {.wanted = true}}});
}

TEST_F(MisdatedCommit, RefusesACommitBeforeItsParent) {
  judge("feat: x\n");  // makes the parents
  expect("authored: -10d\ncommitted: -86701s\n\nfeat: x\n",
         {{.message = "it is 5 minutes older than its parent " + parents_[0].brief(),
           .details = {"committer date: 2023-11-15 01:54:59 UTC, the parent's: "
                       "2023-11-15 02:00:00 UTC"},
           .hint = kHint,
           .amendment = {.wanted = true}}});
}

TEST_F(MisdatedCommit, RefusesACommitThatWasWrittenAfterItWasMade) {
  expect("authored: -1h\ncommitted: -2h\n\nfeat: x\n",
         {{.message = "it was written 60 minutes after it was committed",
           .details = {"author date: 2023-11-16 01:00:00 UTC, committer date: "
                       "2023-11-16 00:00:00 UTC"},
           .hint = kHint,
           .amendment = {.wanted = true, .reset_date = true}}});
}

TEST_F(MisdatedCommit, RefusesThePastWhenAsked) {
  with("{past: 1d, order: false}");
  expect("authored: -86400s\ncommitted: -86400s\n\nfeat: x\n", {});
  expect("authored: -86401s\n\nfeat: x\n",
         {{.message = "the author date is 24 hours ago",
           .details = {"author date: 2023-11-15 01:59:59 UTC, the push: 2023-11-16 02:00:00 UTC"},
           .hint = kHint,
           .amendment = {.wanted = true, .reset_date = true}}});
}

TEST_F(MisdatedCommit, LooksAtOneDateWhenAsked) {
  with("{of: author}");
  expect("committed: +1d\n\nfeat: x\n", {});
  EXPECT_EQ(judge("authored: +1d\n\nfeat: x\n").size(), 2U);
  with("{of: committer}");
  expect("authored: +1d\n\nfeat: x\n", {});
  EXPECT_EQ(judge("committed: +1d\n\nfeat: x\n").size(), 1U);
}

TEST_F(MisdatedCommit, SurvivesEveryNumber) {
  with("{past: 520w}");
  for (const char* time : {"9223372036854775807", "0", "4102444800", "99999999999999"}) {
    EXPECT_FALSE(
        judge("authored: " + std::string(time) + "\ncommitted: " + time + "\n\nx\n").empty())
        << time;
  }
  const Findings findings =
      judge("authored: 9223372036854775807\ncommitted: 9223372036854775807\n\nx\n");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].details[0],
            "author date: 1152921504606846976 s since 1970, the push: 2023-11-16 02:00:00 UTC");
}

TEST_F(MisdatedCommit, KnowsTheWordsOfItsOptions) {
  EXPECT_NE(mistakes("{of: autor}").find("author"), std::string::npos);
  EXPECT_NE(mistakes("{future: 5}"), "");
}

}  // namespace
}  // namespace trunkgate
