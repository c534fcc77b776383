// What a policy comes to, to tell later how another one differs from it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace trunkgate {

struct Policy;

struct RuleSummary {
  std::string mode;  // the word of the policy
  std::string refs;  // where it is in force: patterns, those of `only` after '+', of `except` after
                     // '-'; raw bytes

  bool operator==(const RuleSummary&) const = default;
};

struct PolicySummary {
  std::string sha256;  // as Policy::sha256; empty: nothing is known
  std::map<std::pair<std::string, std::string>, RuleSummary> rules;  // by ruleset and rule id

  bool operator==(const PolicySummary&) const = default;
};

PolicySummary summary_of(const Policy& policy);

// A rule that came, went, or is in force elsewhere or in another mode. Options are not compared.
struct RuleChange {
  std::string ruleset;
  std::string rule;
  const RuleSummary* before = nullptr;  // borrowed; null for one that came
  const RuleSummary* after = nullptr;   // null for one that went
};

// In the order of rulesets and rules. Both must outlive what is returned.
std::vector<RuleChange> differences(const PolicySummary& before, const PolicySummary& after);

}  // namespace trunkgate
