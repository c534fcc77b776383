// The `data` of events that follow from a ref update. Included by lib/events/*.cc only.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "events/body_writer.h"
#include "events/event_body.h"

namespace trunkgate {

// Adds what EventBody::part says to `json`.
void write_derived(BodyWriter& writer, const EventBody& body, nlohmann::ordered_json& json);

}  // namespace trunkgate
