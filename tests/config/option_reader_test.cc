// Declared options, unknown keys, and words out of a list.
#include "config/option_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace trunkgate {
namespace {

const Option<std::int64_t> kCount{"count", "1", "approvals that are needed"};
const Option<std::vector<std::string>> kBy{"by", "[reviewers, 'b c']", "who may approve"};
const Option<std::string> kHint{"hint", "", "what to do instead"};
const Option<Pattern> kTitle{"title", "", "what a title looks like"};
const std::array<const OptionInfo*, 4> kDeclared = {&kCount.info, &kBy.info, &kHint.info,
                                                    &kTitle.info};

Node parse(std::string text, Diagnostics& diagnostics) {
  return parse_document(std::make_shared<const Source>(Source{"p.yaml", std::move(text)}),
                        diagnostics);
}

TEST(OptionReader, ReadsValuesAndDefaults) {
  Diagnostics diagnostics;
  const Node map = parse("count: 3\nhint: x\n", diagnostics);
  const OptionReader reader(map, kDeclared, diagnostics, "rule 'missing-approval'");
  EXPECT_EQ(reader.get(kCount), 3);
  EXPECT_EQ(reader.get(kBy), (std::vector<std::string>{"reviewers", "b c"}));
  EXPECT_EQ(reader.get(kHint), "x");
  EXPECT_FALSE(reader.get(kTitle).matches_all(""));
  EXPECT_TRUE(reader.has("count"));
  EXPECT_FALSE(reader.has("by"));
  EXPECT_EQ(reader.find("hint")->text, "x");
  EXPECT_EQ(reader.where().line, 1U);
  EXPECT_EQ(diagnostics.render(), "");
}

TEST(OptionReader, TakesDefaultsForAnAbsentMap) {
  Diagnostics diagnostics;
  const Node nothing;
  const OptionReader reader(nothing, kDeclared, diagnostics, "rule 'missing-approval'");
  EXPECT_EQ(reader.get(kCount), 1);
  EXPECT_EQ(reader.get(kHint), "");
  EXPECT_EQ(diagnostics.render(), "");
}

TEST(OptionReader, ReportsUnknownKeysAndMistakesTogether) {
  Diagnostics diagnostics;
  const Node map = parse("cuont: 3\nzebra: 1\ncount: many\n", diagnostics);
  const OptionReader reader(map, kDeclared, diagnostics, "rule 'missing-approval'");
  EXPECT_EQ(reader.get(kCount), 1);
  EXPECT_EQ(diagnostics.render(),
            "p.yaml:1:1: error: unknown key 'cuont' in rule 'missing-approval'\n"
            "    1 | cuont: 3\n"
            "      | ^~~~~ did you mean 'count'?\n"
            "p.yaml:2:1: error: unknown key 'zebra' in rule 'missing-approval'\n"
            "    2 | zebra: 1\n"
            "      | ^~~~~\n"
            "p.yaml:3:8: error: expected a whole number, found 'many'\n"
            "    3 | count: many\n"
            "      |        ^~~~\n"
            "3 mistakes\n");
}

TEST(OptionReader, RefusesWhatIsNoMap) {
  Diagnostics diagnostics;
  const Node root = parse("rule: [a]\n", diagnostics);
  const OptionReader reader(*root.find("rule"), kDeclared, diagnostics, "rule 'missing-approval'");
  EXPECT_EQ(reader.get(kCount), 1);
  EXPECT_EQ(diagnostics.render(),
            "p.yaml:1:7: error: rule 'missing-approval' must be a map, not a list\n"
            "    1 | rule: [a]\n"
            "      |       ^\n"
            "1 mistake\n");
}

TEST(ReadWord, FindsTheWordOrNamesTheNearest) {
  constexpr std::array<std::string_view, 4> kModes = {"enforce", "warn", "audit", "off"};
  Diagnostics diagnostics;
  const Node map = parse("a: audit\nb: 'off'\nc: enfroce\nd: [warn]\ne:\n", diagnostics);
  EXPECT_EQ(read_word(*map.find("a"), kModes, 0, diagnostics), 2U);
  EXPECT_EQ(read_word(*map.find("b"), kModes, 0, diagnostics), 3U);
  EXPECT_EQ(diagnostics.render(), "");
  EXPECT_EQ(read_word(*map.find("c"), kModes, 1, diagnostics), 1U);
  EXPECT_EQ(read_word(*map.find("d"), kModes, 0, diagnostics), 0U);
  EXPECT_EQ(read_word(*map.find("e"), kModes, 0, diagnostics), 0U);
  EXPECT_EQ(diagnostics.render(),
            "p.yaml:3:4: error: expected one of enforce, warn, audit, off; found 'enfroce'\n"
            "    3 | c: enfroce\n"
            "      |    ^~~~~~~ did you mean 'enforce'?\n"
            "p.yaml:4:4: error: expected one of enforce, warn, audit, off; found a list\n"
            "    4 | d: [warn]\n"
            "      |    ^\n"
            "p.yaml:5:1: error: expected one of enforce, warn, audit, off; found nothing\n"
            "    5 | e:\n"
            "      | ^\n"
            "3 mistakes\n");
}

}  // namespace
}  // namespace trunkgate
