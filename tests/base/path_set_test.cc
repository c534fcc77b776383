// Path patterns, compared with what Git makes of the same lines in a .gitignore file.
#include "base/path_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Texts = std::vector<std::string>;

// Patterns and paths of few letters, so that many match, with everything that means something.
class Generator {
 public:
  std::string path() {
    std::string text = name();
    for (std::size_t i = random_() % 4; i > 0; --i) text += "/" + name();
    return text;
  }

  // One to four patterns without mistakes.
  Texts patterns() {
    Texts texts;
    const std::size_t count = 1 + random_() % 4;
    while (texts.size() < count) {
      std::string text = pattern();
      if (!PathSet::mistake(text)) texts.push_back(std::move(text));
    }
    return texts;
  }

 private:
  std::string one_of(std::initializer_list<const char*> parts) {
    return parts.begin()[random_() % parts.size()];
  }
  bool once_in(std::size_t times) { return random_() % times == 0; }

  std::string name() {
    std::string text;
    for (std::size_t i = 1 + random_() % 3; i > 0; --i) {
      text += one_of({"a", "a", "b", "b", "c", ".c", "A", "1", "*", "?", "[", "]", "\\", "!", "-",
                      "#", "^", "\xc3\xa9", "\xff"});
    }
    return text == "." || text == ".." ? "a" : text;
  }

  std::string pattern() {
    std::string text = once_in(4) ? "!" : "";
    if (once_in(5)) text += "/";
    for (std::size_t i = 1 + random_() % 3; i > 0; --i) {
      text += once_in(6) ? "**" : segment();
      if (i > 1) text += "/";
    }
    return once_in(6) ? text + "/" : text;
  }

  std::string segment() {
    std::string text;
    for (std::size_t i = 1 + random_() % 3; i > 0; --i) {
      text += once_in(4)
                  ? one_of({"[ab]", "[!a]", "[^b]", "[a-c]", "[]a]", "[!]b]", "[\\]a]", "[\\a-\\c]",
                            "[a\\-c]", "[[:alpha:]]", "[![:digit:]]", "[[:upper:]1]", "[*?]",
                            "[a/b]", "[\\!\\\\]", "[\x80-\xff]", "[-a]", "[[a]"})
              : once_in(4)
                  ? one_of({"\\a", "\\*", "\\?", "\\[", "\\]", "\\\\", "\\!", "\\#", "\\b"})
              : once_in(3) ? one_of({"*", "?"})
                           : one_of({"a", "b", "c", ".c", "A", "1", "-", "\xc3\xa9", "]", "^"});
    }
    return text;
  }

  std::mt19937 random_{20261121};
};

// What each of the NUL-separated answers of `git check-ignore -v -n -z` says: the number of the
// line that decides, counted from 0, when it does not take back.
std::vector<std::optional<std::size_t>> deciding_lines(std::string_view answers) {
  std::vector<std::optional<std::size_t>> lines;
  std::vector<std::string> fields;
  while (!answers.empty()) {
    const auto end = std::min(answers.find('\0'), answers.size());
    fields.emplace_back(answers.substr(0, end));
    answers.remove_prefix(std::min(end + 1, answers.size()));
    if (fields.size() < 4) continue;
    if (fields[1].empty() || fields[2].starts_with('!')) {
      lines.emplace_back();
    } else {
      lines.emplace_back(std::stoul(fields[1]) - 1);
    }
    fields.clear();
  }
  return lines;
}

TEST(PathSet, SaysWhichPatternDecides) {
  const PathSet set(Texts{"*.ckpt", "wandb/", "!keep.ckpt"});
  const auto match = [&](std::string_view path) {
    const std::string* text = set.match(path);
    return text == nullptr ? "" : *text;
  };
  EXPECT_EQ(match("models/vit.ckpt"), "*.ckpt");
  EXPECT_EQ(match("wandb/run/log"), "wandb/");
  EXPECT_EQ(match("x/wandb/log"), "wandb/");
  EXPECT_EQ(match("wandb"), "");
  EXPECT_EQ(match("models/keep.ckpt"), "");
  EXPECT_EQ(match("wandb/keep.ckpt"), "wandb/");
  EXPECT_EQ(match("models/vit.ckpt2"), "");
}

TEST(PathSet, TakesNamesForOneAsSomeSystemsDo) {
  const PathSet set = PathSet(Texts{"/CI/", "*.Exe", "!Keep.exe", "caf\xc3\xa9"}).ignoring_case();
  const auto match = [&](std::string_view path) {
    const std::string* text = set.match(path);
    return text == nullptr ? "" : *text;
  };
  EXPECT_EQ(match("ci/run"), "/CI/");
  EXPECT_EQ(match("a/SETUP.EXE"), "*.Exe");
  EXPECT_EQ(match("KEEP.EXE"), "");
  EXPECT_EQ(match("CAFE\xcc\x81"), "caf\xc3\xa9");
  EXPECT_EQ(match("x/ci/run"), "");
  EXPECT_EQ(match("\xff/CI/run"), "");
  EXPECT_EQ(PathSet(Texts{"ci/"}).match("CI/run"), nullptr);
}

// What `git check-ignore` says of a submodule in the work tree.
TEST(PathSet, TakesASubmoduleForAFolder) {
  const PathSet set(Texts{"third_party/"});
  EXPECT_FALSE(set.matches("third_party"));
  EXPECT_TRUE(set.matches("third_party", PathSet::What::folder));
  EXPECT_TRUE(set.matches("a/third_party", PathSet::What::folder));
}

TEST(PathSet, IsEmptyWithoutPatterns) {
  EXPECT_TRUE(PathSet().empty());
  EXPECT_FALSE(PathSet().matches("a"));
}

TEST(PathSet, MatchesBytesThatAreNoText) {
  EXPECT_TRUE(PathSet(Texts{"*.x"}).matches("a\xff\n.x"));
}

TEST(PathSet, NamesMistakes) {
  EXPECT_FALSE(PathSet::mistake("a[b").value_or("").empty());
  EXPECT_FALSE(PathSet::mistake("").value_or("").empty());
  EXPECT_FALSE(PathSet::mistake("!").value_or("").empty());
  EXPECT_EQ(PathSet::mistake("!a/**/b/"), std::nullopt);
}

TEST(PathSet, AgreesWithGitCheckIgnore) {
  const std::vector<Texts> cases = {
      {"*.npy"},       {"/a"},         {"a/"},     {"a/b"},           {"/a/b"},
      {"a/*"},         {"a/**"},       {"**/b"},   {"a/**/c"},        {"a"},
      {"a?"},          {"[ab]"},       {"[!a]"},   {"b/*.c"},         {"*", "!a"},
      {"a/*", "!a/b"}, {"a/", "!a/b"}, {"**/a/b"}, {"*.c", "!b/c.c"}, {"b*/c*"},
      {"/*.c"},        {"**"},         {"a/b/"},   {"/b/**/c.c"},     {"!a", "a"}};
  const std::vector<std::string> paths = {
      "a",       "b",     "ab",      "a.npy",   "c.c",     "a/b",       "a/c.c",   "a/b/c",
      "b/a",     "b/b",   "b/c.c",   "b/a/b",   "a/a/a",   "b/b/b/c.c", "a/b/a/c", "bb/cc/a.npy",
      "c/a/b/c", "a/b.c", "b/a.npy", "d/e/a/x", "b/d/c.c", "bc/cd",     "x/bc/cd"};
  const TemporaryRepository repository;
  const std::string work = repository.beside("work");
  repository.git({"init", "-q", work});
  for (const Texts& patterns : cases) {
    std::ofstream ignore(work + "/.gitignore");
    for (const std::string& text : patterns) ignore << text << "\n";
    ignore.close();
    for (const std::string& path : paths) {
      // Folders must exist for Git to know that they are.
      std::filesystem::remove_all(work + "/" + path.substr(0, path.find('/')));
      std::filesystem::create_directories(std::filesystem::path(work + "/" + path).parent_path());
      std::ofstream(work + "/" + path) << "x";
      std::string said;
      try {
        said = repository.git({"-C", work, "check-ignore", "--no-index", path});
      } catch (const std::runtime_error&) {
        said.clear();  // exit code 1: not ignored
      }
      EXPECT_EQ(PathSet(patterns).matches(path), !said.empty()) << patterns[0] << " " << path;
      std::filesystem::remove_all(work + "/" + path.substr(0, path.find('/')));
    }
  }
}

TEST(PathSet, AgreesWithGitCheckIgnoreOnGeneratedCases) {
  constexpr std::size_t kSets = 1200;
  constexpr std::size_t kPaths = 40;
  const TemporaryRepository repository;
  const std::string work = repository.beside("work");
  repository.git({"init", "-q", work});
  // A folder for each set, so that one process of Git answers for all.
  Generator generate;
  std::vector<PathSet> sets;
  std::vector<std::pair<std::size_t, std::string>> cases;
  std::string input;
  for (std::size_t i = 0; i < kSets; ++i) {
    const Texts patterns = generate.patterns();
    const std::string folder = "set" + std::to_string(i);
    std::filesystem::create_directory(work + "/" + folder);
    std::ofstream ignore(work + "/" + folder + "/.gitignore");
    for (const std::string& text : patterns) ignore << text << "\n";
    sets.emplace_back(patterns);
    for (std::size_t j = 0; j < kPaths; ++j) {
      cases.emplace_back(i, generate.path());
      input += folder + "/" + cases.back().second + std::string(1, '\0');
    }
  }
  const auto wanted = deciding_lines(repository.git(
      {"-C", work, "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"}, input));
  ASSERT_EQ(wanted.size(), cases.size());

  std::size_t matched = 0;
  std::map<std::string, std::size_t> deciding;  // how often a pattern with this in it did
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [number, path] = cases[i];
    const PathSet& set = sets[number];
    const std::string* text = set.match(path);
    const std::string mine = text == nullptr ? "nothing" : *text;
    const std::string gits = wanted[i] ? set.texts()[*wanted[i]] : "nothing";
    ASSERT_EQ(mine, gits) << path << " by " << testing::PrintToString(set.texts());
    if (text == nullptr) continue;
    ++matched;
    for (const char* part : {"\\", "[", "[[:", "[!", "**", "*", "?"}) {
      deciding[part] += text->find(part) != std::string::npos ? 1U : 0U;
    }
    deciding["/ in front"] += text->starts_with("/") ? 1U : 0U;
    deciding["/ at the end"] += text->ends_with("/") ? 1U : 0U;
  }
  EXPECT_GT(matched, cases.size() / 10);
  EXPECT_GT(cases.size() - matched, cases.size() / 10);
  for (const auto& [part, times] : deciding) EXPECT_GT(times, 30U) << part;
  // What takes back does so for something that an earlier pattern matches.
  std::size_t taken_back = 0;
  for (const auto& [number, path] : cases) {
    Texts without;
    for (const std::string& text : sets[number].texts()) {
      if (!text.starts_with("!")) without.push_back(text);
    }
    taken_back += !sets[number].matches(path) && PathSet(without).matches(path) ? 1U : 0U;
  }
  EXPECT_GT(taken_back, 50U);
}

}  // namespace
}  // namespace trunkgate
