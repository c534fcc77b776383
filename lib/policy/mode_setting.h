// `mode` and `mode-until`, on a policy, a ruleset or a rule.
#pragma once

#include <cstdint>
#include <string_view>

#include "config/option_reader.h"
#include "rules/finding.h"

namespace trunkgate {

// A mode and the day it ends on.
struct ModeSetting {
  Mode mode = Mode::enforce;
  std::int64_t until = 0;  // seconds since 1970 from which it is `enforce`; 0 for never
};

// As a policy says it: "enforce".
std::string_view to_string(Mode mode);

// `mode:` and `mode-until:` of a map; `inherited` when it says nothing.
ModeSetting read_mode(const OptionReader& reader, const ModeSetting& inherited,
                      Diagnostics& diagnostics);

}  // namespace trunkgate
