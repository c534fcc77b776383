// Something about delivery itself that is worth an event.
#pragma once

#include <cstdint>
#include <string>

namespace trunkgate {

struct Notice {
  std::int64_t id = 0;    // in the journal, until its event is recorded
  std::string type;       // "delivery.dead" or "endpoint.disabled"
  std::string sink;       // its name in the policy
  std::string event;      // id of the event that was given up; else empty
  std::string reason;     // printable
  std::int64_t time = 0;  // microseconds since 1970
};

}  // namespace trunkgate
