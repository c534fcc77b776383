#include "git/patch_id.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

class PatchId : public testing::Test {
 protected:
  using Files = std::map<std::string, std::string>;

  std::string of(const Files& before, const Files& after) const {
    return patch_id(*server_.open(), server_.tree(before), server_.tree(after));
  }
  // What Git itself takes for the same patch.
  std::string gits(const Files& before, const Files& after) const {
    const std::string patch = server_.git(
        {"diff-tree", "-p", "-r", server_.tree(before).hex(), server_.tree(after).hex()});
    return server_.git({"patch-id", "--verbatim"}, patch + "\n");
  }
  // Whether both are the same patch; Git must agree.
  bool same(const Files& before, const Files& after, const Files& other_before,
            const Files& other_after) const {
    const bool ours = of(before, after) == of(other_before, other_after);
    EXPECT_EQ(ours, gits(before, after) == gits(other_before, other_after));
    return ours;
  }

  TemporaryRepository server_;
};

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

TEST_F(PatchId, IsTheSameAtOtherLineNumbers) {
  EXPECT_TRUE(same({{"a", lines(1, 20)}}, {{"a", lines(1, 10) + "new\n" + lines(11, 20)}},
                   {{"a", "top\n" + lines(1, 20)}},
                   {{"a", "top\n" + lines(1, 10) + "new\n" + lines(11, 20)}}));
}

TEST_F(PatchId, IsTheSameWhateverElseStandsInTheTrees) {
  EXPECT_TRUE(same({{"a", "1\n"}}, {{"a", "2\n"}}, {{"a", "1\n"}, {"b", "x\n"}},
                   {{"a", "2\n"}, {"b", "x\n"}}));
}

TEST_F(PatchId, DiffersBetweenOtherLinesOfContext) {
  EXPECT_FALSE(same({{"a", lines(1, 20)}}, {{"a", lines(1, 10) + "new\n" + lines(11, 20)}},
                    {{"a", lines(1, 20)}}, {{"a", lines(1, 15) + "new\n" + lines(16, 20)}}));
}

TEST_F(PatchId, DiffersByWhiteSpace) {
  EXPECT_FALSE(same({}, {{"a.py", "if x:\n  y\nz\n"}}, {}, {{"a.py", "if x:\n  y\n  z\n"}}));
  EXPECT_FALSE(same({}, {{"a", "x\n"}}, {}, {{"a", "x \n"}}));
}

TEST_F(PatchId, DiffersByPathAndContent) {
  EXPECT_FALSE(same({}, {{"a", "x\n"}}, {}, {{"b", "x\n"}}));
  EXPECT_FALSE(same({}, {{"a", "x\n"}}, {}, {{"a", "y\n"}}));
  EXPECT_FALSE(same({}, {{"a", "x\n"}}, {}, {{"a", "x\n"}, {"b", "x\n"}}));
}

TEST_F(PatchId, DiffersByTheWholeContentOfBinaryFiles) {
  const std::string zero(1, '\0');
  EXPECT_NE(of({{"a", zero + "1"}}, {{"a", zero + "2"}}),
            of({{"a", zero + "1"}}, {{"a", zero + "3"}}));
  EXPECT_EQ(of({{"a", zero + "1"}}, {{"a", zero + "2"}}),
            of({{"a", zero + "1"}, {"b", "x"}}, {{"a", zero + "2"}, {"b", "x"}}));
}

}  // namespace
}  // namespace trunkgate
