// Sinks that need nothing but this machine.
#pragma once

#include <functional>
#include <memory>

#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// nullptr for a kind that it does not know. Throws Error(delivery) for settings that cannot work.
using SinkMaker = std::function<std::unique_ptr<Sink>(const SinkSettings&, const SinkPlace&)>;

// Knows the kinds without network libraries.
std::unique_ptr<Sink> make_local_sink(const SinkSettings& settings, const SinkPlace& place);
// Whether another maker is needed.
bool needs_network(const SinkSettings& settings);

}  // namespace trunkgate
