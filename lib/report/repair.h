// The commands that repair a finding.
#pragma once

#include <string>
#include <vector>

#include "policy/verdict.h"

namespace trunkgate {

// Commands for one finding of `ref`, in the order to run them; empty when there are none that are
// safe to paste. `alone` says that no other commit of the ref needs rewording.
std::vector<std::string> repair_commands(const RefVerdict& ref, const Finding& finding, bool alone);

// One command that rewords every commit from `oldest` on; for several findings at once.
std::string reword_command(const RefVerdict& ref, const Finding& oldest);

}  // namespace trunkgate
