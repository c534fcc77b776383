// How mistakes are shown.
#include "config/diagnostics.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace trunkgate {
namespace {

std::shared_ptr<const Source> source(std::string text, std::string path = "policy.yaml") {
  return std::make_shared<const Source>(Source{std::move(path), std::move(text)});
}

std::string render_one(std::string text, std::size_t line, std::size_t column, std::size_t length,
                       std::string message = "wrong", std::string suggestion = {}) {
  Diagnostics diagnostics;
  diagnostics.error({source(std::move(text)), line, column, length}, std::move(message),
                    std::move(suggestion));
  return diagnostics.render();
}

TEST(Diagnostics, ShowsTheLineACaretAndTheSuggestion) {
  EXPECT_EQ(render_one(std::string(13, '\n') + "      sevrity: error\n", 14, 7, 7,
                       "unknown key 'sevrity' in a rule", "did you mean 'severity'?"),
            "policy.yaml:14:7: error: unknown key 'sevrity' in a rule\n"
            "   14 |       sevrity: error\n"
            "      |       ^~~~~~~ did you mean 'severity'?\n"
            "1 mistake\n");
}

TEST(Diagnostics, AlignsTheCaretBehindTabsWideAndHiddenCharacters) {
  EXPECT_EQ(render_one("\t日本 \u202E: 日本x\r\n", 1, 8, 2),
            "policy.yaml:1:8: error: wrong\n"
            "    1 |  日本 <U+202E>: 日本x\n"
            "      |                 ^~~~\n"
            "1 mistake\n");
}

TEST(Diagnostics, MakesEveryByteOfSourcePathAndMessagePrintable) {
  Diagnostics diagnostics;
  diagnostics.error({source("a\x1b\xff", "p\x1b.yaml"), 1, 2, 1}, "bad \x1b", "try\n");
  EXPECT_EQ(diagnostics.render(),
            "p\\x1b.yaml:1:2: error: bad \\x1b\n"
            "    1 | a\\x1b\\xff\n"
            "      |  ^~~~ try\\n\n"
            "1 mistake\n");
}

TEST(Diagnostics, CutsALongLineAroundTheCaret) {
  const std::string line = std::string(200, 'a') + "X" + std::string(200, 'b');
  EXPECT_EQ(render_one(line, 1, 201, 1),
            "policy.yaml:1:201: error: wrong\n"
            "    1 | ..." +
                std::string(40, 'a') + "X" + std::string(53, 'b') +
                "...\n"
                "      | " +
                std::string(43, ' ') +
                "^\n"
                "1 mistake\n");
  EXPECT_EQ(render_one(line, 1, 1, 500),
            "policy.yaml:1:1: error: wrong\n"
            "    1 | " +
                std::string(94, 'a') +
                "...\n"
                "      | ^" +
                std::string(93, '~') +
                "\n"
                "1 mistake\n");
  EXPECT_EQ(render_one(std::string(100, 'a'), 1, 100, 1),
            "policy.yaml:1:100: error: wrong\n"
            "    1 | " +
                std::string(100, 'a') +
                "\n"
                "      | " +
                std::string(99, ' ') +
                "^\n"
                "1 mistake\n");
}

TEST(Diagnostics, CutsALineOfAMegabyte) {
  const std::string line(1'000'000, 'a');
  EXPECT_EQ(render_one(line, 1, 1'000'000, 1),
            "policy.yaml:1:1000000: error: wrong\n"
            "    1 | ..." +
                std::string(41, 'a') +
                "\n"
                "      | " +
                std::string(43, ' ') +
                "^\n"
                "1 mistake\n");
}

TEST(Diagnostics, PointsBehindTheEndOfALineOrAFile) {
  EXPECT_EQ(render_one("ab\n", 1, 3, 1),
            "policy.yaml:1:3: error: wrong\n"
            "    1 | ab\n"
            "      |   ^\n"
            "1 mistake\n");
  EXPECT_EQ(render_one("", 7, 1, 1),
            "policy.yaml:7:1: error: wrong\n"
            "    7 |\n"
            "      | ^\n"
            "1 mistake\n");
}

TEST(Diagnostics, SortsByFileAndPosition) {
  const auto first = source("a\nb\n", "one.yaml");
  const auto second = source("c\n", "two.yaml");
  Diagnostics diagnostics;
  diagnostics.error({first, 2, 1, 1}, "third");
  diagnostics.error({second, 1, 1, 1}, "fourth");
  diagnostics.error({first, 1, 2, 1}, "second");
  diagnostics.error({first, 1, 1, 1}, "first");
  EXPECT_EQ(diagnostics.render(),
            "one.yaml:1:1: error: first\n"
            "    1 | a\n"
            "      | ^\n"
            "one.yaml:1:2: error: second\n"
            "    1 | a\n"
            "      |  ^\n"
            "one.yaml:2:1: error: third\n"
            "    2 | b\n"
            "      | ^\n"
            "two.yaml:1:1: error: fourth\n"
            "    1 | c\n"
            "      | ^\n"
            "4 mistakes\n");
}

TEST(Diagnostics, CountsWhatIsNotShown) {
  Diagnostics diagnostics;
  const auto file = source("a\n");
  for (std::size_t i = 0; i < 3; ++i) diagnostics.error({file, 1, 1, 1}, "wrong");
  EXPECT_EQ(diagnostics.render(1),
            "policy.yaml:1:1: error: wrong\n"
            "    1 | a\n"
            "      | ^\n"
            "3 mistakes, the first 1 shown\n");
}

TEST(Diagnostics, IsEmptyAtFirst) {
  EXPECT_TRUE(Diagnostics().empty());
  EXPECT_EQ(Diagnostics().render(), "");
}

TEST(Diagnostics, ManagesWithoutASource) {
  Diagnostics diagnostics;
  diagnostics.error({}, "wrong", "do it right");
  EXPECT_EQ(diagnostics.render(), "error: wrong; do it right\n1 mistake\n");
}

TEST(Location, NamesFileAndLine) {
  EXPECT_EQ(file_and_line({source(""), 14, 7, 1}), "policy.yaml:14");
}

TEST(ConfigError, CarriesTheRenderedText) {
  Diagnostics diagnostics;
  diagnostics.error({source("a\n"), 1, 1, 1}, "wrong");
  const ConfigError error(diagnostics);
  EXPECT_EQ(error.kind(), ErrorKind::config);
  EXPECT_EQ(error.what(), diagnostics.render());
  EXPECT_EQ(error.diagnostics().list().size(), 1U);
}

TEST(Diagnostics, ShowWarningsAmongMistakes) {
  const auto source = std::make_shared<const Source>(Source{"p.yaml", "one\ntwo\nthree\n"});
  const auto line = [&](std::size_t number) { return Location{source, number, 1, 3}; };
  Diagnostics diagnostics;
  diagnostics.warning(line(2), "doubtful", "really?");
  EXPECT_TRUE(diagnostics.empty());
  EXPECT_EQ(diagnostics.render(),
            "p.yaml:2:1: warning: doubtful\n    2 | two\n      | ^~~ really?\n1 warning\n");
  diagnostics.error(line(3), "wrong");
  diagnostics.error(line(1), "wrong");
  EXPECT_FALSE(diagnostics.empty());
  EXPECT_EQ(diagnostics.render(),
            "p.yaml:1:1: error: wrong\n    1 | one\n      | ^~~\n"
            "p.yaml:2:1: warning: doubtful\n    2 | two\n      | ^~~ really?\n"
            "p.yaml:3:1: error: wrong\n    3 | three\n      | ^~~\n"
            "2 mistakes, 1 warning\n");
}

}  // namespace
}  // namespace trunkgate
