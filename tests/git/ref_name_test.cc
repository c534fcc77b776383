// Names of references, compared with what git-check-ref-format(1) says.
#include "git/ref_name.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

// receive-pack asks this of what stands behind "refs/".
bool git_accepts(const TemporaryRepository& repository, const std::string& name) {
  if (!name.starts_with("refs/")) return false;
  try {
    repository.git({"check-ref-format", name.substr(5)});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

TEST(RefName, AcceptsOrdinaryNames) {
  for (const char* name :
       {"refs/heads/main", "refs/heads/feature/login", "refs/tags/v1.0", "refs/heads/a.b",
        "refs/heads/@", "refs/heads/a@b", "refs/heads/-f", "refs/heads/m\xd0\xb0in",
        "refs/heads/\xff", "refs/heads/a{b", "refs/heads/'$(x)'", "refs/heads/lock"}) {
    EXPECT_EQ(ref_name_mistake(name), std::nullopt) << name;
  }
}

TEST(RefName, SaysWhatIsWrongWithEachBadName) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "it is empty"},
      {"refs/heads/" + std::string(4096, 'a'), "it is longer than 4096 bytes"},
      {"main", "it does not start with refs/"},
      {"HEAD", "it does not start with refs/"},
      {"Refs/heads/main", "it does not start with refs/"},
      {"refs/stash", "it has only one part after refs/"},
      {"refs/heads/", "it has an empty part"},
      {"refs/heads//x", "it has an empty part"},
      {"refs/heads/x/", "it has an empty part"},
      {"refs//x", "it has an empty part"},
      {"refs/heads/a b", "it has a space"},
      {"refs/heads/a\tb", "it has a control character"},
      {"refs/heads/a\x7f", "it has a control character"},
      {std::string("refs/heads/a\0b", 14), "it has a control character"},
      {"refs/heads/a~1", "it has the character '~'"},
      {"refs/heads/a^", "it has the character '^'"},
      {"refs/heads/a:b", "it has the character ':'"},
      {"refs/heads/a?", "it has the character '?'"},
      {"refs/heads/*", "it has the character '*'"},
      {"refs/heads/a[b", "it has the character '['"},
      {"refs/heads/a\\b", "it has the character '\\'"},
      {"refs/heads/a..b", "it has '..'"},
      {"refs/heads/../x", "it has '..'"},
      {"refs/heads/a@{1}", "it has '@{'"},
      {"refs/heads/a.", "it ends with '.'"},
      {"refs/heads/.a", "a part starts with '.'"},
      {"refs/heads/a/.b", "a part starts with '.'"},
      {"refs/heads/a.lock", "a part ends with '.lock'"},
      {"refs/heads/a.lock/b", "a part ends with '.lock'"},
  };
  for (const auto& [name, why] : cases) {
    EXPECT_EQ(ref_name_mistake(name).value_or("nothing"), why) << name;
  }
}

TEST(RefName, AgreesWithGitOnManyNames) {
  const TemporaryRepository repository;
  const std::vector<std::string> parts{
      "a", "/",  ".", "..", "@", "{", "@{", ".lock", "~",  "^",        ":",     "?",   "*",  "[",
      "]", "\\", " ", "\t", "-", "b", "/x", "\x7f",  "\n", "\xc3\xa9", "heads", "/.x", "x.", "/-"};
  std::mt19937 random(20240229);
  for (int i = 0; i < 250; ++i) {
    std::string name = i % 10 == 0 ? "refs/" : "refs/heads/";
    for (auto length = random() % 5 + 1; length > 0; --length) {
      name += parts[random() % parts.size()];
    }
    EXPECT_EQ(!ref_name_mistake(name), git_accepts(repository, name)) << name;
  }
}

TEST(RefName, IsShortenedForBranchesAndTagsOnly) {
  EXPECT_EQ(short_name("refs/heads/feature/x"), "feature/x");
  EXPECT_EQ(short_name("refs/tags/v1"), "v1");
  EXPECT_EQ(short_name("refs/notes/commits"), "refs/notes/commits");
  EXPECT_EQ(short_name("refs/headsx/a"), "refs/headsx/a");
  EXPECT_EQ(short_name("HEAD"), "HEAD");
}

}  // namespace
}  // namespace trunkgate
