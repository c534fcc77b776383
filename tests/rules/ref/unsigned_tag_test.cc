// unsigned-tag: whole findings without a key; end_to_end/signatures_test.py has some.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class UnsignedTag : public RuleTest {
 protected:
  UnsignedTag() : RuleTest("unsigned-tag") { with("{gpg-home: /nonexistent}"); }

  std::string repair() const {
    return "$ git tag -s -f v1 " + commit_.brief() + "\n$ git push origin refs/tags/v1\n";
  }
  ObjectId commit_ = server_.commit("feat: x", {});
};

TEST_F(UnsignedTag, RejectsALightweightTag) {
  EXPECT_EQ(judge("refs/tags/v1", {}, commit_),
            "refused: the tag is lightweight, so it cannot be signed\n" + repair());
}

TEST_F(UnsignedTag, RejectsATagWithoutASignature) {
  const ObjectId tag = server_.tag("v1", commit_, "x");
  EXPECT_EQ(judge("refs/tags/v1", {}, tag), "refused: the tag is not signed\n" + repair());
  EXPECT_EQ(judge("refs/tags/v1", commit_, tag), "refused: the tag is not signed\n" + repair());
}

TEST_F(UnsignedTag, RejectsASignatureOfAKindWithoutKeys) {
  const ObjectId tag = server_.tag("v1", commit_,
                                   "x\n-----BEGIN SSH SIGNATURE-----\nAAAA\n"
                                   "-----END SSH SIGNATURE-----");
  EXPECT_EQ(judge("refs/tags/v1", {}, tag),
            "refused: the tag has a signature that is of a kind that the policy has no keys for\n" +
                repair());
}

TEST_F(UnsignedTag, IsNotAboutDeletionNothingAndOtherReferences) {
  EXPECT_EQ(judge("refs/tags/v1", commit_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/v1", commit_, commit_), kFine);
  EXPECT_EQ(judge("refs/heads/v1", {}, commit_), kFine);
}

TEST_F(UnsignedTag, NeedsKeysAndKnowsTheWordsOfItsOptions) {
  EXPECT_NE(mistakes("{}").find("nobody's signature would count"), std::string::npos);
  EXPECT_NE(mistakes("{gpg-home: keys}").find("the absolute path of a folder"), std::string::npos);
  EXPECT_NE(mistakes("{gpg-home: /x, signer: taggers}").find("did you mean 'tagger'"),
            std::string::npos);
  EXPECT_EQ(mistakes("{gpg-home: /x, signer: pusher, trust: marginal}"), "");
}

}  // namespace
}  // namespace trunkgate
