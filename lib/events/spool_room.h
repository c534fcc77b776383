// How crowded the spool is: when no deliverer has run for long, records must not fill the disk.
#pragma once

#include <cstddef>
#include <string>

namespace trunkgate {

// From so many files on every pusher is warned.
inline constexpr std::size_t kCrowdedSpool = 10'000;
// From so many on nothing is recorded any more. What pushes do to refs is still told, as a change
// that nobody announced.
inline constexpr std::size_t kFullSpool = 100'000;

// How many files wait there, kFullSpool at most; 0 when they are fewer than kCrowdedSpool. That
// costs a hook one stat().
std::size_t crowd_in_spool(const std::string& folder);

}  // namespace trunkgate
