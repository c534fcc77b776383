#include "events/bytes_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace trunkgate {
nlohmann::ordered_json bytes_to_json(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  return {{"lossy", lossy_utf8(bytes)}, {"b64", base64(bytes)}};
}

std::optional<std::string> bytes_from_json(const nlohmann::ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object() || !value.contains("b64") || !value["b64"].is_string()) {
    return std::nullopt;
  }
  return unbase64(value["b64"].get_ref<const std::string&>());
}

// ASCII only: a log that somebody looks at in a terminal must not carry control characters.
std::string dump(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

std::string_view cut_bytes(std::string_view bytes, std::size_t limit) {
  if (bytes.size() <= limit) return bytes;
  std::size_t end = limit;
  // Continuation bytes follow the first byte of a character, three at most.
  for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(bytes[end]) & 0xC0U) == 0x80U;
       ++i) {
    --end;
  }
  return bytes.substr(0, end);
}

}  // namespace trunkgate
