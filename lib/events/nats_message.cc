#include "events/nats_message.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "events/bytes_json.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxTokenBytes = 200;
constexpr std::string_view kTypePrefix = "dev.trunkgate.";
constexpr std::string_view kFirstVersion = ".v1";

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

std::string percent_encoded(std::string_view bytes, std::string_view reserved) {
  std::string text;
  for (const char c : bytes) {
    if (is_visible(c) && reserved.find(c) == std::string_view::npos) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

// As the HTTP and NATS bindings of CloudEvents encode what is no visible ASCII.
std::string header_value(std::string_view text) { return percent_encoded(text, "\"%"); }

std::string_view short_type(std::string_view type) {
  if (type.starts_with(kTypePrefix)) type.remove_prefix(kTypePrefix.size());
  if (type.ends_with(kFirstVersion)) type.remove_suffix(kFirstVersion.size());
  return type;
}

std::string text_at(const Json& json, const Json::json_pointer& where) {
  if (!json.is_object() || !json.contains(where)) return {};
  return bytes_from_json(json.at(where)).value_or("");
}

// The repository's name, or what its source ends in.
std::string repository_of(const Json& json) {
  std::string name = text_at(json, Json::json_pointer("/data/repository/name"));
  if (!name.empty()) return name;
  name = text_at(json, Json::json_pointer("/source"));
  name = name.substr(name.rfind('/') + 1);
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  return name;
}

}  // namespace

std::string nats_token(std::string_view bytes) {
  std::string token = percent_encoded(bytes, ".*>%");
  if (token.size() > kMaxTokenBytes) {
    std::size_t end = kMaxTokenBytes;
    // Not within a %XX.
    while (token[end - 1] == '%' || token[end - 2] == '%') --end;
    token.resize(end);
  }
  return token.empty() ? "_" : token;
}

NatsMessage nats_message(const Delivery& event, std::string_view subject, std::string_view host) {
  const Json json = Json::parse(event.json, nullptr, false);
  NatsMessage message;
  message.subject =
      fmt::format("{}.{}.{}.{}", subject, nats_token(host), nats_token(repository_of(json)),
                  nats_token(short_type(event.type)));
  message.headers = {{"Nats-Msg-Id", event.id},
                     {"Content-Type", "application/cloudevents+json"},
                     {"ce-type", header_value(event.type)},
                     {"ce-subject", header_value(text_at(json, Json::json_pointer("/subject")))}};
  return message;
}

}  // namespace trunkgate
