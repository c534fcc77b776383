// missing-check: a check of what lands has no good result.
#include "rules/catalogue.h"
#include "rules/evidence/requirements/evidence_rule.h"

namespace trunkgate {
namespace {

std::unique_ptr<Rule> make(const RuleSetup& setup) {
  std::vector<EvidenceRule::Part> parts;
  for (CheckRequirement& check : CheckRequirement::read(setup)) {
    std::string id = "missing-check." + check.name();
    parts.push_back({std::move(id), EvidenceNode{.leaf = std::move(check)}});
  }
  return std::make_unique<EvidenceRule>(std::move(parts));
}

constexpr Example kExamples[] = {
    {"{require: [unit]}",
     "check feature/x unit by ci success, merge feature/x into refs/heads/main", true},
    {"{require: [unit]}", "merge feature/x into refs/heads/main", false},
    {"{require: [unit]}",
     "check feature/x unit by ci failure, merge feature/x into refs/heads/main", false},
    {"{require: [unit]}",
     "check feature/x unit by ci neutral, merge feature/x into refs/heads/main", false},
    {"{require: [unit], accept: [success, neutral]}",
     "check feature/x unit by ci neutral, merge feature/x into refs/heads/main", true},
    {"{require: [unit, lint]}",
     "check feature/x unit by ci success, merge feature/x into refs/heads/main", false},
    {"{require: [unit], by: [cy]}",
     "check feature/x unit by ci success, merge feature/x into refs/heads/main", false},
    {"{require: [docs], paths: ['docs/**']}", "merge feature/x into refs/heads/main", true},
    {"{require: [unit], paths: [b]}", "merge feature/x into refs/heads/main", false},
};

}  // namespace

constinit const RuleInfo missing_check{
    .id = "missing-check",
    .subject = Subject::ref,
    .summary = "a check of what lands is missing or has failed",
    .rationale = "What breaks the branch breaks everybody's work, so it is tried before it lands.",
    .remedy = "Wait for the result, or mend what fails, then push again.",
    .options = check_options::kAll,
    .examples = kExamples,
    .make = make,
    .evidence = true,
};

}  // namespace trunkgate
