// untold-metrics: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class UntoldMetrics : public RuleTest {
 protected:
  UntoldMetrics() : RuleTest("untold-metrics") {}
  std::string create(const std::string& message) const {
    return judge("refs/tags/v1", {}, server_.tag("v1", one_, message));
  }
  std::string repair() const {
    return "$ git tag -a -f v1 " + one_.brief() + "\n$ git push origin refs/tags/v1\n";
  }
  ObjectId one_ = server_.commit("feat: one", {});
};

TEST_F(UntoldMetrics, WantsEveryPatternSomewhereInTheMessage) {
  with("{require: ['Acc@1: [0-9.]+%', 'F1: [0-9.]+']}");
  EXPECT_EQ(create("Release\n\nAcc@1: 76.1%\nF1: 0.81\n"), kFine);
  EXPECT_EQ(create("F1: 0.81, Acc@1: 76.1%"), kFine);
  EXPECT_EQ(create("Release\n\nAcc@1: 76.1%\n"),
            "refused: the tag's message does not tell what it must\n"
            "  must match: F1: [0-9.]+\n" +
                repair());
  EXPECT_EQ(create(""),
            "refused: the tag's message does not tell what it must\n"
            "  must match: Acc@1: [0-9.]+%\n  must match: F1: [0-9.]+\n" +
                repair());
}

TEST_F(UntoldMetrics, WantsNoForbiddenPattern) {
  with("{require: ['F1: [0-9.]+'], forbid: ['(?i)wip', TODO]}");
  EXPECT_EQ(create("F1: 1\nwIp\n"),
            "refused: the tag's message has something that is not allowed\n"
            "  must not match: (?i)wip\n" +
                repair());
  EXPECT_EQ(create("TODO\n"),
            "refused: the tag's message does not tell what it must\n"
            "  must match: F1: [0-9.]+\n  must not match: TODO\n" +
                repair());
}

TEST_F(UntoldMetrics, CanLookAtTheTitleOnly) {
  with("{require: ['F1: [0-9.]+'], where: title}");
  EXPECT_EQ(create("\nRelease, F1: 0.8\n\nmore\n"), kFine);
  EXPECT_EQ(create("Release\n\nF1: 0.8\n"),
            "refused: the tag's title does not tell what it must\n"
            "  must match: F1: [0-9.]+\n" +
                repair());
  EXPECT_NE(mistakes("{where: body}").find("expected one of message, title"), std::string::npos);
}

TEST_F(UntoldMetrics, DoesNotSearchTheSignature) {
  with("{require: ['F1: [0-9.]+']}");
  EXPECT_NE(create("Release\n-----BEGIN PGP SIGNATURE-----\nComment: F1: 1\n"
                   "-----END PGP SIGNATURE-----\n"),
            kFine);
}

TEST_F(UntoldMetrics, RejectsALightweightTag) {
  with("{require: ['F1: [0-9.]+']}");
  EXPECT_EQ(judge("refs/tags/v1", {}, one_),
            "refused: the tag is lightweight: it has no message that could tell anything\n"
            "  must match: F1: [0-9.]+\n" +
                repair());
}

TEST_F(UntoldMetrics, SaysHowToPushATagThatExists) {
  with("{require: [F1]}");
  EXPECT_EQ(judge("refs/tags/v1", one_, server_.tag("v1", one_, "x")),
            "refused: the tag's message does not tell what it must\n  must match: F1\n"
            "$ git tag -a -f v1 " +
                one_.brief() +
                "\n"
                "$ git push --force origin refs/tags/v1\n");
}

TEST_F(UntoldMetrics, TakesAnyBytes) {
  with("{require: [F1]}");
  EXPECT_EQ(create(std::string("\xff\0\x1b[2J F1\n", 10)), kFine);
  EXPECT_NE(create(std::string("\xff\0\x1b[2J\n", 7)), kFine);
}

TEST_F(UntoldMetrics, IsNotAboutDeletionNothingAndOtherReferences) {
  with("{require: [F1]}");
  EXPECT_EQ(judge("refs/tags/v1", one_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/v1", one_, one_), kFine);
  EXPECT_EQ(judge("refs/heads/v1", {}, one_), kFine);
}

}  // namespace
}  // namespace trunkgate
