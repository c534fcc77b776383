#include "events/webhook/request.h"

#include <nlohmann/json.hpp>

#include "events/webhook/cloudevents_binary.h"
#include "events/webhook/push_renderings.h"

namespace trunkgate {

std::optional<WebhookRequest> render(WebhookSettings::Style style, const Delivery& event) {
  using Style = WebhookSettings::Style;
  if (style == Style::cloudevents) {
    return WebhookRequest{event.json,
                          {{"Content-Type", "application/cloudevents+json; charset=utf-8"}}};
  }
  const auto json = nlohmann::ordered_json::parse(event.json);
  if (style == Style::cloudevents_binary) return cloudevents_binary(json);
  const auto push = pushed_ref(json);
  if (!push) return std::nullopt;
  switch (style) {
    case Style::github:
      return github_push(*push);
    case Style::gitlab:
      return gitlab_push(*push);
    default:
      return gitea_push(*push);
  }
}

}  // namespace trunkgate
