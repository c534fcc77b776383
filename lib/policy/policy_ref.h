// Pushes to the reference that holds the policy: who may, and what may stand there.
#pragma once

#include <vector>

#include "policy/policy.h"
#include "policy/policy_files.h"
#include "policy/policy_loader.h"
#include "push/push.h"
#include "rules/rule.h"

namespace trunkgate {

// Judges an update of `policy.policy_ref`. What is pushed has to load as the policy would that
// `roots` make with it, and to pass the tests beside it. Without roots only who pushes and what
// becomes of its history is judged. Throws Error when that cannot be found out.
void check_policy_ref(const Push& push, const PushedRef& ref, const Policy& policy,
                      const std::vector<PolicyRoot>& roots, Answer& out);

// What is said of every other ref while the policy's own does not exist.
Finding missing_policy_ref(const PolicyRef& policy_ref);

}  // namespace trunkgate
