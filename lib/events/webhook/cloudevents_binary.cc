#include "events/webhook/cloudevents_binary.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "events/bytes_json.h"

namespace trunkgate {
namespace {

// As section 3.1.3.2 of the HTTP binding says: all but U+0021 to U+007E, and '"' and '%'.
std::string percent_encoded(std::string_view utf8) {
  std::string text;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '%') {
      text += fmt::format("%{:02X}", byte);
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

WebhookRequest cloudevents_binary(const nlohmann::ordered_json& event) {
  WebhookRequest request;
  request.body = dump(event.at("data"));
  request.headers.emplace_back("Content-Type", event.at("datacontenttype").get<std::string>());
  for (const auto& [name, value] : event.items()) {
    if (name == "data" || name == "datacontenttype" || !value.is_string()) continue;
    std::string text = percent_encoded(value.get_ref<const std::string&>());
    // A header cannot be empty for every receiver; an attribute that is empty says nothing.
    if (!text.empty()) request.headers.emplace_back("ce-" + name, std::move(text));
  }
  return request;
}

}  // namespace trunkgate
