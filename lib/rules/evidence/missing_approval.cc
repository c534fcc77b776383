// missing-approval: what lands has not been approved by enough people, or by those who own it.
#include "rules/catalogue.h"
#include "rules/evidence/requirements/evidence_rule.h"

namespace trunkgate {
namespace {

std::unique_ptr<Rule> make(const RuleSetup& setup) {
  EvidenceNode asked{.leaf = ApprovalRequirement(setup)};
  return std::make_unique<EvidenceRule>(
      std::vector{EvidenceRule::Part{"missing-approval", std::move(asked)}});
}

constexpr Example kExamples[] = {
    {"{}", "approve feature/x by bo, merge feature/x into refs/heads/main", true},
    {"{}", "merge feature/x into refs/heads/main", false},
    {"{}", "approve feature/x by bo, fast-forward refs/heads/main to feature/x", true},
    {"{}", "update refs/heads/main", false},
    {"{}", "delete refs/heads/main", true},
    {"{count: 2}", "approve feature/x by bo, merge feature/x into refs/heads/main", false},
    {"{count: 2}",
     "approve feature/x by bo, approve feature/x by cy, merge feature/x into refs/heads/main",
     true},
    {"{by: [cy]}", "approve feature/x by bo, merge feature/x into refs/heads/main", false},
    {"{by: [cy]}", "approve feature/x by cy, merge feature/x into refs/heads/main", true},
    {"{}", "approve feature/x by bo, veto feature/x by cy, merge feature/x into refs/heads/main",
     false},
    {"{by: [bo]}",
     "approve feature/x by bo, veto feature/x by cy, merge feature/x into refs/heads/main", true},
};

}  // namespace

constinit const RuleInfo missing_approval{
    .id = "missing-approval",
    .subject = Subject::ref,
    .summary = "what lands has not been approved",
    .rationale =
        "A second pair of eyes finds what the first one missed; whoever wrote, committed or pushed "
        "any of it is not the second pair.",
    .remedy = "Ask somebody who may approve it to push an approval, then push again.",
    .options = approval_options::kAll,
    .examples = kExamples,
    .make = make,
    .evidence = true,
};

}  // namespace trunkgate
