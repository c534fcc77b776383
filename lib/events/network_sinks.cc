#include "events/network_sinks.h"

#include <variant>

#include "events/local_sinks.h"
#include "events/nats_sink.h"
#include "events/smtp_sink.h"
#include "events/webhook_sink.h"

namespace trunkgate {

std::unique_ptr<Sink> make_any_sink(const SinkSettings& settings, const SinkPlace& place) {
#define SINK(key, Settings)
#define NETWORK_SINK(key, Settings)                          \
  if (std::holds_alternative<Settings>(settings.receiver)) { \
    return make_##key##_sink(settings, place);               \
  }
#include "events/sinks.def"
#undef SINK
#undef NETWORK_SINK
  return make_local_sink(settings, place);
}

}  // namespace trunkgate
