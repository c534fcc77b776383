// missing-signoff: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class MissingSignoff : public CommitRuleTest {
 protected:
  MissingSignoff() : CommitRuleTest("missing-signoff") {}
};

TEST_F(MissingSignoff, AcceptsTheAuthorsAddressWhateverItsCase) {
  expect("feat: x\n\nSigned-off-by: Ada <ada@example.com>\n", {});
  expect("feat: x\n\nbody\n\nSigned-off-by: Bo <bo@x>\nsigned-off-by: A L <ADA@Example.com>\n", {});
}

TEST_F(MissingSignoff, WantsTheCommitAmended) {
  expect("feat: x\n", {{.message = "the commit is not signed off by its author",
                        .details = {"wanted: Signed-off-by: Ada <ada@example.com>"},
                        .amendment = {.wanted = true, .sign_off = true}}});
}

TEST_F(MissingSignoff, ShowsWhoSignedInstead) {
  expect("feat: x\n\nSigned-off-by: B\x1b <bo@example.com>\nSigned-off-by: nobody\n",
         {{.message = "the commit is not signed off by its author",
           .details = {"wanted: Signed-off-by: Ada <ada@example.com>",
                       "found: Signed-off-by: B\\x1b <bo@example.com>",
                       "found: a Signed-off-by without an address"},
           .amendment = {.wanted = true, .sign_off = true}}});
}

TEST_F(MissingSignoff, SaysHowManyMoreHaveSigned) {
  const std::string four =
      "x\n\nSigned-off-by: B <b@x>\nSigned-off-by: C <c@x>\nSigned-off-by: D <d@x>\n";
  EXPECT_EQ(judge(four)[0].details,
            (Lines{"wanted: Signed-off-by: Ada <ada@example.com>", "found: Signed-off-by: B <b@x>",
                   "found: Signed-off-by: C <c@x>", "found: Signed-off-by: D <d@x>"}));
  EXPECT_EQ(judge(four + "Signed-off-by: E <e@x>\nSigned-off-by: F <f@x>\n")[0].details.back(),
            "and 2 more like these");
}

TEST_F(MissingSignoff, GivesNoCommandThatWouldSignForSomebodyElse) {
  expect("committer: Bo <bo@example.com>\n\nfeat: x\n",
         {{.message = "the commit is not signed off by its author",
           .details = {"wanted: Signed-off-by: Ada <ada@example.com>"},
           .hint = "only the author can sign a commit off: git commit --amend -s"}});
}

TEST_F(MissingSignoff, CanAskTheCommitterOrEither) {
  const std::string by_ada =
      "committer: Bo <bo@example.com>\n\nfeat: x\n\nSigned-off-by: Ada <ada@example.com>\n";
  with("{of: either}");
  expect(by_ada, {});
  expect("feat: x\n", {{.message = "the commit is not signed off by its author or committer",
                        .details = {"wanted: Signed-off-by: Ada <ada@example.com>"},
                        .amendment = {.wanted = true, .sign_off = true}}});
  with("{of: committer}");
  expect(by_ada, {{.message = "the commit is not signed off by its committer",
                   .details = {"wanted: Signed-off-by: Bo <bo@example.com>",
                               "found: Signed-off-by: Ada <ada@example.com>"},
                   .amendment = {.wanted = true, .sign_off = true}}});
}

TEST_F(MissingSignoff, ComparesNamesLooselyWhenAsked) {
  with("{names: true}");
  expect("author: Ada  Lovelace <a@b>\n\nx\n\nSigned-off-by: ada lovelace <a@b>\n", {});
  EXPECT_EQ(judge("author: Ada Lovelace <a@b>\n\nx\n\nSigned-off-by: Ada <a@b>\n").size(), 1U);
}

TEST_F(MissingSignoff, IsNotMetByAnEmptyAddress) {
  EXPECT_EQ(judge("author: Ada <>\n\nx\n\nSigned-off-by: Ada <>\n").size(), 1U);
}

TEST_F(MissingSignoff, KnowsTheWordsOfItsOptions) {
  EXPECT_NE(mistakes("{of: autor}").find("author"), std::string::npos);
}

}  // namespace
}  // namespace trunkgate
