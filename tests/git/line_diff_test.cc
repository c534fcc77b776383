// Two texts compared line by line.
#include "git/line_diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {
namespace {

using Lines = std::vector<std::string_view>;

TEST(AddedLines, AreAllOfANewText) {
  EXPECT_EQ(added_lines("", "a\nb\n"), (Lines{"a", "b"}));
  EXPECT_EQ(added_lines("", "a\nb"), (Lines{"a", "b"}));
  EXPECT_EQ(added_lines("", "\n\n"), (Lines{"", ""}));
  EXPECT_EQ(added_lines("", ""), Lines());
}

TEST(AddedLines, AreNoneWhenLinesOnlyGo) {
  EXPECT_EQ(added_lines("a\nb\n", ""), Lines());
  EXPECT_EQ(added_lines("a\nb\nc\n", "a\nc\n"), Lines());
  EXPECT_EQ(added_lines("a\n", "a\n"), Lines());
}

TEST(AddedLines, StandBetweenOldOnes) {
  EXPECT_EQ(added_lines("a\nb\n", "a\nx\nb\n"), (Lines{"x"}));
  EXPECT_EQ(added_lines("a\nb\n", "x\na\ny\nb\nz\n"), (Lines{"x", "y", "z"}));
  EXPECT_EQ(added_lines("a\nb\nc\nd\n", "a\nB\nc\nD\nd\n"), (Lines{"B", "D"}));
}

TEST(AddedLines, KnowARepeatedLineFromAnOldOne) {
  EXPECT_EQ(added_lines("a\n", "a\na\n"), (Lines{"a"}));
  EXPECT_EQ(added_lines("}\n\n}\n", "}\n\n}\n\n}\n").size(), 2U);
}

TEST(AddedLines, CountALineThatGetsItsLineFeed) {
  EXPECT_EQ(added_lines("a\nb", "a\nb\n"), (Lines{"b"}));
  EXPECT_EQ(added_lines("a\nb\n", "a\nb"), (Lines{"b"}));
  EXPECT_EQ(added_lines("b", "b\nc"), (Lines{"b", "c"}));
}

TEST(AddedLines, AreViewsIntoTheNewText) {
  const std::string after = "a\nx\nb\n";
  const Lines lines = added_lines("a\nb\n", after);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].data(), after.data() + 2);
}

TEST(AddedLines, OfALongRewriteAreThoseThatLibgit2Finds) {
  std::string before;
  std::string after;
  for (int i = 0; i < 400; ++i) {
    before += "old " + std::to_string(i) + "\nkept " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\nkept " + std::to_string(i) + "\n";
  }
  const Lines lines = added_lines(before, after);
  ASSERT_EQ(lines.size(), 400U);
  EXPECT_EQ(lines.front(), "new 0");
  EXPECT_EQ(lines.back(), "new 399");
}

TEST(AddedLines, OfVeryLargeTextsAreThoseThereAreMoreOf) {
  std::string before = "first\n";
  std::string after = "FIRST\n";
  for (int i = 0; i < 200'000; ++i) {
    before += "line " + std::to_string(i) + "\n";
    after += "line " + std::to_string(i) + "\n";
  }
  before += "last\n";
  after += "line 7\nLAST\n";
  EXPECT_EQ(added_lines(before, after), (Lines{"FIRST", "line 7", "LAST"}));
}

// The length of the longest common subsequence, the plain way.
std::size_t common_lines(const Lines& a, const Lines& b) {
  std::vector<std::vector<std::size_t>> best(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      best[i][j] =
          a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : std::max(best[i - 1][j], best[i][j - 1]);
    }
  }
  return best[a.size()][b.size()];
}

// Whether `rest` is what remains of `of` in its order.
bool is_subsequence(const Lines& rest, const Lines& of) {
  auto at = of.begin();
  for (const std::string_view line : rest) {
    at = std::find(at, of.end(), line);
    if (at == of.end()) return false;
    ++at;
  }
  return true;
}

TEST(AddedLines, AreAsFewAsCanBeAndLeaveOldOnesInTheirOrder) {
  std::mt19937 random(20);
  const auto number = [&](std::size_t below) { return random() % below; };
  for (int round = 0; round < 3000; ++round) {
    const auto text = [&] {
      std::string lines;
      const std::size_t words = 2 + number(5);
      for (std::size_t i = number(14); i > 0; --i) {
        lines += std::string(number(3) == 0 ? 0 : 3, static_cast<char>('a' + number(words))) + "\n";
      }
      return lines;
    };
    const std::string before = text();
    const std::string after = text();
    const Lines added = added_lines(before, after);
    const Lines old_lines = lines_of(before);
    Lines kept = lines_of(after);
    const std::size_t size = kept.size();
    for (const std::string_view line : added) {
      const auto place = std::find_if(kept.begin(), kept.end(), [&](std::string_view other) {
        return other.data() == line.data();
      });
      ASSERT_NE(place, kept.end()) << before << "--\n" << after;
      EXPECT_EQ(*place, line);
      kept.erase(place);
    }
    EXPECT_EQ(added.size(), size - common_lines(old_lines, lines_of(after))) << before << "--\n"
                                                                             << after;
    EXPECT_TRUE(is_subsequence(kept, old_lines)) << before << "--\n" << after;
  }
}

TEST(CountChangedLines, CountsBothSides) {
  EXPECT_EQ(count_changed_lines("a\nb\n", "a\nb\n"), 0U);
  EXPECT_EQ(count_changed_lines("", "a\nb\n"), 2U);
  EXPECT_EQ(count_changed_lines("a\nb\n", ""), 2U);
  EXPECT_EQ(count_changed_lines("a\nb\nc\n", "a\nB\nc\n"), 2U);
  EXPECT_EQ(count_changed_lines("a\nb\nc\n", "x\na\nB\nc\n"), 3U);
}

}  // namespace
}  // namespace trunkgate
