// What one event is as an HTTP request, apart from signatures.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "events/sink.h"
#include "policy/sink_settings.h"

namespace trunkgate {

// Names and values of headers; values have no control characters and none is empty.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct WebhookRequest {
  std::string body;
  HttpHeaders headers;
};

// Depends on the event alone, so every attempt has the same bytes. Nothing when the product whose
// style it is has no word for such an event: GitHub, GitLab and Gitea know pushes of branches and
// tags only. Throws when `event.json` is no event.
std::optional<WebhookRequest> render(WebhookSettings::Style style, const Delivery& event);

}  // namespace trunkgate
