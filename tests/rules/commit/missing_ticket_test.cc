// missing-ticket: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class MissingTicket : public CommitRuleTest {
 protected:
  MissingTicket() : CommitRuleTest("missing-ticket") {}
};

TEST_F(MissingTicket, AcceptsATicketInAnyPlace) {
  expect("feat: x ABC-1\n", {});
  expect("feat: x\n\nbecause of ABC-1\n", {});
  expect("feat: x\n\nTicket: ABC-1\n", {});
  expect("branch: feature/ABC-1\n\nfeat: x\n", {});
}

TEST_F(MissingTicket, TellsWhereItLooked) {
  expect("feat: x\n",
         {{.message = "no ticket in the branch name, trailer 'Ticket', title or body",
           .details = {"a ticket matches: [A-Z][A-Z0-9]+-[0-9]+"},
           .hint = "name the ticket in the title, for example 'feat: add login (ABC-123)'",
           .reword = true}});
}

TEST_F(MissingTicket, TakesNoStandardForATicket) {
  EXPECT_EQ(judge("feat: hash UTF-8 text with SHA-256\n").size(), 1U);
  expect("feat: hash UTF-8 text with SHA-256 (ABC-1)\n", {});
  with("{ignore: []}");
  expect("feat: write UTF-8\n", {});
}

TEST_F(MissingTicket, LooksOnlyWhereItMay) {
  with("{in: trailer, trailer: Refs}");
  expect("feat: x\n\nrefs: ABC-1\n", {});
  expect("branch: ABC-1\n\nfeat: x ABC-1\n\nABC-1\n",
         {{.message = "no ticket in the trailer 'Refs'",
           .details = {"a ticket matches: [A-Z][A-Z0-9]+-[0-9]+"},
           .hint = "write 'Refs: ABC-123' in the last paragraph of the message",
           .reword = true,
           .keeps_body = true}});
  with("{in: [branch]}");
  expect("feat: x ABC-1\n", {{.message = "no ticket in the branch name",
                              .details = {"a ticket matches: [A-Z][A-Z0-9]+-[0-9]+"},
                              .hint = "push a branch with the ticket in its name",
                              .reword = true}});
}

TEST_F(MissingTicket, MarksATicketOfAnotherProject) {
  with("{projects: [ABC, XY]}");
  expect("feat: x OLD-7 and XY-1\n", {});
  expect("feat: x OLD-7\n",
         {{.message = "'OLD-7' is no ticket of an accepted project",
           .details = {"accepted projects: ABC, XY"},
           .hint = "name the ticket in the title, for example 'feat: add login (ABC-123)'",
           .title_column = 9,
           .title_length = 5,
           .line = 1,
           .reword = true}});
}

TEST_F(MissingTicket, LetsBranchesSpeakOnlyWhenEachOneNamesATicket) {
  with("{}");
  const ObjectId base = temporary_.commit("feat: base", {});
  const ObjectId one = temporary_.commit("feat: one", {base});
  const ObjectId two = temporary_.commit("feat: two", {base});
  const auto repository = temporary_.open();
  const auto judged = [&](const std::vector<std::pair<std::string, ObjectId>>& refs) {
    Push push{*repository, {}, {}, {}, {}};
    for (const auto& [name, tip] : refs) {
      PushedRef ref;
      ref.name = name;
      ref.kind = kind_of(name);
      ref.new_id = ref.new_commit = tip;
      push.refs.push_back(ref);
    }
    Answer answer;
    rule().check_commit(push, repository->commit(one), answer);
    return answer.findings;
  };
  EXPECT_EQ(judged({{"refs/heads/ABC-1", one}, {"refs/heads/ABC-2", two}}), Findings());
  EXPECT_EQ(judged({{"refs/heads/ABC-1", one}, {"refs/tags/v1", one}}), Findings());
  // Deleted in the same push.
  EXPECT_EQ(judged({{"refs/heads/ABC-1", one}, {"refs/heads/x", ObjectId()}}), Findings());
  EXPECT_EQ(judged({{"refs/heads/ABC-1", one}, {"refs/tags/v1", two}}).size(), 1U);
  const Findings findings = judged({{"refs/heads/ABC-1", one}, {"refs/heads/x", two}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].hint, "push the branches one by one when their names have tickets");
}

TEST_F(MissingTicket, ShowsNoExampleThatItWouldRefuse) {
  const auto hint = [&](const std::string& options) {
    with(options);
    return judge("feat: x\n").at(0).hint;
  };
  EXPECT_EQ(hint("{pattern: '[0-9A-Z]{4}-[0-9]{3}'}"),
            "name the ticket in the title, for example 'feat: add login (ABCD-123)'");
  EXPECT_EQ(hint("{pattern: '#[0-9]+'}"),
            "name the ticket in the title, for example 'feat: add login (#123)'");
  EXPECT_EQ(hint("{projects: [WEB]}"),
            "name the ticket in the title, for example 'feat: add login (WEB-123)'");
  EXPECT_EQ(hint("{pattern: '[0-9]{4}', projects: [WEB]}"), "name the ticket in the title");
  EXPECT_EQ(hint("{pattern: '\\pL+_\\d'}"), "name the ticket in the title");
  EXPECT_EQ(hint("{pattern: '\\pL+_\\d', in: trailer}"),
            "write 'Ticket: TICKET' in the last paragraph of the message");
}

TEST_F(MissingTicket, KnowsTheWordsOfItsOptions) {
  EXPECT_NE(mistakes("{in: [titel]}").find("title"), std::string::npos);
  EXPECT_NE(mistakes("{trailer: 'a b'}").find("'a b' is no trailer's name"), std::string::npos);
  EXPECT_NE(mistakes("{pattern: '['}"), "");
}

}  // namespace
}  // namespace trunkgate
