// Times as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace trunkgate {

// "2026-01-05 09:30 UTC", of seconds since 1970.
std::string utc_text(std::int64_t seconds);

}  // namespace trunkgate
