// Sinks of every kind.
#pragma once

#include <memory>

#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// As a SinkMaker. Throws Error(delivery) for settings that cannot work, such as a secret that
// cannot be read.
std::unique_ptr<Sink> make_any_sink(const SinkSettings& settings, const SinkPlace& place);

}  // namespace trunkgate
