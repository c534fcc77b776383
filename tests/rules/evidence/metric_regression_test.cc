// metric-regression: numbers that must not get worse.
#include "rules/evidence/evidence_rule_test.h"

namespace trunkgate {
namespace {

class MetricRegression : public EvidenceRuleTest {
 protected:
  MetricRegression() : EvidenceRuleTest("metric-regression") {}

  void measure(const ObjectId& commit, const std::string& metrics,
               const std::string& status = "success") {
    check(commit, "val", R"({"status": ")" + status + R"(", "metrics": {)" + metrics + "}}");
  }
};

const std::string kDrop = "{check: val, metric: f1, max-drop: 0.005}";

TEST_F(MetricRegression, AcceptsADropOfJustTheLimit) {
  with(kDrop);
  const ObjectId x = feature();
  measure(main_, R"("f1": 0.91)");
  // In floating point 0.91 - 0.905 is more than 0.005, and 0.9 - 0.895 as well.
  measure(x, R"("f1": 0.905)");
  EXPECT_EQ(land(x), "satisfied f1 of check val: 0.905, was 0.91\nrelies on <x>/check/val\n");
  measure(main_, R"("f1": 0.9)");
  measure(x, R"("f1": 0.895)");
  EXPECT_TRUE(land(x).starts_with("satisfied"));
}

TEST_F(MetricRegression, RefusesALargerDrop) {
  with(kDrop);
  const ObjectId x = feature();
  measure(main_, R"("f1": 0.91)");
  measure(x, R"("f1": 0.90499)");
  EXPECT_EQ(land(x),
            "unsatisfied f1 of check val: drops by 0.00501, from 0.91 to 0.90499; at most 0.005\n"
            "refused: 'f1' of feature/x drops by 0.00501, from 0.91 to 0.90499; at most 0.005\n"
            "  the last value of the branch is of <main>\n"
            "? improve it, or ask for an exemption\n");
}

TEST_F(MetricRegression, LetsAMetricImproveAsMuchAsItWants) {
  with(kDrop);
  const ObjectId x = feature();
  measure(main_, R"("f1": 0.5)");
  measure(x, R"("f1": 0.9)");
  EXPECT_TRUE(land(x).starts_with("satisfied"));
}

TEST_F(MetricRegression, LimitsARiseWhereLessIsBetter) {
  with("{check: val, metric: loss, max-rise: 0.1}");
  const ObjectId x = feature();
  measure(main_, R"("loss": 1.0)");
  measure(x, R"("loss": 1.1)");
  EXPECT_TRUE(land(x).starts_with("satisfied"));
  measure(x, R"("loss": 1.2)");
  EXPECT_TRUE(land(x).starts_with(
      "unsatisfied loss of check val: rises by 0.2, from 1 to 1.2; at most 0.1\n"));
}

TEST_F(MetricRegression, HasAbsoluteLimits) {
  with("{check: val, metric: f1, min: 0.9, max: 1}");
  const ObjectId x = feature();
  measure(x, R"("f1": 0.9)");
  EXPECT_EQ(land(x), "satisfied f1 of check val: 0.9\nrelies on <x>/check/val\n");
  measure(x, R"("f1": 0.89)");
  EXPECT_EQ(land(x),
            "unsatisfied f1 of check val: is 0.89; at least 0.9\n"
            "refused: 'f1' of feature/x is 0.89; at least 0.9\n"
            "? improve it, or ask for an exemption\n");
  measure(x, R"("f1": 1.01)");
  EXPECT_TRUE(land(x).starts_with("unsatisfied f1 of check val: is 1.01; at most 1\n"));
}

TEST_F(MetricRegression, IsNotApplicableWithoutAnEarlierValue) {
  with(kDrop);
  EXPECT_EQ(land(feature()),
            "not applicable f1 of check val: the branch has no earlier value to compare with\n");
}

TEST_F(MetricRegression, RefusesWhatHasNoValueWhereTheBranchHasOne) {
  with(kDrop);
  const ObjectId x = feature();
  measure(main_, R"("f1": 0.9)");
  const std::string refused =
      "unsatisfied f1 of check val: no value\n"
      "refused: feature/x has no value of 'f1', which check 'val' has to give\n";
  const std::string fix =
      "? a result has it as in {\"status\": \"success\", \"metrics\": {\"NAME\": 0.5}}\n"
      "$ git push origin $(git hash-object -w result.json):refs/attest/<x>/check/val\n";
  EXPECT_EQ(land(x), refused + fix);
  measure(x, R"("F1": 0.9)");
  EXPECT_EQ(land(x), refused + "  check 'val' has no metric 'f1'; it has F1\n" + fix);
  measure(x, R"("f1": 0.9)", "error");
  EXPECT_EQ(land(x), refused + "  check 'val' says error\n" + fix);
}

TEST_F(MetricRegression, ComparesWithWhatAMergeBroughtIn) {
  const ObjectId old = feature("old", {{"a", "1\n"}, {"old", "1\n"}});
  main_ = commit("merge", {main_, old}, {{"a", "1\n"}, {"old", "1\n"}});
  main_ = commit("later", {main_}, {{"a", "2\n"}, {"old", "1\n"}});
  server_.set_ref("refs/heads/main", main_);
  const ObjectId x = feature("x", {{"a", "2\n"}, {"old", "1\n"}, {"x", "1\n"}});
  with(kDrop);
  measure(old, R"("f1": 0.9)");
  measure(x, R"("f1": 0.8)");
  EXPECT_TRUE(land(x).find("the last value of the branch is of <old>\n") != std::string::npos)
      << land(x);
}

TEST_F(MetricRegression, PassesOverEarlierValuesThatDoNotCount) {
  with(kDrop);
  const ObjectId x = feature();
  check(main_, "val", R"({"status": "success", "metrics": {"f1": 0.9}})", "ada");
  measure(x, R"("f1": 0.1)");
  EXPECT_TRUE(land(x).starts_with("not applicable"));
}

TEST_F(MetricRegression, LooksAtEachOfSeveralMetrics) {
  with("{check: val, metrics: [f1, em], min: 0.5}");
  const ObjectId x = feature();
  measure(x, R"("f1": 0.6, "em": 0.4)");
  EXPECT_EQ(land(x),
            "satisfied f1 of check val: 0.6\n"
            "unsatisfied em of check val: is 0.4; at least 0.5\n"
            "relies on <x>/check/val\n"
            "refused: 'em' of feature/x is 0.4; at least 0.5\n"
            "? improve it, or ask for an exemption\n");
}

TEST_F(MetricRegression, HasMistakesWhereItsOptionsMakeNoSense) {
  EXPECT_NE(mistakes("{check: val, metric: f1}").find("there is no limit"), std::string::npos);
  EXPECT_NE(mistakes("{metric: f1, min: 1}").find("the check that has the metric is not named"),
            std::string::npos);
  EXPECT_NE(mistakes("{check: val, min: 1}").find("there is no metric to look at"),
            std::string::npos);
  EXPECT_NE(mistakes("{check: val, metric: f1, max-drop: -1}").find("not below 0"),
            std::string::npos);
  EXPECT_NE(mistakes("{check: val, metric: f1, min: 2, max: 1}").find("'min' is above 'max'"),
            std::string::npos);
  EXPECT_NE(
      mistakes("{check: val, metric: f1, min: 1e999}").find("expected a number such as 0.005"),
      std::string::npos);
}

}  // namespace
}  // namespace trunkgate
