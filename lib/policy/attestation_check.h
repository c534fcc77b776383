// Judges what is pushed to refs/attest/: always enforced, whatever modes the policy has.
#pragma once

#include <vector>

#include "evidence/state_log.h"
#include "push/push.h"
#include "rules/rule.h"

namespace trunkgate {

// `ref` is below refs/attest/. What is wrong goes to `out`; what is kept about an attestation that
// is let in, to `lines`.
void check_attestation(const Push& push, const PushedRef& ref, Answer& out,
                       std::vector<StateLine>& lines);

}  // namespace trunkgate
