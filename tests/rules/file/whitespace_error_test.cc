// whitespace-error: whole findings.
#include <random>
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

std::string trailing(int line) { return std::to_string(line) + ": trailing white space\n"; }
std::string space_tab(int line) {
  return std::to_string(line) + ": a space before a tab in the indentation\n";
}
std::string blank_end(int line) {
  return std::to_string(line) + ": a new blank line at the end of the file\n";
}

class WhitespaceError : public ContentRuleTest {
 protected:
  WhitespaceError() : ContentRuleTest("whitespace-error") { with("{}"); }
};

TEST_F(WhitespaceError, AcceptsTidyText) {
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "\n"), kFine);
  EXPECT_EQ(judge("a", "one\n\n  two\n\t  three\n\t\tfour"), kFine);
  EXPECT_EQ(judge("a", "one\r\n\r\ntwo\r\n"), kFine);
  EXPECT_EQ(judge("a", "one \t x\n"), kFine);
}

TEST_F(WhitespaceError, RejectsWhiteSpaceAtTheEndOfALine) {
  EXPECT_EQ(judge("a", "one \ntwo\t\nthree\n \nfour \r\nfive\r\r\nsix "),
            trailing(1) + trailing(2) + trailing(4) + trailing(5) + trailing(6) + trailing(7));
  with("{trailing: false}");
  EXPECT_EQ(judge("a", "one \ntwo\t\n"), kFine);
}

TEST_F(WhitespaceError, TakesAFormFeedForNoWhiteSpaceAsGitDoes) {
  EXPECT_EQ(judge("a", "one\n\f\ntwo\v\n\f\n"), kFine);
}

TEST_F(WhitespaceError, RejectsASpaceBeforeATab) {
  EXPECT_EQ(judge("a", " \tone\n\t \ttwo\n\t three\n"), space_tab(1) + space_tab(2));
  EXPECT_EQ(judge("a", " \tone \n"), trailing(1));
  with("{space-before-tab: false}");
  EXPECT_EQ(judge("a", " \tone\n"), kFine);
}

TEST_F(WhitespaceError, RejectsTabsWhenAsked) {
  with("{tabs: false}");
  EXPECT_EQ(judge("a", "\tone\n  \ttwo\n  three\tx\n"),
            "1: a tab in the indentation\n" + space_tab(2));
}

TEST_F(WhitespaceError, RejectsBlankLinesAtTheEnd) {
  EXPECT_EQ(judge("a", "one\n\n"), blank_end(2));
  EXPECT_EQ(judge("a", "one\n\n\n\n"), blank_end(2));
  EXPECT_EQ(judge("a", "\n\n"), blank_end(2));
  EXPECT_EQ(judge("a", "one\r\n\r\n"), blank_end(2));
  EXPECT_EQ(judge("a", "one\n "), trailing(2) + blank_end(2));
  with("{blank-at-eof: false}");
  EXPECT_EQ(judge("a", "one\n\n"), kFine);
}

TEST_F(WhitespaceError, LeavesOldLinesAlone) {
  EXPECT_EQ(change("a", "one \n\n", "one \ntwo\n\n"), kFine);
  EXPECT_EQ(change("a", "one\n\n\n", "two\n\n"), kFine);
  EXPECT_EQ(change("a", "one\n\n", "one\n\n\n"), blank_end(2));
  EXPECT_EQ(change("a", "one\n", "one\n\n"), blank_end(2));
  EXPECT_EQ(change("a", "one \ntwo\n", "one \ntwo \n"), trailing(2));
}

TEST_F(WhitespaceError, ShowsTwentyPlacesAndCountsTheRest) {
  std::string text;
  std::string all;
  for (int i = 1; i <= 20; ++i) {
    text += "x \n";
    all += trailing(i);
  }
  EXPECT_EQ(judge("a", text), all);
  EXPECT_EQ(judge("a", text + "x \n\n"), all + "0: and 1 more like these\n" + blank_end(22));
}

TEST_F(WhitespaceError, LeavesExcludedFilesAlone) {
  with("{exclude: ['*.md', '/third_party/**']}");
  EXPECT_EQ(judge("x/a.md", "one  \n"), kNotAsked);
  EXPECT_EQ(judge("third_party/x/a.cc", "one  \n"), kNotAsked);
  EXPECT_EQ(judge("a.MD", "one  \n"), trailing(1));
}

TEST_F(WhitespaceError, TellsFromLinesAloneWhetherItWillFindSomething) {
  std::mt19937 random(3);
  for (const char* options : {"{blank-at-eof: false}", "{blank-at-eof: false, tabs: false}",
                              "{blank-at-eof: false, trailing: false}",
                              "{blank-at-eof: false, space-before-tab: false}"}) {
    with(options);
    for (int round = 0; round < 40; ++round) {
      std::string text;
      for (auto size = random() % 9; size > 0; --size) text += " \t\r\n\na"[random() % 6];
      const bool may = policy_->rules.at(0).rule->may_find({text, true, text.size()});
      EXPECT_EQ(may, judge("a", text) != kFine) << options << testing::PrintToString(text);
    }
  }
}

TEST_F(WhitespaceError, IsAboutTextOnly) {
  EXPECT_EQ(judge("a", std::string("\0 \n\n", 4)), kFine);
  EXPECT_EQ(judge("a", "caf\xe9 \n"), trailing(1));
  EXPECT_EQ(judge(link("a", "b ")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", "one \n")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
