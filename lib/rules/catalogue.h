// All rules there are.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace trunkgate {

#define RULE(name) extern const RuleInfo name;
#include "rules/catalogue.def"
#undef RULE

// In the order of catalogue.def.
std::span<const RuleInfo* const> all_rules();

// The rule with this id, or nullptr.
const RuleInfo* find_rule(std::string_view id);

// The ids of all rules, for "did you mean".
std::vector<std::string_view> rule_ids();

}  // namespace trunkgate
