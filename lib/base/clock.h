// The wall clock, for programs to pass in: the library below floor hook takes times as arguments.
#pragma once

#include <chrono>
#include <cstdint>

namespace trunkgate {

// Microseconds since 1970.
inline std::int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace trunkgate
