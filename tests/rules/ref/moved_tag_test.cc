// moved-tag: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class MovedTag : public RuleTest {
 protected:
  MovedTag() : RuleTest("moved-tag") { with("{}"); }
  ObjectId one_ = server_.commit("feat: one", {});
  ObjectId two_ = server_.commit("feat: two", {one_});
};

TEST_F(MovedTag, AcceptsCreationAndNothing) {
  EXPECT_EQ(judge("refs/tags/v1", {}, one_), kFine);
  EXPECT_EQ(judge("refs/tags/v1", one_, one_), kFine);
}

TEST_F(MovedTag, RejectsAMoveInAnyDirection) {
  for (const auto& [from, to] : {std::pair(one_, two_), std::pair(two_, one_)}) {
    EXPECT_EQ(judge("refs/tags/v1", from, to),
              "refused: the tag exists and must not move\n"
              "  it is at " +
                  from.brief() + "; the push has " + to.brief() +
                  "\n"
                  "? give the new commit a tag of its own\n"
                  "$ git tag NEW-NAME " +
                  to.brief() +
                  "\n"
                  "$ git fetch --force origin refs/tags/v1:refs/tags/v1\n");
  }
}

TEST_F(MovedTag, RejectsATagObjectThatIsWrittenAnewForTheSameCommit) {
  const ObjectId first = server_.tag("it's", one_, "x");
  const ObjectId second = server_.tag("it's", one_, "y");
  EXPECT_EQ(judge("refs/tags/it's", first, second),
            "refused: the tag exists and must not move\n"
            "  it is at " +
                first.brief() + "; the push has " + second.brief() +
                "\n"
                "? give the new commit a tag of its own\n"
                "$ git tag -a NEW-NAME " +
                one_.brief() +
                "\n"
                "$ git fetch --force origin 'refs/tags/it'\\''s':'refs/tags/it'\\''s'\n");
}

TEST_F(MovedTag, GivesNoCommandForANameThatCannotBePrinted) {
  EXPECT_EQ(judge("refs/tags/\xff", one_, two_),
            "refused: the tag exists and must not move\n"
            "  it is at " +
                one_.brief() + "; the push has " + two_.brief() +
                "\n"
                "? give the new commit a tag of its own\n");
}

TEST_F(MovedTag, RejectsDeletionUnlessThePolicyAllowsIt) {
  EXPECT_EQ(judge("refs/tags/v1", one_, {}),
            "refused: the tag must not be deleted: its name could then be given anew\n"
            "? leave it, and give what replaces it a tag of its own\n");
  with("{delete: false}");
  EXPECT_EQ(judge("refs/tags/v1", one_, {}), kFine);
  EXPECT_NE(judge("refs/tags/v1", one_, two_), kFine);
}

TEST_F(MovedTag, IsNotAboutOtherReferences) {
  for (const char* name : {"refs/heads/v1", "refs/notes/v1", "refs/wip/v1"}) {
    EXPECT_EQ(judge(name, one_, two_), kFine);
    EXPECT_EQ(judge(name, one_, {}), kFine);
  }
}

TEST_F(MovedTag, JudgesTagsOfOtherThingsThanCommits) {
  const ObjectId blob = server_.raw("blob", "x");
  EXPECT_EQ(judge("refs/tags/v1", one_, blob),
            "refused: the tag exists and must not move\n"
            "  it is at " +
                one_.brief() + "; the push has " + blob.brief() +
                "\n"
                "? give the new commit a tag of its own\n"
                "$ git fetch --force origin refs/tags/v1:refs/tags/v1\n");
}

}  // namespace
}  // namespace trunkgate
