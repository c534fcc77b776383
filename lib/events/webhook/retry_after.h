// How long a receiver asks to be left alone.
#pragma once

#include <cstdint>
#include <string>

namespace trunkgate {

// Microseconds, a day at most, that the value of a Retry-After header (seconds or a date) means at
// `now` (microseconds since 1970); 0 when it says nothing, or that the time has come.
std::int64_t retry_after(const std::string& value, std::int64_t now);

}  // namespace trunkgate
