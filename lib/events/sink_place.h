// What a sink is given besides its settings.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"
#include "events/sink.h"

namespace trunkgate {

struct SinkPlace {
  Sharing sharing;                    // of files that it makes
  SinkMemory& memory;                 // outlives the sink
  std::string host;                   // this machine's name, for mails and ids
  std::function<std::int64_t()> now;  // microseconds since 1970
};

}  // namespace trunkgate
