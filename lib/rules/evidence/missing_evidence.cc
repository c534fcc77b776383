// missing-evidence: approvals, checks and metrics put together with any-of, all-of and at-least.
#include "rules/catalogue.h"
#include "rules/evidence/requirements/evidence_rule.h"

namespace trunkgate {
namespace {

std::unique_ptr<Rule> make(const RuleSetup& setup) {
  return std::make_unique<EvidenceRule>(
      std::vector{EvidenceRule::Part{"missing-evidence", read_evidence(setup)}});
}

constexpr Example kExamples[] = {
    {"{any-of: [{approval: {count: 2}}, {all-of: [{approval: {}}, {check: {require: [unit]}}]}]}",
     "approve feature/x by bo, check feature/x unit by ci success, merge feature/x into "
     "refs/heads/main",
     true},
    {"{any-of: [{approval: {count: 2}}, {all-of: [{approval: {}}, {check: {require: [unit]}}]}]}",
     "approve feature/x by bo, merge feature/x into refs/heads/main", false},
    {"{at-least: 2, of: [{approval: {}}, {check: {require: [unit]}}, {metric: {check: val, metric: "
     "f1, min: 0.5}}]}",
     "approve feature/x by bo, check feature/x val by ci success f1=0.6, merge feature/x into "
     "refs/heads/main",
     true},
    {"{at-least: 2, of: [{approval: {}}, {check: {require: [unit]}}, {metric: {check: val, metric: "
     "f1, min: 0.5}}]}",
     "approve feature/x by bo, check feature/x val by ci success f1=0.4, merge feature/x into "
     "refs/heads/main",
     false},
    {"{any-of: [{approval: {}}, {check: {require: [unit]}}]}",
     "veto feature/x by bo, check feature/x unit by ci success, merge feature/x into "
     "refs/heads/main",
     false},
};

}  // namespace

constinit const RuleInfo missing_evidence{
    .id = "missing-evidence",
    .subject = Subject::ref,
    .summary = "what lands lacks the evidence that is asked for",
    .rationale =
        "Sometimes one kind of evidence makes up for another: two reviewers, or one and the full "
        "test suite.",
    .remedy = "Leave what is missing, as the finding says, then push again.",
    .options = evidence_options::kJoins,
    .examples = kExamples,
    .make = make,
    .evidence = true,
};

}  // namespace trunkgate
