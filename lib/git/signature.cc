#include "git/signature.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kDigits = "0123456789";

// "+0130", in minutes.
bool read_zone(std::string_view zone, int& minutes) {
  int number = 0;
  if (zone.size() != 5 || (zone[0] != '+' && zone[0] != '-') ||
      zone.find_first_not_of(kDigits, 1) != std::string_view::npos) {
    return false;
  }
  std::from_chars(zone.data() + 1, zone.data() + 5, number);
  minutes = (number / 100 * 60 + number % 100) * (zone[0] == '-' ? -1 : 1);
  return true;
}

}  // namespace

const char* read_signature(std::string_view text, Signature& signature) {
  const auto open = text.find('<');
  const auto close = text.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
      text.find('<', open + 1) != std::string_view::npos || text.find('>') != close) {
    return "no single <address>";
  }
  if (open == 0 || text[open - 1] != ' ') return "no space before the address";
  signature.name = trim(text.substr(0, open));
  signature.email = text.substr(open + 1, close - open - 1);
  // One space, then digits: Git takes no sign for a date and reads a time of its own instead.
  if (close + 1 >= text.size() || text[close + 1] != ' ') return "no date";
  const std::string_view date = text.substr(close + 2);
  const std::size_t digits = std::min(date.find_first_not_of(kDigits), date.size());
  if (digits == 0 || digits == date.size() || date[digits] != ' ') return "no date";
  if (digits > 1 && date[0] == '0') return "a date with zeros in front";
  if (std::from_chars(date.data(), date.data() + digits, signature.time).ec != std::errc()) {
    return "no date";
  }
  if (!read_zone(date.substr(digits + 1), signature.offset_minutes)) return "no time zone";
  return nullptr;
}

std::string_view header_of(std::string_view raw) {
  return raw.starts_with('\n') ? raw.substr(0, 0) : raw.substr(0, raw.find("\n\n"));
}

}  // namespace trunkgate
