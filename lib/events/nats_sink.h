// Publishes events to a NATS JetStream stream.
#pragma once

#include <memory>

#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// `settings.receiver` holds NatsSettings. Connects at the first call that needs it, and anew after
// each failure. An event counts as delivered when the stream has acknowledged that event;
// partitions go in parallel, and the events of one partition go one by one (unless the sink is not
// ordered).
//
// A stream acknowledges before its bytes are on disk, so it may lose what it has acknowledged:
// what it has is compared with the sink's memory at each connection. After lost_since() has told of
// a loss, what was lost must be marked to be sent again before deliver() is called, since its next
// success forgets the loss.
std::unique_ptr<Sink> make_nats_sink(const SinkSettings& settings, const SinkPlace& place);

}  // namespace trunkgate
