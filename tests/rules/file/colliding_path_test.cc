// colliding-path: whole findings.
#include <map>
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

// The finding about `path`, which is taken for `other`.
std::string collides(const std::string& path, const std::string& other) {
  return path + " 0: collides with '" + other +
         "' on systems that take the two names for one\n"
         "? rename one of them: git mv -f OLD NEW\n";
}

class CollidingPath : public ContentRuleTest {
 protected:
  CollidingPath() : ContentRuleTest("colliding-path") { with("{}"); }

  // A commit with one file of each name, on top of one with those in `before`.
  std::string commit(const std::vector<std::string>& names,
                     const std::vector<std::string>& before = {}) {
    const auto files = [](const std::vector<std::string>& paths) {
      std::map<std::string, std::string> all;
      for (const std::string& path : paths) all[path] = "1";
      return all;
    };
    const ObjectId base = server_.commit("feat: base", {}, files(before));
    return judge(server_.commit("feat: names", {base}, files(names)));
  }
};

TEST_F(CollidingPath, AcceptsDifferentNames) {
  EXPECT_EQ(commit({"README", "src/a.cc", "src/b.cc", "lib/README", "a", "a.b", "ab"}), kFine);
}

TEST_F(CollidingPath, RejectsBothOfTwoNewNames) {
  EXPECT_EQ(commit({"README", "readme"}),
            collides("README", "readme") + collides("readme", "README"));
}

TEST_F(CollidingPath, RejectsTheNewOneOfTwoNames) {
  EXPECT_EQ(commit({"a/b/README", "a/b/Readme"}, {"a/b/README"}),
            collides("a/b/Readme", "a/b/README"));
}

TEST_F(CollidingPath, SeesFoldersAboveAFile) {
  EXPECT_EQ(commit({"x/src/a", "x/Src/b"}, {"x/src/a"}), collides("x/Src/b", "x/src"));
  EXPECT_EQ(commit({"src/a", "SRC"}, {"src/a"}), collides("SRC", "src"));
  EXPECT_EQ(commit({"Src/a/b", "src/a/B"}),
            collides("Src/a/b", "src") + collides("src/a/B", "Src"));
}

TEST_F(CollidingPath, AcceptsAFileInFoldersThatCollidedBefore) {
  EXPECT_EQ(commit({"x/src/a", "x/Src/b", "x/src/new"}, {"x/src/a", "x/Src/b"}), kFine);
  EXPECT_EQ(commit({"x/src/a", "x/Src/b", "x/src/A"}, {"x/src/a", "x/Src/b"}),
            collides("x/src/A", "x/src/a"));
  // Another folder with the same names is another collision.
  EXPECT_EQ(commit({"src/a", "Src/b", "y/src/a", "y/Src/b"}, {"src/a", "Src/b", "y/src/a"}),
            collides("y/Src/b", "y/src"));
}

TEST_F(CollidingPath, AcceptsANameThatIsWrittenAnew) {
  EXPECT_EQ(commit({"readme"}, {"README"}), kFine);
  EXPECT_EQ(commit({"src/a"}, {"Src/a"}), kFine);
}

TEST_F(CollidingPath, RejectsLettersBeyondAscii) {
  EXPECT_EQ(commit({"\xc3\x84.txt", "\xc3\xa4.txt"}, {"\xc3\x84.txt"}),
            collides("\xc3\xa4.txt", "\xc3\x84.txt"));
  EXPECT_EQ(commit({"stra\xc3\x9f"
                    "e",
                    "STRASSE"},
                   {"STRASSE"}),
            collides("stra\xc3\x9f"
                     "e",
                     "STRASSE"));
}

TEST_F(CollidingPath, RejectsFormsOfUnicodeAndWhatCannotBeSeen) {
  EXPECT_EQ(commit({"caf\xc3\xa9", "cafe\xcc\x81"}, {"caf\xc3\xa9"}),
            collides("cafe\xcc\x81", "caf\xc3\xa9"));
  EXPECT_EQ(commit({"a", "a\xe2\x80\x8b"}, {"a"}), collides("a\xe2\x80\x8b", "a"));
  EXPECT_EQ(commit({"caf\xc3\xa9", "cafe"}, {"caf\xc3\xa9"}), kFine);
}

TEST_F(CollidingPath, FoldsAsciiOnlyWhereANameIsNotUtf8) {
  EXPECT_EQ(commit({"caf\xe9", "CAF\xe9"}, {"caf\xe9"}), collides("CAF\xe9", "caf\\xe9"));
  EXPECT_EQ(commit({"caf\xe9", "caf\xc9"}), kFine);
}

TEST_F(CollidingPath, CanTellLetterCaseApart) {
  with("{case: false}");
  EXPECT_EQ(commit({"README", "readme", "\xc3\x84", "\xc3\xa4"}), kFine);
  EXPECT_EQ(commit({"caf\xc3\xa9", "cafe\xcc\x81"}, {"caf\xc3\xa9"}),
            collides("cafe\xcc\x81", "caf\xc3\xa9"));
}

TEST_F(CollidingPath, CanTellFormsOfUnicodeApart) {
  with("{unicode: false}");
  EXPECT_EQ(commit({"caf\xc3\xa9", "cafe\xcc\x81", "a", "a\xe2\x80\x8b"}), kFine);
  EXPECT_EQ(commit({"CAF\xc3\x89", "caf\xc3\xa9"}, {"CAF\xc3\x89"}),
            collides("caf\xc3\xa9", "CAF\xc3\x89"));
}

TEST_F(CollidingPath, IsAboutNewPathsOfAnyKind) {
  const ObjectId head =
      server_.commit("feat: x", {}, {{"README", "1"}, {"readme", "1"}, {"x", ""}});
  EXPECT_EQ(judge(link("readme", "x"), head),
            collides("readme", "README").substr(std::string("readme ").size()));
  EXPECT_EQ(judge(submodule("x"), head), kFine);
  EXPECT_EQ(change("readme", "1", "2"), kNotAsked);
  EXPECT_EQ(judge(deleted("readme", "1")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate
