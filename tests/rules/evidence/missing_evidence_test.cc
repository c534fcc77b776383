// missing-evidence: requirements put together.
#include "rules/evidence/evidence_rule_test.h"

namespace trunkgate {
namespace {

class MissingEvidence : public EvidenceRuleTest {
 protected:
  MissingEvidence() : EvidenceRuleTest("missing-evidence") {}
};

const std::string kEither =
    "{any-of: [{approval: {count: 2}}, {all-of: [{approval: {}}, {check: {require: [unit]}}]}]}";

TEST_F(MissingEvidence, IsSatisfiedByAnyOfSeveral) {
  with(kEither);
  const ObjectId x = feature();
  approve(x, "bo");
  check(x, "unit", R"({"status": "success"})");
  EXPECT_EQ(land(x),
            "satisfied 2 approvals or (1 approval and check unit): 1 approval: approved by bo; "
            "check unit: success, by ci\n"
            "relies on <x>/approval/bo\nrelies on <x>/check/unit\n");
}

TEST_F(MissingEvidence, SaysHowEachPartStands) {
  with(kEither);
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_EQ(land(x),
            "unsatisfied 2 approvals or (1 approval and check unit): 0 of 1 needed\n"
            "refused: feature/x needs 2 approvals or (1 approval and check unit)\n"
            "   unsatisfied: 2 approvals: 1 of 2, by bo\n"
            "   unsatisfied: 1 approval and check unit\n"
            "     satisfied: 1 approval: approved by bo\n"
            "     unsatisfied: check unit: missing\n"
            "? these may approve it: cy, dee; results come from cd, ci\n"
            "$ git push origin <x>:refs/attest/<x>/approval/YOU\n"
            "$ git push origin $(git hash-object -w result.json):refs/attest/<x>/check/unit\n");
}

TEST_F(MissingEvidence, CountsAtLeastSoMany) {
  with(
      "{at-least: 2, of: [{approval: {}}, {check: {require: [unit]}}, {metric: {check: val, "
      "metric: f1, min: 0.5}}]}");
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_TRUE(
      land(x).starts_with("unsatisfied 2 of (1 approval, check unit, f1 of check val): 1 "
                          "of 2 needed\n"));
  check(x, "val", R"({"status": "success", "metrics": {"f1": 0.5}})");
  EXPECT_TRUE(
      land(x).starts_with("satisfied 2 of (1 approval, check unit, f1 of check val): 1 "
                          "approval: approved by bo; f1 of check val: 0.5\n"));
}

TEST_F(MissingEvidence, LeavesOutWhatDoesNotApply) {
  with("{all-of: [{approval: {}}, {check: {require: [docs], paths: ['docs/']}}]}");
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_TRUE(
      land(x).starts_with("satisfied 1 approval and check docs: 1 approval: approved by bo"));
  with("{any-of: [{check: {require: [docs], paths: ['docs/']}}]}");
  EXPECT_EQ(land(x), "not applicable check docs: nothing of it applies\n");
}

TEST_F(MissingEvidence, CannotMakeUpForAVeto) {
  with("{any-of: [{approval: {}}, {check: {require: [unit]}}]}");
  const ObjectId x = feature();
  veto(x, "bo");
  check(x, "unit", R"({"status": "success"})");
  EXPECT_EQ(land(x),
            "unsatisfied 1 approval or check unit: vetoed by bo\n"
            "refused: 'bo' vetoes feature/x\n"
            "   unsatisfied: 1 approval: vetoed by bo\n"
            "     it says: no\n"
            "   satisfied: check unit: success, by ci\n"
            "? it goes away when whoever left it changes or deletes it\n"
            "$ git push origin :refs/attest/<x>/approval/bo\n");
}

TEST_F(MissingEvidence, ShowsMistakesWhereTheyStand) {
  EXPECT_NE(mistakes("{}").find("there is no evidence to ask for"), std::string::npos);
  EXPECT_NE(mistakes("{any-of: [{aproval: {}}]}").find("did you mean 'approval'?"),
            std::string::npos);
  EXPECT_NE(mistakes("{any-of: [{approval: {cout: 2}}]}").find("did you mean 'count'?"),
            std::string::npos);
  EXPECT_NE(mistakes("{any-of: []}").find("expected a list of evidence, found an empty one"),
            std::string::npos);
  EXPECT_NE(mistakes("{any-of: [{approval: {}}], all-of: [{approval: {}}]}")
                .find("only one of 'any-of', 'all-of' and 'of' can stand here"),
            std::string::npos);
  EXPECT_NE(mistakes("{any-of: [{approval: {}, check: {require: [a]}}]}")
                .find("one piece of evidence is one of"),
            std::string::npos);
  EXPECT_NE(mistakes("{of: [{approval: {}}]}").find("'of' needs 'at-least'"), std::string::npos);
  EXPECT_NE(mistakes("{at-least: 2, of: [{approval: {}}]}").find("'at-least' must be from 1 to 1"),
            std::string::npos);
  std::string deep = "{approval: {}}";
  for (int i = 0; i < 9; ++i) deep = "{any-of: [" + deep + "]}";
  EXPECT_NE(mistakes(deep).find("nested more than 8 deep"), std::string::npos);
}

}  // namespace
}  // namespace trunkgate
