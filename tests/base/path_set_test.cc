// Path patterns, compared with what Git makes of the same lines in a .gitignore file.
#include "base/path_set.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Texts = std::vector<std::string>;

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

}  // namespace
}  // namespace trunkgate
