// off-pattern-message: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class OffPatternMessage : public CommitRuleTest {
 protected:
  OffPatternMessage() : CommitRuleTest("off-pattern-message") {}
};

TEST_F(OffPatternMessage, AcceptsAMessageThatMatchesAll) {
  with("{all: ['^[A-Z]', 'login'], in: title}");
  expect("Add login\n", {});
}

TEST_F(OffPatternMessage, MarksATitleThatDoesNotMatch) {
  with("{all: ['^[A-Z]', 'login'], in: title, hint: start with a capital}");
  expect("add login\n", {{.message = "the title does not match '^[A-Z]'",
                          .hint = "start with a capital",
                          .title_column = 1,
                          .title_length = 9,
                          .line = 1,
                          .reword = true}});
}

TEST_F(OffPatternMessage, ReportsEveryPatternThatIsMissing) {
  with("{all: [one, two]}");
  expect("feat: x\n\nbody\n",
         {{.message = "the message does not match 'one'", .reword = true, .keeps_body = true},
          {.message = "the message does not match 'two'", .reword = true, .keeps_body = true}});
}

TEST_F(OffPatternMessage, WantsOneOfSeveral) {
  with("{any: ['^feat', '^fix']}");
  expect("fix: x\n", {});
  expect("add x\n", {{.message = "the message matches none of 2 patterns",
                      .details = {"one of: '^feat', '^fix'"},
                      .reword = true}});
}

TEST_F(OffPatternMessage, MarksWhatIsNotAllowedInTheTitle) {
  with("{none: '(?i)todo'}");
  expect("feat: \xc3\xa9 ToDo x\n", {{.message = "'ToDo' is not allowed here",
                                      .details = {"matches '(?i)todo'"},
                                      .title_column = 9,
                                      .title_length = 4,
                                      .line = 1,
                                      .reword = true}});
}

TEST_F(OffPatternMessage, FindsWhatIsNotAllowedInTheBody) {
  with("{none: todo, in: body}");
  expect("feat: todo\n", {});
  expect("feat: x\n\na todo\x1b[31m\n", {{.message = "'todo' is not allowed here",
                                          .details = {"matches 'todo'"},
                                          .reword = true,
                                          .keeps_body = true}});
}

TEST_F(OffPatternMessage, MatchesTheEndWithoutItsLineFeed) {
  with("{all: 'end$'}");
  expect("feat: x\n\nthe end\n\n", {});
  EXPECT_EQ(judge("feat: x\n\nthe end.\n").size(), 1U);
}

TEST_F(OffPatternMessage, JudgesMergesToo) {
  with("{none: Merge}");
  EXPECT_EQ(judge("parents: 2\n\nMerge branch 'x'\n").size(), 1U);
}

TEST_F(OffPatternMessage, JudgesAMessageThatIsDecoded) {
  with("{all: 'caf\xc3\xa9$'}");
  expect("encoding: ISO-8859-1\n\nfeat: caf\xe9\n", {});
}

TEST_F(OffPatternMessage, NeedsPatterns) {
  EXPECT_EQ(mistakes("{}"),
            "policy.yaml:6:28: error: the rule needs patterns: 'all', 'any' or 'none'\n"
            "    6 |       off-pattern-message: {}\n"
            "      |                            ^\n"
            "1 mistake\n");
  EXPECT_NE(mistakes("{all: x, in: titel}"), "");
  EXPECT_NE(mistakes("{all: '('}"), "");
}

}  // namespace
}  // namespace trunkgate
