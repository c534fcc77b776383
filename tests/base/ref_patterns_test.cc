// Sets of references: globs, expressions and HEAD.
#include "base/ref_patterns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

RefPatterns expression(const std::string& text) {
  RefPatterns patterns;
  patterns.add(Pattern(text));
  return patterns;
}

TEST(RefPatterns, TakeABareNameForABranch) {
  const RefPatterns patterns(
      GlobSet({Glob("main"), Glob("feature/**"), Glob("refs/tags/v*"), Glob("refs/heads/x")}));
  for (const char* name :
       {"refs/heads/main", "refs/heads/feature/a/b", "refs/tags/v1", "refs/heads/x"}) {
    EXPECT_TRUE(patterns.matches(name)) << name;
  }
  for (const char* name : {"main", "refs/tags/main", "refs/heads/main/x", "refs/heads/Main",
                           "refs/heads/feature", "refs/tags/x/v1", "refs/heads/refs/heads/x"}) {
    EXPECT_FALSE(patterns.matches(name)) << name;
  }
  EXPECT_EQ(patterns.literals(), (Lines{"refs/heads/main", "refs/heads/x"}));
  EXPECT_EQ(patterns.text(), "refs/heads/feature/**\nrefs/heads/main\nrefs/heads/x\nrefs/tags/v*");
  EXPECT_TRUE(RefPatterns().empty());
  EXPECT_FALSE(RefPatterns().matches("refs/heads/main"));
}

TEST(RefPatterns, HoldExpressionsAgainstWholeNames) {
  const RefPatterns branch = expression("rel-[0-9]+");
  EXPECT_TRUE(branch.matches("refs/heads/rel-12"));
  for (const char* name :
       {"refs/heads/rel-12a", "refs/heads/x/rel-1", "refs/tags/rel-1", "rel-1"}) {
    EXPECT_FALSE(branch.matches(name)) << name;
  }
  const RefPatterns full = expression("refs/(heads|tags)/rel-[0-9]+");
  EXPECT_TRUE(full.matches("refs/tags/rel-1"));
  EXPECT_TRUE(full.matches("refs/heads/rel-1"));
  EXPECT_FALSE(full.matches("refs/heads/refs/tags/rel-1"));
  EXPECT_TRUE(expression("^refs/tags/x$").matches("refs/tags/x"));
  EXPECT_NE(branch.text(), full.text());
  EXPECT_EQ(full.literals(), Lines());
  EXPECT_FALSE(full.empty());
}

TEST(RefPatterns, KnowHeadOnceSomebodyHasSaidWhatItIs) {
  RefPatterns patterns;
  patterns.add_head();
  EXPECT_TRUE(patterns.names_head());
  EXPECT_FALSE(patterns.empty());
  EXPECT_THROW(patterns.matches("refs/heads/main"), Error);
  patterns.set_head("refs/heads/trunk");
  EXPECT_TRUE(patterns.matches("refs/heads/trunk"));
  EXPECT_FALSE(patterns.matches("refs/heads/main"));
  EXPECT_EQ(patterns.literals(), Lines{"refs/heads/trunk"});
  // The same refs as written out, so that they share a baseline.
  EXPECT_EQ(patterns.text(), RefPatterns(GlobSet({Glob("trunk")})).text());
}

TEST(RefPatterns, TellWhetherTheyCanMatchBranchesOrTags) {
  const auto kinds = [](const RefPatterns& patterns) {
    return std::string(patterns.may_match_below("refs/heads/") ? "branches " : "") +
           (patterns.may_match_below("refs/tags/") ? "tags" : "");
  };
  const auto of_glob = [&](const char* text) { return kinds(RefPatterns(GlobSet({Glob(text)}))); };
  EXPECT_EQ(of_glob("main"), "branches ");
  EXPECT_EQ(of_glob("**"), "branches ");
  EXPECT_EQ(of_glob("refs/**"), "branches tags");
  EXPECT_EQ(of_glob("refs/*/v*"), "branches tags");
  EXPECT_EQ(of_glob("refs/tags/v1"), "tags");
  EXPECT_EQ(of_glob("refs/t*/x"), "tags");
  EXPECT_EQ(of_glob("refs/notes/**"), "");
  EXPECT_EQ(kinds(expression("x.*")), "branches ");
  EXPECT_EQ(kinds(expression("refs/x.*")), "branches tags");
  RefPatterns head;
  head.add_head();
  EXPECT_EQ(kinds(head), "branches ");
}

}  // namespace
}  // namespace trunkgate
