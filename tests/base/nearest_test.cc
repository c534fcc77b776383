// "Did you mean".
#include "base/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace trunkgate {
namespace {

constexpr std::array<std::string_view, 4> kKnown = {"severity", "mode", "warn-after", "max-age"};

TEST(EditDistance, CountsChangesAndNeighboursSwapped) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("mdoe", "mode"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);
}

TEST(Nearest, FindsAMistypedName) {
  EXPECT_EQ(nearest("sevrity", kKnown), "severity");
  EXPECT_EQ(nearest("mdoe", kKnown), "mode");
}

TEST(Nearest, TakesLetterCaseAndUnderscoresForNothing) {
  EXPECT_EQ(nearest("WARN_AFTER", kKnown), "warn-after");
  EXPECT_EQ(nearest("maxAge", kKnown), "max-age");
}

TEST(Nearest, LeavesAThirdOfTheLettersAtMost) {
  constexpr std::array<std::string_view, 1> known = {"abcdef"};
  EXPECT_EQ(nearest("abcdxx", known), "abcdef");
  EXPECT_EQ(nearest("abcxxx", known), std::nullopt);
  EXPECT_EQ(nearest("", known), std::nullopt);
  EXPECT_EQ(nearest(std::string(1'000'000, 'a'), known), std::nullopt);
}

TEST(Nearest, TakesTheFirstOfTwoEquallyNear) {
  constexpr std::array<std::string_view, 3> known = {"other", "limit-a", "limit-b"};
  EXPECT_EQ(nearest("limit-c", known), "limit-a");
}

}  // namespace
}  // namespace trunkgate
