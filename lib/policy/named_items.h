// What lists of things with names have in common: rulesets and sinks.
#pragma once

#include <string_view>

#include "config/document.h"

namespace trunkgate {

// 1 to 64 letters, digits, '.', '_' and '-'.
bool is_plain_name(std::string_view name);

// "[]", which would make something apply to nothing.
bool is_empty_list(const Node& node);

}  // namespace trunkgate
