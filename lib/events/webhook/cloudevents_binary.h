// CloudEvents 1.0 in binary mode: attributes as headers, `data` as the body. Included by
// lib/events/webhook/*.cc only.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "events/webhook/request.h"

namespace trunkgate {

// `event` is in structured mode. Throws when it is none.
WebhookRequest cloudevents_binary(const nlohmann::ordered_json& event);

}  // namespace trunkgate
