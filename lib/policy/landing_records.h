// What is kept of how the refs of a push land: for rules about evidence, for events, and for pushes
// to come.
#pragma once

#include "policy/judged_push.h"
#include "policy/policy.h"

namespace trunkgate {

// Before any rule asks how a ref lands.
void look_for_rewritten_branches(const Push& push, const Policy& policy);

// What events say of a landing. Where nothing is protected and no evidence is asked for, nobody
// wants to know, and finding out costs.
void record_landings(JudgedPush& judged);

// Who pushed a commit cannot approve it, whatever it says of its author. Known once it is known
// how refs land: whoever lands what others have pushed has brought nothing of their own, and may
// have approved it, also for the next branch that it lands on.
void record_pushers(JudgedPush& judged, const Policy& policy);

}  // namespace trunkgate
