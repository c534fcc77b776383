// Documentation of rules, made from the catalogue so that it cannot lie.
#pragma once

#include <string>

#include "rules/rule.h"

namespace trunkgate {

// What `trunkgate explain RULE` shows: plain text, 80 columns.
std::string explain_rule(const RuleInfo& rule);

// All rules with a line each, for `trunkgate explain`.
std::string list_rules();

// config/RULES.md: every rule in the order of the catalogue.
std::string rules_markdown();

}  // namespace trunkgate
