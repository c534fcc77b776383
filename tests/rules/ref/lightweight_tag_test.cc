// lightweight-tag: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class LightweightTag : public RuleTest {
 protected:
  LightweightTag() : RuleTest("lightweight-tag") { with("{}"); }
  ObjectId one_ = server_.commit("feat: one", {});
  ObjectId two_ = server_.commit("feat: two", {one_});
  ObjectId tag_ = server_.tag("v1", one_, "Release 1\n");
};

TEST_F(LightweightTag, AcceptsAnAnnotatedTag) {
  EXPECT_EQ(judge("refs/tags/v1", {}, tag_), kFine);
  EXPECT_EQ(judge("refs/tags/v1", one_, tag_), kFine);
}

TEST_F(LightweightTag, RejectsANewTagThatIsOnlyAName) {
  EXPECT_EQ(judge("refs/tags/v 1", {}, one_),
            "refused: the tag is lightweight: it has no message, tagger and date\n"
            "? make it an annotated tag\n"
            "$ git tag -a -f -m 'MESSAGE' 'v 1' " +
                one_.brief() +
                "\n"
                "$ git push origin 'refs/tags/v 1'\n");
}

TEST_F(LightweightTag, RejectsATagThatBecomesOnlyAName) {
  EXPECT_EQ(judge("refs/tags/v1", tag_, two_),
            "refused: the tag is lightweight: it has no message, tagger and date\n"
            "? make it an annotated tag\n"
            "$ git tag -a -f -m 'MESSAGE' v1 " +
                two_.brief() +
                "\n"
                "$ git push --force origin refs/tags/v1\n");
}

TEST_F(LightweightTag, GivesNoCommandForANameThatIsNoWord) {
  const std::string refusal =
      "refused: the tag is lightweight: it has no message, tagger and date\n"
      "? make it an annotated tag\n";
  EXPECT_EQ(judge("refs/tags/-d", {}, one_), refusal);
  EXPECT_EQ(judge("refs/tags/\xe2\x80\xae", {}, one_), refusal);
}

TEST_F(LightweightTag, IsNotAboutDeletionNothingAndOtherReferences) {
  EXPECT_EQ(judge("refs/tags/v1", one_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/v1", one_, one_), kFine);
  EXPECT_EQ(judge("refs/heads/v1", {}, one_), kFine);
}

}  // namespace
}  // namespace trunkgate
