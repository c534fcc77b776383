// The hooks that the gate consists of, as Git names them.
#pragma once

#include <array>

namespace trunkgate {

inline constexpr std::array<const char*, 3> kHookNames = {"pre-receive", "update", "post-receive"};

// The hook that lands branches, where the policy has the merge queue on.
inline constexpr const char* kQueueHook = "proc-receive";

}  // namespace trunkgate
