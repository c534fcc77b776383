#include "git/signature.h"

#include <charconv>

#include "base/text.h"

namespace trunkgate {

const char* read_signature(std::string_view text, Signature& signature) {
  const auto open = text.find('<');
  const auto close = text.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
      text.find('<', open + 1) != std::string_view::npos || text.find('>') != close) {
    return "no single <address>";
  }
  signature.name = trim(text.substr(0, open));
  signature.email = text.substr(open + 1, close - open - 1);
  const std::string_view date = trim(text.substr(close + 1));
  const char* end = date.data() + date.size();
  const auto [after, error] = std::from_chars(date.data(), end, signature.time);
  if (error != std::errc() || after == end || *after != ' ') return "no date";
  const std::string_view zone(after + 1, static_cast<std::size_t>(end - after - 1));
  int number = 0;
  if (zone.size() != 5 || zone.find_first_not_of("0123456789", 1) != std::string_view::npos ||
      (zone[0] != '+' && zone[0] != '-') ||
      std::from_chars(zone.data() + 1, zone.data() + 5, number).ptr != zone.data() + 5) {
    return "no time zone";
  }
  signature.offset_minutes = (number / 100 * 60 + number % 100) * (zone[0] == '-' ? -1 : 1);
  return nullptr;
}

}  // namespace trunkgate
