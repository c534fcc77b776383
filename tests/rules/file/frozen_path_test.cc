// frozen-path: whole findings.
#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kChanged = "0: is frozen: it must not be changed\n";
constexpr const char* kDeleted = "0: is frozen: it must not be deleted\n";
constexpr const char* kAdded = "0: is frozen: it must not be added\n";

class FrozenPath : public ContentRuleTest {
 protected:
  FrozenPath() : ContentRuleTest("frozen-path") { with("{paths: images/}"); }
};

TEST_F(FrozenPath, RejectsChangesAndDeletions) {
  EXPECT_EQ(change("images/base", "1", "2"), kChanged);
  EXPECT_EQ(change("x/images/a/b", "1", ""), kChanged);
  EXPECT_EQ(judge(deleted("images/base", "1")), kDeleted);
}

TEST_F(FrozenPath, RejectsChangesOfWhatAFileIs) {
  ChangedFile file = added("images/base", "1", 0100755);
  file.before = file.id;
  file.before_mode = 0100644;
  EXPECT_EQ(judge(file), kChanged);
  for (ChangedFile other : {link("images/base", "x"), submodule("images/base")}) {
    other.before = file.id;
    other.before_mode = 0100644;
    EXPECT_EQ(judge(other), kChanged);
  }
}

TEST_F(FrozenPath, AcceptsNewFilesUnlessThePolicyDoesNot) {
  EXPECT_EQ(judge("images/new", "1"), kNotAsked);
  with("{paths: images/, add: false}");
  EXPECT_EQ(judge("images/new", "1"), kAdded);
  EXPECT_EQ(judge(link("images/new", "x")), kAdded);
  EXPECT_EQ(judge(submodule("images/new")), kAdded);
  EXPECT_EQ(change("images/new", "1", "2"), kChanged);
}

TEST_F(FrozenPath, IsAboutItsPathsOnly) {
  with("{paths: ['/data/**/*.csv', '*.lock', '!/Cargo.lock']}");
  EXPECT_EQ(change("data/a.csv", "1", "2"), kChanged);
  EXPECT_EQ(change("data/a/b/c.csv", "1", "2"), kChanged);
  EXPECT_EQ(change("x/Cargo.lock", "1", "2"), kChanged);
  for (const char* path : {"Cargo.lock", "x/data/a.csv", "data/a.CSV", "images/base"}) {
    EXPECT_EQ(change(path, "1", "2"), kNotAsked) << path;
  }
}

TEST_F(FrozenPath, LetsSomePeopleAndGroupsChangeThem) {
  with("{paths: images/, by: [zoe, devs]}");
  EXPECT_EQ(change("images/base", "1", "2"), kChanged);
  for (const char* name : {"zoe", "bo", "eve"}) {
    pusher_ = name;
    EXPECT_EQ(change("images/base", "1", "2"), kFine) << name;
    EXPECT_EQ(judge(deleted("images/base", "1")), kFine) << name;
  }
  pusher_ = "devs";
  EXPECT_EQ(change("images/base", "1", "2"), kChanged);
}

TEST_F(FrozenPath, TakesNamesForOneAsSomeSystemsDo) {
  with("{paths: images/, ignore-case: true}");
  EXPECT_EQ(change("Images/base", "1", "2"), kChanged);
  with("{paths: images/}");
  EXPECT_EQ(change("Images/base", "1", "2"), kNotAsked);
}

TEST_F(FrozenPath, SaysWhyAndUntilWhen) {
  with("{paths: images/, text: 'until 2.0 is out, ask eve'}");
  EXPECT_EQ(change("images/base", "1", "2"),
            "0: is frozen: it must not be changed\n? until 2.0 is out, ask eve\n");
}

TEST_F(FrozenPath, NeedsToKnowWhatIsFrozen) {
  EXPECT_NE(mistakes("{add: false}").find("the rule needs 'paths': what is frozen"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
