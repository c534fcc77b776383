// missing-trailer: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class MissingTrailer : public CommitRuleTest {
 protected:
  MissingTrailer() : CommitRuleTest("missing-trailer") {}
};

TEST_F(MissingTrailer, AcceptsWhatIsRequired) {
  with("{require: [Reviewed-by, Ticket]}");
  expect("feat: x\n\nbody\n\nreviewed-by: Bo\nTicket: 1\n", {});
}

TEST_F(MissingTrailer, WantsTheTrailerAdded) {
  with("{require: [Reviewed-by]}");
  expect("feat: x\n", {{.message = "the trailer 'Reviewed-by' is missing",
                        .amendment = {.wanted = true, .trailers = {"Reviewed-by: VALUE"}}}});
}

TEST_F(MissingTrailer, ExplainsALineThatIsNoTrailer) {
  with("{require: [Reviewed-by]}");
  expect("feat: x\n\nReviewed-by: Bo\n\nThe end.\n",
         {{.message = "the trailer 'Reviewed-by' is missing",
           .details = {"a line with that name is there, but not among trailers: they "
                       "are the last paragraph, and it holds nothing else"},
           .hint = "write 'Reviewed-by: VALUE' in the last paragraph",
           .reword = true,
           .keeps_body = true}});
}

TEST_F(MissingTrailer, KnowsGerritsHook) {
  with("{require: Change-Id}");
  const Findings findings = judge("feat: x\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].hint, "Gerrit's commit-msg hook adds it; then amend the commit");
}

TEST_F(MissingTrailer, RefusesWhatIsForbidden) {
  with("{forbid: [Change-Id]}");
  expect("feat: x\n", {});
  expect("feat: x\n\nchange-id: I1\n",
         {{.message = "the trailer 'Change-Id' is not allowed",
           .hint = "take the line 'Change-Id: ...' out of the message",
           .reword = true,
           .keeps_body = true}});
}

TEST_F(MissingTrailer, RefusesAValueThatDoesNotMatchAsAWhole) {
  with("{match: ['Change-Id: I[0-9a-f]{4}', 'Ticket: .*']}");
  expect("feat: x\n\nChange-Id: I01ef\n", {});
  expect("feat: x\n\nChange-Id: I01ef\nChange-Id: I01ef\x1b\n",
         {{.message = "the value of the trailer 'Change-Id' does not match; it is 'I01ef\\x1b'",
           .details = {"must match: I[0-9a-f]{4}"},
           .reword = true,
           .keeps_body = true}});
}

TEST_F(MissingTrailer, NeedsNamesAndPatternsThatCanBeRead) {
  EXPECT_NE(mistakes("{}").find("the rule needs trailers"), std::string::npos);
  EXPECT_NE(mistakes("{require: 'Reviewed by'}").find("'Reviewed by' is no trailer's name"),
            std::string::npos);
  EXPECT_NE(mistakes("{match: Ticket}").find("as 'Token: pattern'"), std::string::npos);
  EXPECT_NE(mistakes("{match: 'Ticket: ('}").find("bad pattern: a '(' is never closed"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
