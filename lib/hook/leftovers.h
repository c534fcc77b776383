// Clears away what pushes that were killed have left behind.
#pragma once

#include <cstdint>

#include "hook/gate_paths.h"

namespace trunkgate {

// Verdicts of pushes that are over, and scratch folders older than a day. Never throws: what cannot
// be removed now is tried again next time.
void sweep_leftovers(const GatePaths& paths, std::int64_t now_seconds) noexcept;

}  // namespace trunkgate
