// Lengths of time in microseconds, in which records and events count it. For sources only: policies
// count in seconds.
#pragma once

#include <cstdint>

namespace trunkgate {

inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

}  // namespace trunkgate
