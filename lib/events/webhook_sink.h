// Posts events to a URL.
#pragma once

#include <memory>

#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// `settings.receiver` holds WebhookSettings. Four requests are in flight at most, one of each
// partition. A receiver that asks to wait, wants nothing more or fails five times in a row gets
// nothing more from one deliver(), and no request is started a minute after its begin.
// Throws Error(config) when the URL cannot be used.
std::unique_ptr<Sink> make_webhook_sink(const SinkSettings& settings, const SinkPlace& place);

}  // namespace trunkgate
