// vague-message: whole findings, and many titles.
#include "rules/commit/vague_words.h"
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kHint =
    "say what changes and where, for example 'fix: close the file when a read fails'";

class VagueMessage : public CommitRuleTest {
 protected:
  VagueMessage() : CommitRuleTest("vague-message") {}
};

TEST_F(VagueMessage, MarksWhatStandsBehindTheType) {
  expect("fix(api)!: Minor  changes.\n\nbody\n", {{.message = "the title says only 'minor changes'",
                                                   .hint = kHint,
                                                   .title_column = 12,
                                                   .title_length = 15,
                                                   .line = 1,
                                                   .reword = true,
                                                   .keeps_body = true}});
}

TEST_F(VagueMessage, RefusesATypeAlone) {
  expect("fix:\n", {{.message = "the title has no word",
                     .hint = kHint,
                     .title_column = 1,
                     .title_length = 4,
                     .line = 1,
                     .reword = true}});
}

TEST_F(VagueMessage, RefusesAnEmptyMessage) {
  expect("\n", {{.message = "the commit has no message",
                 .hint = kHint,
                 .title_column = 1,
                 .title_length = 1,
                 .line = 1,
                 .reword = true}});
}

TEST_F(VagueMessage, CountsWordsAndCharactersUpToTheLimit) {
  with("{min-words: 2, min-length: 8}");
  expect("feat: add a form\n", {});
  expect("feat: add a fo\n", {});
  const Findings few = judge("feat: formulary\n");
  ASSERT_EQ(few.size(), 1U);
  EXPECT_EQ(few[0].message, "the title has 1 word; at least 2 are wanted");
  const Findings brief = judge("feat: add a f\n");
  ASSERT_EQ(brief.size(), 1U);
  EXPECT_EQ(brief[0].message, "the title has 7 characters; at least 8 are wanted");
}

TEST_F(VagueMessage, KnowsMoreWordsWhenTold) {
  with("{words: ['Sync with upstream!']}");
  const Findings findings = judge("chore: sync  with upstream\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message, "the title says only 'sync with upstream'");
  EXPECT_NE(mistakes("{words: ['...']}").find("has no letter"), std::string::npos);
}

TEST(Vagueness, IsFoundInTitlesThatSayNothing) {
  for (const char* title : {"update",
                            "Fix",
                            "WIP",
                            "changes",
                            "misc",
                            "test",
                            "temp",
                            "asdf",
                            "fix bug",
                            "Minor changes",
                            "aaaa",
                            "x",
                            "1",
                            "...",
                            "-",
                            "!?",
                            "",
                            "  ",
                            "main.cc",
                            "src/a/b.py",
                            "README",
                            "README.md",
                            "update readme.md",
                            "Fixed Dockerfile",
                            ".gitignore",
                            "Add files via upload",
                            "fix!!!",
                            "\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80",
                            "Update  a.txt"}) {
    EXPECT_NE(vagueness(title), "") << title;
  }
}

TEST(Vagueness, IsNotFoundInTitlesThatSaySomething) {
  for (const char* title :
       {"add login", "update the README for 2.0", "remove main.cc", "add main.cc", "fix #12",
        "v1.2.3", "1.2.3", "release 1.2", "login", "support C++20", "test the parser",
        "\xe4\xbf\xae\xe5\xa4\x8d\xe7\x99\xbb\xe5\xbd\x95", "\xe4\xbf\xae", "use e.g. wget",
        "fix typo in main.cc"}) {
    EXPECT_EQ(vagueness(title), "") << title;
  }
}

TEST(PlainWords, AreLowerCaseWithoutPunctuationAround) {
  EXPECT_EQ(plain_words("  *Fixed \t Bug.. "), "fixed bug");
  EXPECT_EQ(plain_words("\xc3\x84ndern!"), "\xc3\xa4ndern");
  EXPECT_EQ(plain_words("?!"), "");
  EXPECT_EQ(plain_words(""), "");
}

}  // namespace
}  // namespace trunkgate
