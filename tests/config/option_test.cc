// The exact grammar of every type of option.
#include "config/option.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace trunkgate {
namespace {

// Reads the value of "x: <yaml>" into `value`; the mistakes as "message; suggestion", one a line.
template <typename T>
std::string read(const std::string& yaml, T& value) {
  Diagnostics diagnostics;
  const Node root = parse_document(
      std::make_shared<const Source>(Source{"p.yaml", "x: " + yaml + "\n"}), diagnostics);
  const Node* node = root.find("x");
  if (node == nullptr || !diagnostics.empty()) return diagnostics.render();
  const bool good = OptionType<T>::read(*node, diagnostics, value);
  EXPECT_EQ(good, diagnostics.empty());
  std::string out;
  for (const Diagnostic& one : diagnostics.list()) {
    out += (out.empty() ? "" : "\n") + one.message +
           (one.suggestion.empty() ? "" : "; " + one.suggestion);
  }
  return out;
}

template <typename T>
std::string mistake(const std::string& yaml) {
  T value{};
  return read(yaml, value);
}

template <typename T>
T good(const std::string& yaml) {
  T value{};
  EXPECT_EQ(read(yaml, value), "");
  return value;
}

TEST(BoolOption, TakesTwoWordsOnly) {
  EXPECT_TRUE(good<bool>("true"));
  EXPECT_FALSE(good<bool>("false"));
  EXPECT_EQ(mistake<bool>("yes"), "expected true or false, found 'yes'; write true");
  EXPECT_EQ(mistake<bool>("NO"), "expected true or false, found 'NO'; write false");
  EXPECT_EQ(mistake<bool>("on"), "expected true or false, found 'on'; write true");
  EXPECT_EQ(mistake<bool>("off"), "expected true or false, found 'off'; write false");
  EXPECT_EQ(mistake<bool>("True"), "expected true or false, found 'True'; write true");
  EXPECT_EQ(mistake<bool>("\"true\""),
            "expected true or false, found the quoted text 'true'; write true without quotes");
  EXPECT_EQ(mistake<bool>("1"), "expected true or false, found '1'");
  EXPECT_EQ(mistake<bool>(""), "expected true or false, found nothing");
  EXPECT_EQ(mistake<bool>("[true]"), "expected true or false, found a list");
}

TEST(WholeNumberOption, TakesDigitsWithoutALeadingZero) {
  EXPECT_EQ(good<std::int64_t>("0"), 0);
  EXPECT_EQ(good<std::int64_t>("42"), 42);
  EXPECT_EQ(good<std::int64_t>("999999999999999999"), 999'999'999'999'999'999);
  EXPECT_EQ(mistake<std::int64_t>("1000000000000000000"), "1000000000000000000 is too large");
  EXPECT_EQ(mistake<std::int64_t>("017"), "expected a whole number, found '017'; write 17");
  EXPECT_EQ(mistake<std::int64_t>("00"), "expected a whole number, found '00'; write 0");
  for (const char* bad : {"1e3", "1_000", "-1", "+1", "0x1F", "1.5"}) {
    EXPECT_EQ(mistake<std::int64_t>(bad),
              std::string("expected a whole number, found '") + bad + "'");
  }
  EXPECT_EQ(mistake<std::int64_t>("'17'"),
            "expected a whole number, found the quoted text '17'; write 17 without quotes");
  EXPECT_EQ(mistake<std::int64_t>("~"), "expected a whole number, found nothing");
}

TEST(TextOption, TakesAnyText) {
  EXPECT_EQ(good<std::string>("true"), "true");
  EXPECT_EQ(good<std::string>("017"), "017");
  EXPECT_EQ(good<std::string>("'a b'"), "a b");
  EXPECT_EQ(good<std::string>("''"), "");
  EXPECT_EQ(mistake<std::string>("null"), "expected text, found nothing");
  EXPECT_EQ(mistake<std::string>("{a: b}"), "expected text, found a map");
}

TEST(TextsOption, TakesOneTextForAList) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(good<Texts>("[a, 'b', 1]"), (Texts{"a", "b", "1"}));
  EXPECT_EQ(good<Texts>("a"), Texts{"a"});
  EXPECT_EQ(good<Texts>("[]"), Texts{});
  EXPECT_EQ(mistake<Texts>(""), "expected a list of texts, found nothing");
  EXPECT_EQ(mistake<Texts>("{a: b}"), "expected a list of texts, found a map");
  EXPECT_EQ(mistake<Texts>("[a, ~, [b]]"),
            "expected text, found nothing\nexpected text, found a list");
}

TEST(GlobsOption, ReportsEveryBadGlob) {
  const auto globs = good<GlobSet>("[main, 'release/**']");
  EXPECT_TRUE(globs.matches("release/1"));
  EXPECT_EQ(globs.globs().size(), 2U);
  EXPECT_TRUE(good<GlobSet>("main").matches("main"));
  EXPECT_EQ(mistake<GlobSet>("['a**', ok, '[a', '', {}]"),
            "bad glob: '**' must be a whole segment, as in 'a/**' or '**/b'\n"
            "bad glob: the class that '[' opens is never closed\n"
            "bad glob: a glob must not be empty\n"
            "expected a glob, found a map");
}

TEST(PatternOption, ReportsBadPatterns) {
  EXPECT_TRUE(good<Pattern>("'[a-z]+'").matches_all("abc"));
  EXPECT_EQ(mistake<Pattern>("'a(b'"), "bad pattern: a '(' is never closed: 'a(b'");
  EXPECT_EQ(mistake<Pattern>("''"), "bad pattern: it is empty and would match everything");
  EXPECT_EQ(mistake<Pattern>("[a]"), "expected a pattern, found a list");
  EXPECT_EQ(good<std::vector<Pattern>>("['a', 'b']").size(), 2U);
  EXPECT_EQ(good<std::vector<Pattern>>("a").size(), 1U);
  EXPECT_EQ(mistake<std::vector<Pattern>>("['*', a, '[']"),
            "bad pattern: nothing to repeat before '*'\nbad pattern: a '[' is never closed: '['");
}

TEST(DurationOption, NeedsAUnit) {
  using std::chrono::seconds;
  EXPECT_EQ(good<seconds>("90s"), seconds(90));
  EXPECT_EQ(good<seconds>("15m"), seconds(900));
  EXPECT_EQ(good<seconds>("48h"), seconds(172'800));
  EXPECT_EQ(good<seconds>("7d"), seconds(604'800));
  EXPECT_EQ(good<seconds>("2w"), seconds(1'209'600));
  EXPECT_EQ(good<seconds>("0s"), seconds(0));
  for (const char* bad : {"90", "h", "1.5h", "-1h", "48 h", "48H", "07d", "1h30m", "3 days"}) {
    EXPECT_EQ(
        mistake<seconds>(bad),
        std::string("expected a duration such as 90s, 15m, 48h, 7d or 2w, found '") + bad + "'");
  }
  EXPECT_EQ(mistake<seconds>("'7d'"),
            "expected a duration such as 90s, 15m, 48h, 7d or 2w, found the quoted text '7d'; "
            "write 7d without quotes");
  EXPECT_EQ(good<seconds>("36525d"), seconds(3'155'760'000));
  EXPECT_EQ(mistake<seconds>("36526d"), "36526d is too large");
  EXPECT_EQ(mistake<seconds>("99999999999999999999w"), "99999999999999999999w is too large");
}

TEST(SizeOption, KnowsBinaryAndDecimalUnits) {
  EXPECT_EQ(good<ByteSize>("512").bytes, 512U);
  EXPECT_EQ(good<ByteSize>("0").bytes, 0U);
  EXPECT_EQ(good<ByteSize>("10 KiB").bytes, 10'240U);
  EXPECT_EQ(good<ByteSize>("10MiB").bytes, 10'485'760U);
  EXPECT_EQ(good<ByteSize>("2 GiB").bytes, 2'147'483'648U);
  EXPECT_EQ(good<ByteSize>("10 KB").bytes, 10'000U);
  EXPECT_EQ(good<ByteSize>("10 MB").bytes, 10'000'000U);
  EXPECT_EQ(good<ByteSize>("2 GB").bytes, 2'000'000'000U);
  for (const char* bad : {"10 mib", "10  MiB", "MiB", "1.5 MiB", "010 MiB", "10 M", "-1"}) {
    EXPECT_EQ(
        mistake<ByteSize>(bad),
        std::string("expected a size such as 512, 10 KiB, 10 MiB or 2 GiB, found '") + bad + "'");
  }
  EXPECT_EQ(mistake<ByteSize>("9999999999 GiB"), "9999999999 GiB is too large");
  EXPECT_EQ(mistake<ByteSize>("'512'"),
            "expected a size such as 512, 10 KiB, 10 MiB or 2 GiB, found the quoted text '512'; "
            "write 512 without quotes");
  EXPECT_EQ(mistake<ByteSize>("[1]"),
            "expected a size such as 512, 10 KiB, 10 MiB or 2 GiB, found a list");
}

}  // namespace
}  // namespace trunkgate
