// Globs and patterns.
#include "base/match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

bool glob(std::string_view text, std::string_view name) {
  const std::optional<std::string> mistake = Glob::mistake(text);
  if (mistake) {
    ADD_FAILURE() << text << ": " << *mistake;
    return false;
  }
  return Glob(std::string(text)).matches(name);
}

std::string repeated(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Glob, StarAndQuestionMarkStayWithinASegment) {
  EXPECT_TRUE(glob("*.pth", "model.pth"));
  EXPECT_TRUE(glob("*.pth", ".pth"));
  EXPECT_FALSE(glob("*.pth", "a/model.pth"));
  EXPECT_TRUE(glob("a/*/c", "a/b/c"));
  EXPECT_FALSE(glob("a/*/c", "a/b/b/c"));
  EXPECT_TRUE(glob("a?c", "abc"));
  EXPECT_FALSE(glob("a?c", "a/c"));
  EXPECT_FALSE(glob("a?c", "ac"));
}

TEST(Glob, DoubleStarCrossesSegments) {
  EXPECT_TRUE(glob("a/**/b", "a/b"));
  EXPECT_TRUE(glob("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(glob("a/**/b", "a/xb"));
  EXPECT_TRUE(glob("**/b", "b"));
  EXPECT_TRUE(glob("**/b", "a/c/b"));
  EXPECT_FALSE(glob("**/b", "ab"));
  EXPECT_TRUE(glob("**/*.npy", "data/x/y.npy"));
  EXPECT_TRUE(glob("**", "a/b/c"));
  EXPECT_TRUE(glob("**/**/b", "b"));
}

TEST(Glob, DoubleStarAtTheEndNeedsSomethingBelow) {
  EXPECT_TRUE(glob("a/**", "a/b"));
  EXPECT_TRUE(glob("a/**", "a/b/c"));
  EXPECT_FALSE(glob("a/**", "a"));
  EXPECT_FALSE(glob("a/**", "a/"));
  EXPECT_FALSE(glob("a/**", "ab/c"));
}

TEST(Glob, ReadsClasses) {
  EXPECT_TRUE(glob("v[0-9]", "v7"));
  EXPECT_FALSE(glob("v[0-9]", "vx"));
  EXPECT_TRUE(glob("v[!0-9]", "vx"));
  EXPECT_TRUE(glob("v[^0-9]", "vx"));
  EXPECT_FALSE(glob("v[!0-9]", "v7"));
  EXPECT_TRUE(glob("[]a]", "]"));
  EXPECT_FALSE(glob("[!]a]", "]"));
  EXPECT_TRUE(glob("[a-]", "-"));
  EXPECT_TRUE(glob("[\\]]", "]"));
  EXPECT_TRUE(glob("[[:digit:]x]", "4"));
  EXPECT_TRUE(glob("[[:digit:]x]", "x"));
  EXPECT_FALSE(glob("[[:upper:]]", "a"));
  EXPECT_TRUE(glob("[\x80-\xff]", "\xc3"));
}

TEST(Glob, ClassNeverMatchesASlash) {
  EXPECT_FALSE(glob("a[/]b", "a/b"));
  EXPECT_FALSE(glob("a[!x]b", "a/b"));
}

TEST(Glob, BackslashQuotes) {
  EXPECT_TRUE(glob("a\\*", "a*"));
  EXPECT_FALSE(glob("a\\*", "ab"));
  EXPECT_TRUE(glob("a\\\\", "a\\"));
}

TEST(Glob, KnowsALiteralName) {
  const Glob literal("a\\*b/c");
  EXPECT_TRUE(literal.literal());
  EXPECT_EQ(literal.name(), "a*b/c");
  EXPECT_EQ(literal.text(), "a\\*b/c");
  EXPECT_TRUE(literal.matches("a*b/c"));
  EXPECT_FALSE(literal.matches("a*b/cd"));
  EXPECT_FALSE(Glob("a*").literal());
  EXPECT_EQ(Glob("a*").name(), "a*");
}

TEST(Glob, NamesItsMistakes) {
  EXPECT_EQ(Glob::mistake(""), "a glob must not be empty");
  EXPECT_EQ(Glob::mistake(std::string(4096, 'a')), std::nullopt);
  EXPECT_EQ(Glob::mistake(std::string(4097, 'a')), "a glob must not be longer than 4096 bytes");
  EXPECT_EQ(Glob::mistake("a\\"), "the '\\' at the end quotes nothing");
  EXPECT_EQ(Glob::mistake("[a\\"), "the '\\' at the end quotes nothing");
  for (const char* open : {"[", "[!", "[]", "[a", "[a-", "[[:alpha:]", "[[:alpha"}) {
    EXPECT_EQ(Glob::mistake(open), "the class that '[' opens is never closed") << open;
  }
  for (const char* stars : {"a**", "**a", "a/**b", "***", "a/b**/c"}) {
    EXPECT_EQ(Glob::mistake(stars), "'**' must be a whole segment, as in 'a/**' or '**/b'")
        << stars;
  }
  EXPECT_EQ(Glob::mistake("[z-a]"), "the range 'z-a' is the wrong way round");
  EXPECT_EQ(Glob::mistake("[[:nope:]]"), "unknown class '[:nope:]'");
}

// Each of these takes ages when matched by trying one possibility after the other.
TEST(Glob, NeverBacktracks) {
  const std::string name(4000, 'a');
  EXPECT_FALSE(glob(repeated("a*", 60) + "b", name));
  EXPECT_FALSE(glob(repeated("*a", 60) + "b", name));
  const std::string path = repeated("a/", 2000);
  EXPECT_FALSE(glob(repeated("**/a/", 40) + "b", path + "c"));
  EXPECT_TRUE(glob(repeated("**/a/", 40) + "b", path + "b"));
  EXPECT_TRUE(glob("**/a/**/a/**/a", "x/a/a/y/a"));
  EXPECT_FALSE(glob("**/a/**/a/**/a", "x/a/y/a"));
}

TEST(GlobSet, MatchesWhenAnyGlobDoes) {
  const GlobSet set({Glob("main"), Glob("release/**")});
  EXPECT_TRUE(set.matches("main"));
  EXPECT_TRUE(set.matches("release/1"));
  EXPECT_FALSE(set.matches("feature/x"));
  EXPECT_FALSE(GlobSet().matches("main"));
  EXPECT_TRUE(GlobSet().empty());
}

TEST(Pattern, MatchesTheWholeTextOrAPartOfIt) {
  const Pattern pattern("[a-z]+-[0-9]+");
  EXPECT_TRUE(pattern.matches_all("abc-12"));
  EXPECT_FALSE(pattern.matches_all("see abc-12"));
  EXPECT_TRUE(pattern.matches_anywhere("see abc-12"));
  EXPECT_FALSE(pattern.matches_anywhere("ABC"));
  EXPECT_EQ(pattern.text(), "[a-z]+-[0-9]+");
}

TEST(Pattern, IsNotBlindedByBytesThatAreNoUtf8) {
  EXPECT_TRUE(Pattern("password=.{8}")
                  .matches_anywhere("password=abc\xff"
                                    "efgh"));
  EXPECT_TRUE(Pattern("größe").matches_anywhere("\xff größe"));
}

TEST(Pattern, SeesEveryLineOfAText) {
  EXPECT_TRUE(Pattern("a\nb").matches_anywhere("a\nb"));
  EXPECT_TRUE(Pattern("(?m)^b$").matches_anywhere("a\nb\n"));
  EXPECT_TRUE(Pattern("secret").matches_anywhere(std::string_view("a\0\nsecret", 9)));
}

TEST(Pattern, FindsTheLeftmostMatchFromAPlaceOn) {
  const Pattern ticket("[A-Z]+-[0-9]+");
  const std::string_view text = "see AB-1 and CD-22";
  EXPECT_EQ(ticket.find(text), (PatternMatch{4, 4}));
  EXPECT_EQ(ticket.find(text, 4), (PatternMatch{4, 4}));
  EXPECT_EQ(ticket.find(text, 5), (PatternMatch{5, 3}));
  EXPECT_EQ(ticket.find(text, 8), (PatternMatch{13, 5}));
  EXPECT_EQ(ticket.find(text, 18), std::nullopt);
  EXPECT_EQ(ticket.find(text, 19), std::nullopt);
  EXPECT_EQ(Pattern("^AB").find(text, 4), std::nullopt);
  EXPECT_EQ(Pattern("\\bB").find(text, 5), std::nullopt);
  EXPECT_EQ(Pattern("x*").find("", 0), (PatternMatch{0, 0}));
  EXPECT_EQ(Pattern().find(text), std::nullopt);
}

TEST(Pattern, MatchesNothingByDefault) {
  EXPECT_FALSE(Pattern().matches_all(""));
  EXPECT_FALSE(Pattern().matches_anywhere("a"));
}

TEST(Pattern, NamesItsMistakesAndPrintsNothing) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(Pattern::mistake("a(b"), "a '(' is never closed: 'a(b'");
  EXPECT_EQ(Pattern::mistake("a[b"), "a '[' is never closed: '[b'");
  EXPECT_EQ(Pattern::mistake("*a"), "nothing to repeat before '*'");
  EXPECT_EQ(Pattern::mistake("a\\"), "the '\\' at the end quotes nothing");
  EXPECT_EQ(Pattern::mistake("(?=a)"),
            "unknown group '(?=' (lookaheads and lookbehinds are not supported)");
  EXPECT_EQ(Pattern::mistake("(a)\\1"), "unknown escape '\\1' (back references are not supported)");
  EXPECT_EQ(Pattern::mistake("a{1001}"), "too many repeats in '{1001}' (at most 1000)");
  EXPECT_EQ(Pattern::mistake("((a{100}){100}){100}"), "too many repeats in '{100}' (at most 1000)");
  EXPECT_EQ(Pattern::mistake(std::string(4097, 'a')),
            "a pattern must not be longer than 4096 bytes");
  EXPECT_EQ(Pattern::mistake(std::string(4096, 'a')), std::nullopt);
  // Runs out of memory for its states, which RE2 would like to say on standard error.
  const std::string states = repeated("[a-q][^u-z]{13}x|", 30) + "b";
  if (!Pattern::mistake(states)) Pattern(states).matches_anywhere(repeated("abcdefgx", 100'000));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Glob, AgreesWithGitForEachRefOnGeneratedCases) {
  std::mt19937 random(20261121);
  const auto word = [&](std::initializer_list<const char*> parts, std::size_t most) {
    std::string text;
    for (std::size_t i = 1 + random() % most; i > 0; --i)
      text += parts.begin()[random() % parts.size()];
    return text;
  };
  const auto path = [&](std::initializer_list<const char*> parts, bool globs) {
    std::string text = "refs/heads";
    for (std::size_t i = 1 + random() % 3; i > 0; --i) {
      text += globs && random() % 5 == 0 ? "/**" : "/" + word(parts, 3);
    }
    return text;
  };
  TemporaryRepository repository;
  const ObjectId commit = repository.commit("feat: x", {}, {{"a", "1"}});
  std::set<std::string> names;
  while (names.size() < 150) {
    const std::string name = path({"a", "b", "c", "-", "1"}, false);
    // One name cannot be a folder of another.
    const bool clash = std::any_of(names.begin(), names.end(), [&](const std::string& other) {
      return other.starts_with(name + "/") || name.starts_with(other + "/");
    });
    if (!clash) names.insert(name);
  }
  std::string input;
  for (const std::string& name : names) input += "create " + name + " " + commit.hex() + "\n";
  repository.git({"update-ref", "--stdin"}, input);
  std::size_t matched = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string pattern = path({"a", "b", "*", "?", "[ab]", "[!a]", "[a-c]", "1"}, true);
    // Without a wildcard for-each-ref takes all that is below as well.
    if (pattern.find_first_of("*?[") == std::string::npos) continue;
    // Two stars in a segment with more are a mistake here and one star there.
    if (Glob::mistake(pattern)) continue;
    std::string mine;
    const Glob glob(pattern);
    for (const std::string& name : names) {
      if (glob.matches(name)) mine += (mine.empty() ? "" : "\n") + name;
    }
    EXPECT_EQ(mine, repository.git({"for-each-ref", "--format=%(refname)", pattern})) << pattern;
    matched += mine.empty() ? 0 : 1;
  }
  EXPECT_GT(matched, 50U);
}

}  // namespace
}  // namespace trunkgate
