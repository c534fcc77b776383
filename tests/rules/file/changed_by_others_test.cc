// changed-by-others: whole findings.
#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kOnlyEve = "0: only eve may change it, and you are 'ada'\n";

class ChangedByOthers : public ContentRuleTest {
 protected:
  ChangedByOthers() : ContentRuleTest("changed-by-others") { with("{paths: ci/, by: eve}"); }
};

TEST_F(ChangedByOthers, AcceptsThoseWhoMay) {
  pusher_ = "eve";
  EXPECT_EQ(judge("ci/run", "x"), kFine);
  EXPECT_EQ(judge(deleted("ci/run", "x")), kFine);
}

TEST_F(ChangedByOthers, RejectsOthersWhateverTheyDo) {
  EXPECT_EQ(judge("ci/run", "x"), kOnlyEve);
  EXPECT_EQ(judge("ci/run", ""), kOnlyEve);
  EXPECT_EQ(change("ci/run", "x", "y"), kOnlyEve);
  EXPECT_EQ(judge(added("ci/run", "x", 0100755)), kOnlyEve);
  EXPECT_EQ(judge(deleted("ci/run", "x")), kOnlyEve);
  EXPECT_EQ(judge(link("ci/run", "x")), kOnlyEve);
  EXPECT_EQ(judge(submodule("ci/run")), kOnlyEve);
}

TEST_F(ChangedByOthers, TellsNamesApartByEveryLetter) {
  pusher_ = "Eve";
  EXPECT_EQ(judge("ci/run", "x"), "0: only eve may change it, and you are 'Eve'\n");
  pusher_ = "ev";
  EXPECT_EQ(judge("ci/run", "x"), "0: only eve may change it, and you are 'ev'\n");
  pusher_ = "";
  EXPECT_EQ(judge("ci/run", "x"), "0: only eve may change it, and you are an unknown user\n");
}

TEST_F(ChangedByOthers, KnowsGroups) {
  with("{paths: ci/, by: [zoe, devs]}");
  EXPECT_EQ(judge("ci/run", "x"), "0: only zoe, devs may change it, and you are 'ada'\n");
  for (const char* name : {"bo", "eve", "zoe"}) {
    pusher_ = name;
    EXPECT_EQ(judge("ci/run", "x"), kFine) << name;
  }
  pusher_ = "devs";
  EXPECT_EQ(judge("ci/run", "x"), "0: only zoe, devs may change it, and you are 'devs'\n");
}

TEST_F(ChangedByOthers, IsAboutItsPathsOnly) {
  with("{paths: [/ci/, '**/CODEOWNERS', '!ci/notes'], by: eve}");
  EXPECT_EQ(judge("ci/a/b", "x"), kOnlyEve);
  EXPECT_EQ(judge("CODEOWNERS", "x"), kOnlyEve);
  EXPECT_EQ(judge("a/b/CODEOWNERS", "x"), kOnlyEve);
  EXPECT_EQ(judge("ci/notes", "x"), kOnlyEve);  // nothing below a folder is taken back
  for (const char* path : {"ci", "src/ci/run", "CI/run", "ci-old/run", "codeowners"}) {
    EXPECT_EQ(judge(path, "x"), kNotAsked) << path;
  }
}

TEST_F(ChangedByOthers, IsAboutEveryPathWithoutPaths) {
  with("{exclude: [docs/, '*.md'], by: eve}");
  EXPECT_EQ(judge("src/a", "x"), kOnlyEve);
  EXPECT_EQ(judge("caf\xe9", "x"), kOnlyEve);
  EXPECT_EQ(judge("docs/a", "x"), kNotAsked);
  EXPECT_EQ(judge("src/README.md", "x"), kNotAsked);
}

TEST_F(ChangedByOthers, RulesSomeActionsOnly) {
  with("{paths: ci/, by: eve, actions: [delete]}");
  EXPECT_EQ(judge("ci/run", "x"), kNotAsked);
  EXPECT_EQ(change("ci/run", "x", "y"), kNotAsked);
  EXPECT_EQ(judge(deleted("ci/run", "x")), "0: only eve may delete it, and you are 'ada'\n");
  with("{paths: ci/, by: eve, actions: [add, modify]}");
  EXPECT_EQ(judge("ci/run", "x"), "0: only eve may add it, and you are 'ada'\n");
  EXPECT_EQ(change("ci/run", "x", "y"), "0: only eve may change it, and you are 'ada'\n");
  EXPECT_EQ(judge(deleted("ci/run", "x")), kNotAsked);
  pusher_ = "eve";
  EXPECT_EQ(judge("ci/run", "x"), kFine);
  EXPECT_NE(
      mistakes("{by: eve, actions: [rename]}").find("'rename' is none of add, modify and delete"),
      std::string::npos);
}

TEST_F(ChangedByOthers, TakesNamesForOneAsSomeSystemsDo) {
  with(
      "{paths: [/ci/, 'stra\xc3\x9f"
      "e'], exclude: ci/Notes/, by: eve, ignore-case: true}");
  for (const char* path : {"CI/run", "Ci/RUN", "ci/run", "c\xe2\x80\x8bi/run", "STRASSE"}) {
    EXPECT_EQ(judge(path, "x"), kOnlyEve) << path;
  }
  EXPECT_EQ(judge("CI/notes/a", "x"), kNotAsked);
  EXPECT_EQ(judge("x/CI/run", "x"), kNotAsked);
}

TEST_F(ChangedByOthers, TakesASubmoduleForAFolder) {
  EXPECT_EQ(judge(submodule("ci")), kOnlyEve);
  ChangedFile gone = deleted("ci", "");
  gone.before_mode = kSubmoduleMode;
  EXPECT_EQ(judge(gone), kOnlyEve);
  EXPECT_EQ(judge("ci", "a file"), kNotAsked);
}

TEST_F(ChangedByOthers, CanBeNobody) {
  with("{paths: ci/, by: []}");
  EXPECT_EQ(judge("ci/run", "x"), "0: nobody may change it, and you are 'ada'\n");
}

TEST_F(ChangedByOthers, NeedsToKnowWho) {
  EXPECT_NE(mistakes("{paths: ci/}").find("the rule needs 'by': who may change the files"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
