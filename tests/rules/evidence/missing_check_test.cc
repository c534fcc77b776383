// missing-check: results that what lands must have.
#include "rules/evidence/evidence_rule_test.h"

namespace trunkgate {
namespace {

class MissingCheck : public EvidenceRuleTest {
 protected:
  MissingCheck() : EvidenceRuleTest("missing-check") {}
};

const std::string kFix =
    "? results come from cd, ci\n"
    "$ git push origin $(git hash-object -w result.json):refs/attest/<x>/check/unit\n";

TEST_F(MissingCheck, AcceptsASuccess) {
  with("{require: [unit]}");
  const ObjectId x = feature();
  check(x, "unit", R"({"status": "success"})");
  EXPECT_EQ(land(x), "satisfied check unit: success, by ci\nrelies on <x>/check/unit\n");
}

TEST_F(MissingCheck, RefusesWhatHasNoResult) {
  with("{require: [unit]}");
  EXPECT_EQ(land(feature()),
            "unsatisfied check unit: missing\n"
            "refused: check 'unit' of feature/x is missing\n" +
                kFix);
}

TEST_F(MissingCheck, RefusesAFailureAndShowsWhatItSays) {
  with("{require: [unit]}");
  const ObjectId x = feature();
  check(x, "unit",
        R"({"status": "failure", "text": "3 of 90 failed", "url": "https://ci.example/7"})");
  EXPECT_EQ(land(x),
            "unsatisfied check unit: says failure\n"
            "refused: check 'unit' of feature/x says failure\n"
            "  it says: 3 of 90 failed\n"
            "  see https://ci.example/7\n" +
                kFix);
}

TEST_F(MissingCheck, TakesNeutralOnlyWhereThePolicyDoes) {
  const ObjectId x = feature();
  with("{require: [unit]}");
  check(x, "unit", R"({"status": "neutral"})");
  EXPECT_TRUE(land(x).starts_with("unsatisfied check unit: says neutral\n"));
  with("{require: [unit], accept: [success, neutral]}");
  EXPECT_TRUE(land(x).starts_with("satisfied check unit: neutral, by ci\n"));
}

TEST_F(MissingCheck, HasARequirementAndAFindingForEachCheck) {
  with("{require: [unit, mini-val]}");
  const ObjectId x = feature();
  const auto repository = server_.open();
  const PushedRef ref = update("refs/heads/main", main_, x);
  Answer answer;
  policy_->rules.at(0).rule->check_ref(push(*repository, {ref}), ref, answer);
  ASSERT_EQ(answer.findings.size(), 2U);
  EXPECT_EQ(answer.findings[0].rule, "missing-check.unit");
  EXPECT_EQ(answer.findings[1].rule, "missing-check.mini-val");
  ASSERT_EQ(answer.requirements.size(), 2U);
  EXPECT_EQ(answer.requirements[1].rule, "missing-check.mini-val");
}

TEST_F(MissingCheck, CountsResultsOfTheIssuersOnly) {
  with("{require: [unit], by: [cd]}");
  const ObjectId x = feature();
  check(x, "unit", R"({"status": "success"})", "ci");
  EXPECT_EQ(land(x),
            "unsatisfied check unit: by 'ci'\n"
            "refused: check 'unit' of feature/x is by 'ci'\n"
            "  check 'unit' by 'ci' does not count: the rule wants it by cd\n"
            "? results come from cd\n"
            "$ git push origin $(git hash-object -w result.json):refs/attest/<x>/check/unit\n");
  check(x, "unit", R"({"status": "success"})", "cd");
  EXPECT_TRUE(land(x).starts_with("satisfied"));
}

TEST_F(MissingCheck, IsNotSatisfiedByAForgedResult) {
  with("{require: [unit]}");
  const ObjectId x = feature();
  check(x, "unit", R"({"status": "success"})", "ada");
  EXPECT_EQ(land(x),
            "unsatisfied check unit: does not count\n"
            "refused: check 'unit' of feature/x does not count\n"
            "  check 'unit' does not count: it was left by 'ada', who may leave no check\n" +
                kFix);
}

TEST_F(MissingCheck, TakesAResultAtItsLargestAgeAndNoOlderOne) {
  with("{require: [unit], max-age: 24h}");
  const ObjectId x = feature();
  const ObjectId good = server_.raw("blob", R"({"status": "success"})");
  leave(AttestationKind::check, x, "unit", good, "ci", now_ - 86'400);
  EXPECT_TRUE(land(x).starts_with("satisfied"));
  ++now_;
  EXPECT_EQ(land(x),
            "unsatisfied check unit: 24h old; 1d is allowed\n"
            "refused: check 'unit' of feature/x is 24h old; 1d is allowed\n" +
                kFix);
}

TEST_F(MissingCheck, IsNotApplicableWhenNoFileOfItsPathsChanges) {
  with("{require: [docs], paths: ['docs/**', '*.md']}");
  EXPECT_EQ(land(feature()), "not applicable check docs: no file of docs/**, *.md changes\n");
  EXPECT_TRUE(land(feature("y", {{"a", "1\n"}, {"b.md", "1\n"}})).starts_with("unsatisfied"));
}

TEST_F(MissingCheck, HasMistakesWhereItsOptionsMakeNoSense) {
  EXPECT_NE(mistakes("{}").find("there is no check to ask for"), std::string::npos);
  EXPECT_NE(mistakes("{require: [a/b]}").find("is no name of letters"), std::string::npos);
  EXPECT_NE(mistakes("{require: [a, a]}").find("'a' stands here twice"), std::string::npos);
  EXPECT_NE(mistakes("{require: [a], accept: [failure]}")
                .find("expected one of success, neutral; found 'failure'"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
