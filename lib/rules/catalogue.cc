#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr const RuleInfo* kRules[] = {
#define RULE(name) &name,
#include "rules/catalogue.def"
#undef RULE
};

}  // namespace

std::span<const RuleInfo* const> all_rules() { return kRules; }

const RuleInfo* find_rule(std::string_view id) {
  for (const RuleInfo* rule : kRules) {
    if (rule->id == id) return rule;
  }
  return nullptr;
}

std::vector<std::string_view> rule_ids() {
  std::vector<std::string_view> ids;
  for (const RuleInfo* rule : kRules) ids.push_back(rule->id);
  return ids;
}

}  // namespace trunkgate
