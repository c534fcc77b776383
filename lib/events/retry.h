// When a delivery that failed is tried again.
#pragma once

#include <cstdint>

namespace trunkgate {

// The schedule of Standard Webhooks 1.0: an event that its receiver refuses is tried ten times over
// 75.5 hours, then given up.
inline constexpr int kMaxRefusals = 10;
// How long to wait after so many refusals (1 for the first), in microseconds; `chance` from 0 to 1
// spreads it by a fifth to either side.
std::int64_t wait_after_refusal(int refusals, double chance);

// A receiver that takes nothing at all is asked again soon, because everything waits for it: 5
// seconds after the first failure, twice as long after each further one, 15 minutes at most.
std::int64_t wait_after_outage(int failures, double chance);

// What a receiver may ask for at most (Retry-After).
inline constexpr std::int64_t kMaxRetryAfter = std::int64_t{24} * 3600 * 1'000'000;
// A sink to which nothing came through for so long is disabled.
inline constexpr std::int64_t kMaxOutage = std::int64_t{5} * 24 * 3600 * 1'000'000;

}  // namespace trunkgate
