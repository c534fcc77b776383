// metric-regression: a metric of what lands is beyond its limits, or too much worse than before.
#include "rules/catalogue.h"
#include "rules/evidence/requirements/evidence_rule.h"

namespace trunkgate {
namespace {

std::unique_ptr<Rule> make(const RuleSetup& setup) {
  std::vector<EvidenceRule::Part> parts;
  for (MetricRequirement& metric : MetricRequirement::read(setup)) {
    parts.push_back({"metric-regression", EvidenceNode{.leaf = std::move(metric)}});
  }
  return std::make_unique<EvidenceRule>(std::move(parts));
}

constexpr Example kExamples[] = {
    {"{check: val, metric: f1, max-drop: 0.005}",
     "check main val by ci success f1=0.91, check feature/x val by ci success f1=0.905, merge "
     "feature/x into refs/heads/main",
     true},
    {"{check: val, metric: f1, max-drop: 0.005}",
     "check main val by ci success f1=0.91, check feature/x val by ci success f1=0.9049, merge "
     "feature/x into refs/heads/main",
     false},
    {"{check: val, metric: f1, max-drop: 0.005}", "merge feature/x into refs/heads/main", true},
    {"{check: val, metric: f1, max-drop: 0.005}",
     "check main val by ci success f1=0.91, merge feature/x into refs/heads/main", false},
    {"{check: val, metric: loss, max-rise: 0.1}",
     "check main val by ci success loss=1, check feature/x val by ci success loss=1.2, merge "
     "feature/x into refs/heads/main",
     false},
    {"{check: val, metric: f1, min: 0.9}",
     "check feature/x val by ci success f1=0.9, merge feature/x into refs/heads/main", true},
    {"{check: val, metrics: [f1, em], min: 0.9}",
     "check feature/x val by ci success f1=0.9 em=0.8, merge feature/x into refs/heads/main",
     false},
    {"{check: val, metric: ms, max: 20}",
     "check feature/x val by ci success ms=21, merge feature/x into refs/heads/main", false},
};

}  // namespace

constinit const RuleInfo metric_regression{
    .id = "metric-regression",
    .subject = Subject::ref,
    .summary = "a metric of what lands is too bad",
    .rationale =
        "A model that gets a little worse with each change is much worse after a year of them. "
        "Compared is with the last value known on the branch; a value at the limit passes, within "
        "a "
        "billionth of the numbers compared.",
    .remedy = "Improve it, leave the missing result, or ask for an exemption.",
    .options = metric_options::kAll,
    .examples = kExamples,
    .make = make,
    .evidence = true,
};

}  // namespace trunkgate
