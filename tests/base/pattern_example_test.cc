// Texts that stand for regular expressions.
#include "base/pattern_example.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace trunkgate {
namespace {

std::string example(const std::string& pattern) {
  EXPECT_EQ(Pattern::mistake(pattern), std::nullopt) << pattern;
  return example_of(Pattern(pattern)).value_or("none");
}

TEST(PatternExample, LooksLikeWhatItStandsFor) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"[A-Z][A-Z0-9]+-[0-9]+", "ABC-123"},
      {"[0-9A-Z]{4}-[0-9]{3}", "ABCD-123"},
      {"#[0-9]+", "#123"},
      {"#\\d{2,5}", "#12"},
      {"^(JIRA|GH)-[1-9][0-9]*$", "JIRA-1"},
      {"(?:ab){2}c?", "abab"},
      {"(?i)ticket \\d+", "ticket 123"},
      {"Copyright \\d{4}", "Copyright 1234"},
      {"a[.]b\\.c", "a.b.c"},
      {"[^a-z]{2}", "AB"},
      {"[a-]x", "ax"},
      {"x\\b", "x"},
  };
  for (const auto& [pattern, text] : cases) EXPECT_EQ(example(pattern), text) << pattern;
}

TEST(PatternExample, IsNothingWhereNoneIsFound) {
  for (const char* pattern : {"\\pL+", "[[:alpha:]]+", "(?m)^x$", "a{61}", "x\\By", "\\x{41}", "a*",
                              " x ", "caf\xc3\xa9", "(?P<name>x)", "\\bx-\\b"}) {
    EXPECT_EQ(example(pattern), "none") << pattern;
  }
  EXPECT_EQ(example(std::string(20, '(') + "x" + std::string(20, ')')), "x");
  EXPECT_EQ(example(std::string(30, '(') + "x" + std::string(30, ')')), "none");
  EXPECT_EQ(example(std::string(201, 'x')), "none");
}

}  // namespace
}  // namespace trunkgate
