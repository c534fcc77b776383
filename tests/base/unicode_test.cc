// Code points: decoding, categories, case, look-alikes and names.
#include "base/unicode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace trunkgate {
namespace {

TEST(Unicode, DecodesAndEncodesEveryLengthOfUtf8) {
  const std::string text = "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80";
  EXPECT_EQ(decode_utf8(text), U"a\u00E9\u4E2D\U0001F600");
  EXPECT_EQ(encode_utf8(U"a\u00E9\u4E2D\U0001F600"), text);
  EXPECT_EQ(count_code_points(text), 4U);
}

TEST(Unicode, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(decode_utf8("a\xFF"
                        "b"),
            U"a\uFFFDb");
  EXPECT_EQ(encode_utf8(std::u32string{0xD800, 0x110000}), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Unicode, TellsLettersMarksAndNumbersOfAnyScript) {
  for (const char32_t c : std::u32string(U"aZ\u00DF\u4FEE\u0418\u05D0\U0001D400")) {
    EXPECT_TRUE(is_letter(c)) << describe_code_point(c);
  }
  for (const char32_t c : std::u32string(U"1_\u2728\uFF1A\u00B7\u0301\u00D7")) {
    EXPECT_FALSE(is_letter(c)) << describe_code_point(c);
  }
  EXPECT_TRUE(is_mark(0x301));
  EXPECT_TRUE(is_mark(0xFE0F));
  EXPECT_FALSE(is_mark('a'));
  EXPECT_TRUE(is_number('7'));
  EXPECT_TRUE(is_number(0x0663));
  EXPECT_TRUE(is_number(0xB2));
  EXPECT_FALSE(is_number('x'));
}

TEST(Unicode, HasSortedTablesWithoutOverlap) {
  for (const auto ranges : {letter_ranges(), mark_ranges(), number_ranges()}) {
    EXPECT_TRUE(std::is_sorted(ranges.begin(), ranges.end(),
                               [](const auto& a, const auto& b) { return a.last < b.first; }));
    for (const CodePointRange& range : ranges) EXPECT_LE(range.first, range.last);
  }
}

TEST(Unicode, TellsTheCharactersThatMustNotBePrinted) {
  for (const char32_t c : {0x0U, 0xBU, 0xCU, 0xDU, 0x1BU, 0x7FU, 0x85U, 0x9FU, 0x2028U, 0x2029U}) {
    EXPECT_TRUE(is_forbidden_control(c)) << describe_code_point(c);
  }
  for (const char32_t c : {0x9U, 0xAU, 0x20U, 0xA0U, 0x200BU}) {
    EXPECT_FALSE(is_forbidden_control(c)) << describe_code_point(c);
  }
  for (const char32_t c : {0x61CU, 0x200EU, 0x202EU, 0x2066U, 0x2069U}) {
    EXPECT_TRUE(is_bidi_control(c)) << describe_code_point(c);
  }
  for (const char32_t c : {0xADU, 0x200BU, 0x2060U, 0xFEFFU, 0x3164U, 0xE0041U}) {
    EXPECT_TRUE(is_invisible(c)) << describe_code_point(c);
  }
  EXPECT_FALSE(is_invisible('x'));
  EXPECT_FALSE(is_bidi_control(0x202F));
}

TEST(Unicode, LowersTheCaseOfScriptsThatHaveOne) {
  EXPECT_EQ(to_lower(U"F\u00C9\u0100\u0179\u0178\u0391\u038F\u0418\u0401\u0531\u4E2D\u00D7"),
            U"f\u00E9\u0101\u017A\u00FF\u03B1\u03CE\u0438\u0451\u0561\u4E2D\u00D7");
}

TEST(Unicode, FindsTheAsciiCharacterBehindALookAlike) {
  EXPECT_EQ(ascii_look_alike(0xFF46), U'f');
  EXPECT_EQ(ascii_look_alike(0xFF1A), U':');
  EXPECT_EQ(ascii_look_alike(0x435), U'e');
  EXPECT_EQ(ascii_look_alike(0x3BF), U'o');
  EXPECT_EQ(ascii_look_alike('e'), char32_t{0});
  EXPECT_EQ(ascii_look_alike(0x4E2D), char32_t{0});
}

TEST(Unicode, NamesCharactersInAscii) {
  EXPECT_EQ(describe_code_point(0xFF1A), "U+FF1A FULLWIDTH COLON");
  EXPECT_EQ(describe_code_point(0x202E), "U+202E RIGHT-TO-LEFT OVERRIDE");
  EXPECT_EQ(describe_code_point(0x1), "U+0001 (a control character)");
  EXPECT_EQ(describe_code_point(0x435), "U+0435 (a Cyrillic letter)");
  EXPECT_EQ(describe_code_point(0x1F600), "U+1F600");
  EXPECT_EQ(describe_code_point('#'), "'#'");
}

}  // namespace
}  // namespace trunkgate
