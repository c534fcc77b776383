// Printable text, UTF-8, words and encodings.
#include "base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

TEST(Printable, LeavesPlainAndInternationalTextAlone) {
  EXPECT_EQ(printable("feature/größe 日本 🙂"), "feature/größe 日本 🙂");
  EXPECT_TRUE(is_printable("feature/größe 日本 🙂"));
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable(std::string_view("a\x1b[31m\x7f\r\n\t\0z", 12)),
            "a\\x1b[31m\\x7f\\x0d\\n\\t\\x00z");
  EXPECT_FALSE(is_printable("a\n"));
}

TEST(Printable, NamesInvisibleAndBidirectionalCharacters) {
  EXPECT_EQ(printable("a\u202Eb\u200Bc\u2066\u061C\uFEFF\u00AD\u180E\u2028\u2060\u0085\U000E0041"),
            "a<U+202E>b<U+200B>c<U+2066><U+061C><U+FEFF><U+00AD><U+180E><U+2028><U+2060><U+0085>"
            "<U+E0041>");
  EXPECT_FALSE(is_printable("\u200B"));
}

TEST(Printable, EscapesEveryByteOfInvalidUtf8) {
  EXPECT_EQ(printable("a\xff\xc3(\xed\xa0\x80\xf0\x9f\x99"),
            "a\\xff\\xc3(\\xed\\xa0\\x80\\xf0\\x9f\\x99");
  EXPECT_FALSE(is_printable("\xff"));
}

TEST(Printable, CutsAfterTheLimit) {
  EXPECT_EQ(printable("äöü", 3), "äöü");
  EXPECT_EQ(printable("äöüß", 3), "äöü...");
  EXPECT_EQ(printable("a", 0), "...");
  EXPECT_EQ(printable("", 0), "");
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatLiesAboveTheEnd) {
  for (const char* good :
       {"", "a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << printable(good);
  }
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82"}) {
    EXPECT_FALSE(is_utf8(bad)) << printable(bad);
  }
}

TEST(Utf8, ReplacesEachInvalidSequence) {
  EXPECT_EQ(lossy_utf8("a\xff\xfe"
                       "b\xe2\x82"),
            "a\uFFFD\uFFFDb\uFFFD");
  EXPECT_EQ(lossy_utf8("größe"), "größe");
}

TEST(Columns, CountsWideAndCombiningCharacters) {
  EXPECT_EQ(columns("größe"), 5U);
  EXPECT_EQ(columns("日本"), 4U);
  EXPECT_EQ(columns("🙂"), 2U);
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(columns(""), 0U);
}

TEST(Wrap, FillsLinesAndLeavesLongWordsUncut) {
  EXPECT_EQ(wrap("one two  three\nfour", 8), (Lines{"one two", "three", "four"}));
  EXPECT_EQ(wrap("a incomprehensible b", 5), (Lines{"a", "incomprehensible", "b"}));
  EXPECT_EQ(wrap("日本 日本", 8), (Lines{"日本", "日本"}));
  EXPECT_EQ(wrap(" \n ", 8), Lines{});
}

TEST(ShellQuote, QuotesAllButPlainWords) {
  EXPECT_EQ(shell_quote("refs/heads/a-b_c.1:2=@%+,"), "refs/heads/a-b_c.1:2=@%+,");
  EXPECT_EQ(shell_quote("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quote("~"), "'~'");
  EXPECT_EQ(shell_quote(""), "''");
}

TEST(CountOf, ChoosesTheNoun) {
  EXPECT_EQ(count_of(0, "branch", "branches"), "0 branches");
  EXPECT_EQ(count_of(1, "branch", "branches"), "1 branch");
  EXPECT_EQ(count_of(2, "branch", "branches"), "2 branches");
}

TEST(Words, SplitTrimLowerAndJoin) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(ascii_lower("AbZ-Ä"), "abz-Ä");
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(SizeText, SaysBytesWhenASizeAndItsLimitWouldReadTheSame) {
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_above(2048, 1024), "2.0 KiB; the limit is 1.0 KiB");
  EXPECT_EQ(size_above(1025, 1024), "1025 bytes; the limit is 1024");
}

TEST(Hex, GoesBothWays) {
  EXPECT_EQ(hex(std::string_view("\x00\x7f\xff", 3)), "007fff");
  EXPECT_EQ(unhex("007fFF"), std::string("\x00\x7f\xff", 3));
  EXPECT_EQ(unhex("abc"), std::nullopt);
  EXPECT_EQ(unhex("zz"), std::nullopt);
  EXPECT_EQ(unhex(""), "");
}

TEST(Base64, MatchesTheExamplesOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace trunkgate
