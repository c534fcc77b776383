// Rules that ask for evidence which nobody can leave.
#pragma once

#include "config/diagnostics.h"
#include "policy/policy.h"

namespace trunkgate {

// Such a rule would refuse everything: a mistake, at the rule. Rules that are off do no harm.
void check_evidence(const Policy& policy, Diagnostics& diagnostics);

}  // namespace trunkgate
