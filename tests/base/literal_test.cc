// What an expression's matches are sure to hold, against the expressions themselves.
#include "base/literal.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/match.h"

namespace trunkgate {
namespace {

TEST(LiteralOf, IsTheLongestPartThatIsSureToBeThere) {
  EXPECT_EQ(literal_of("import pdb"), "import pdb");
  EXPECT_EQ(literal_of(R"(console\.log)"), "console.log");
  EXPECT_EQ(literal_of(R"(\bprint\s+debug$)"), "print");
  EXPECT_EQ(literal_of("^ab.cde+f"), "cde");
  EXPECT_EQ(literal_of("abc?de"), "ab");
  EXPECT_EQ(literal_of("ab*?cde"), "cde");
  EXPECT_EQ(literal_of("a+?bc"), "bc");
}

TEST(LiteralOf, IsNothingWhereNothingIsSure) {
  for (const char* pattern : {"", "a*", ".", "ab|cd", "(?i)abc", "(abc)?", "[ab]c", "ab{0}", "x?y?",
                              R"(\x61bc)", R"(\pL)", R"(\Qa*\E)", R"(\nabc)", "abc\\"}) {
    EXPECT_EQ(literal_of(pattern), std::nullopt) << pattern;
  }
}

TEST(LiteralOf, StandsInEveryTextThatMatches) {
  static constexpr const char* kPieces[] = {"a", "b",   "ab",  "c",   ".",   "*",   "+", "?",
                                            "^", "\\.", "\\b", "\\w", "\\*", "\\s", "$", "|"};
  std::mt19937 random(5);
  int known = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string pattern;
    for (auto pieces = 1 + random() % 6; pieces > 0; --pieces) pattern += kPieces[random() % 16];
    const auto literal = literal_of(pattern);
    if (!literal || Pattern::mistake(pattern)) continue;
    ++known;
    std::string text;
    for (auto size = random() % 12; size > 0; --size) text += "ab.c* "[random() % 6];
    if (!Pattern(pattern).matches_anywhere(text)) continue;
    EXPECT_TRUE(LiteralSet({*literal}).any_in(text)) << pattern << " in " << text;
  }
  EXPECT_GT(known, 1000);
}

TEST(LiteralSet, FindsWhatStandsAnywhereInAText) {
  const LiteralSet set({"import pdb", "DO NOT"});
  EXPECT_TRUE(set.any_in("import pdb"));
  EXPECT_TRUE(set.any_in("b bb import pdb"));
  EXPECT_TRUE(set.any_in("x\nDO NOT commit"));
  EXPECT_FALSE(set.any_in("mport pdb import pd"));
  EXPECT_FALSE(set.any_in("DO NO"));
  EXPECT_FALSE(set.any_in(""));
}

TEST(LiteralSet, AgreesWithASearchByBytes) {
  std::mt19937 random(9);
  const auto text_of = [&](std::size_t size) {
    std::string text;
    for (; size > 0; --size) text += "aab"[random() % 3];
    return text;
  };
  for (int round = 0; round < 20000; ++round) {
    const std::string wanted = text_of(1 + random() % 4);
    const std::string text = text_of(random() % 10);
    EXPECT_EQ(LiteralSet({wanted}).any_in(text), text.find(wanted) != std::string::npos)
        << wanted << " in " << text;
  }
}

}  // namespace
}  // namespace trunkgate
