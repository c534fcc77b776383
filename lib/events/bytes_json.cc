#include "events/bytes_json.h"

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::string> unbase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU));
  }
  return bytes;
}

}  // namespace

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
