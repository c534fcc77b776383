#include "events/local_sinks.h"

#include <variant>

#include "events/command_sink.h"
#include "events/file_sink.h"

namespace trunkgate {

std::unique_ptr<Sink> make_local_sink(const SinkSettings& settings, const SinkPlace& place) {
#define NETWORK_SINK(key, Settings)
#define SINK(key, Settings)                                  \
  if (std::holds_alternative<Settings>(settings.receiver)) { \
    return make_##key##_sink(settings, place);               \
  }
#include "events/sinks.def"
#undef SINK
  return nullptr;
}

bool needs_network(const SinkSettings& settings) {
#define SINK(key, Settings)
#undef NETWORK_SINK
#define NETWORK_SINK(key, Settings) \
  if (std::holds_alternative<Settings>(settings.receiver)) return true;
#include "events/sinks.def"
#undef SINK
#undef NETWORK_SINK
  return false;
}

}  // namespace trunkgate
