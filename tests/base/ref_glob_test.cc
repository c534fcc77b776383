// Globs over names of references.
#include "base/ref_glob.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

// "WHAT | INSTEAD", with "(expression)" behind what reads like one; "" for a good glob.
std::string mistake(std::string_view glob) {
  const auto found = ref_glob_mistake(glob);
  if (!found) return {};
  return found->what + (found->expression ? " (expression)" : "") +
         (found->instead.empty() ? "" : " | " + found->instead);
}

TEST(RefGlob, TakesWhatNamesCanMatch) {
  for (const char* good :
       {"main",      "feature/**",   "**",      "*",     "v[0-9]*", "[^a-z]*",
        "[!x]/y",    "refs/tags/v?", "a.b",     "c++",   "v1.*",    "rel-[0-9][0-9]",
        "user@host", "feature/#12",  "[{]x[}]", "a-[+]", "x[$]",    "r\xc3\xa9lease/**",
        "**/x",      "[[:digit:]]*", "a(b)c",   "x$y",   "-x"}) {
    EXPECT_EQ(mistake(good), "") << good;
  }
}

TEST(RefGlob, RefusesWhatNoNameCanMatch) {
  EXPECT_EQ(mistake("a b"), "no reference has a space in its name");
  EXPECT_EQ(mistake("a~1"), "no reference has '~' in its name");
  EXPECT_EQ(mistake("a^"), "no reference has '^' in its name");
  EXPECT_EQ(mistake("a:b"), "no reference has ':' in its name");
  EXPECT_EQ(mistake("a..b"), "no reference has '..' in its name");
  EXPECT_EQ(mistake("a@{1}"), "a glob knows no {a,b} | write a list: [a, b]");
  EXPECT_EQ(mistake("a//b"), "no reference has '//' in its name");
  EXPECT_EQ(mistake("a\tb"), "no reference has a control character in its name");
  EXPECT_EQ(mistake("a\x7f"), "no reference has a control character in its name");
  EXPECT_EQ(mistake("/main"), "no reference's name starts with '/'");
  EXPECT_EQ(mistake("feature/"),
            "no reference's name ends with '/' | 'feature/**' is everything below it");
  EXPECT_EQ(mistake("x.lock"), "no part of a reference's name ends with '.' or '.lock'");
  EXPECT_EQ(mistake("x.lock/**"), "no part of a reference's name ends with '.' or '.lock'");
  EXPECT_EQ(mistake("HEAD"),
            "no branch can be called HEAD | only 'refs' takes HEAD for the default branch");
}

TEST(RefGlob, KnowsWhatOtherToolsWrite) {
  EXPECT_EQ(mistake("~DEFAULT_BRANCH"),
            "no reference has '~' in its name | HEAD in 'refs' is the default branch");
  EXPECT_EQ(mistake("~ALL"), "no reference has '~' in its name | '**' is every branch");
  EXPECT_EQ(mistake("!refs/heads/x"),
            "a glob over references takes nothing back: '!' means nothing here | write except: "
            "{refs: ...} beside the rule's options");
  EXPECT_EQ(mistake("user/{me}/**"),
            "'{me}' stands for the pusher only in 'own' of unauthorised-push");
  EXPECT_EQ(mistake("{main,develop}"), "a glob knows no {a,b} | write a list: [a, b]");
}

TEST(RefGlob, TellsAnExpressionByItsLooks) {
  EXPECT_EQ(mistake("^refs/heads/rel-[0-9]+$"), "no reference has '^' in its name (expression)");
  EXPECT_EQ(mistake("rel-\\d"), "no reference has '\\' in its name (expression)");
  EXPECT_EQ(mistake("main|develop"), "a glob knows no '|' (expression)");
  EXPECT_EQ(mistake("main$"), "'$' stands for itself in a glob (expression)");
  const std::string repeat = "'+', '(' and ')' stand for themselves in a glob (expression)";
  EXPECT_EQ(mistake("rel-[0-9]+"), repeat);
  EXPECT_EQ(mistake("rel(-x)*"), repeat);
  EXPECT_EQ(mistake("feature/.*"), "no part of a reference's name starts with '.' (expression)");
}

TEST(RefGlob, RefusesWhatIsNoGlobAtAll) {
  EXPECT_EQ(mistake(""), "a glob must not be empty");
  EXPECT_EQ(mistake("a[b"), "the class that '[' opens is never closed");
}

}  // namespace
}  // namespace trunkgate
