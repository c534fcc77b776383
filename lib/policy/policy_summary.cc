#include "policy/policy_summary.h"

#include <string_view>

#include "base/text.h"
#include "policy/mode_setting.h"
#include "policy/policy.h"

namespace trunkgate {
namespace {

// Scope::refs_text() in one line, without the conditions that say nothing.
std::string refs_of(const Scope& scope) {
  const std::string text = scope.refs_text();
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, '\n')) {
    if (!part.empty() && part != "+" && part != "-") parts.emplace_back(part);
  }
  return join(parts, " ");
}

}  // namespace

PolicySummary summary_of(const Policy& policy) {
  PolicySummary summary{.sha256 = policy.sha256, .rules = {}};
  for (const ActiveRule& rule : policy.rules) {
    summary.rules[{rule.ruleset, std::string(rule.info->id)}] = {
        .mode = std::string(to_string(rule.mode)), .refs = refs_of(rule.scope)};
  }
  return summary;
}

std::vector<RuleChange> differences(const PolicySummary& before, const PolicySummary& after) {
  std::vector<RuleChange> changes;
  auto old = before.rules.begin();
  auto now = after.rules.begin();
  while (old != before.rules.end() || now != after.rules.end()) {
    const bool went =
        now == after.rules.end() || (old != before.rules.end() && old->first < now->first);
    const bool came =
        old == before.rules.end() || (now != after.rules.end() && now->first < old->first);
    const auto& [ruleset, rule] = went ? old->first : now->first;
    if (went || came || old->second != now->second) {
      changes.push_back({.ruleset = ruleset,
                         .rule = rule,
                         .before = came ? nullptr : &old->second,
                         .after = went ? nullptr : &now->second});
    }
    if (!came) ++old;
    if (!went) ++now;
  }
  return changes;
}

}  // namespace trunkgate
