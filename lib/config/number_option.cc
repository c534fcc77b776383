// Reads numbers with a fraction, strictly.
#include "config/number_option.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace trunkgate {
namespace {

// More digits than any limit needs; within them no number overflows.
constexpr std::size_t kMaxDigits = 18;

bool all_digits(std::string_view text) {
  return !text.empty() && text.size() <= kMaxDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<double> number_of(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const auto point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  if (!all_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
  if (point != std::string_view::npos && !all_digits(digits.substr(point + 1))) {
    return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What somebody meant whose number is written in another way.
std::string meant(const Node& node) {
  if (node.kind != Node::Kind::scalar) return {};
  const std::string& text = node.text;
  if (number_of(text)) return "write " + printable(text, 60) + " without quotes";
  if (text.starts_with('.') && number_of("0" + text)) return "write 0" + text;
  if (text.starts_with("-.") && number_of("-0" + text.substr(1)))
    return "write -0" + text.substr(1);
  if (text.starts_with('+') && number_of(text.substr(1))) return "write " + text.substr(1);
  return {};
}

}  // namespace

bool OptionType<double>::read(const Node& node, Diagnostics& diagnostics, double& value) {
  const bool plain = node.kind == Node::Kind::scalar && !node.quoted;
  if (const auto number = plain ? number_of(node.text) : std::optional<double>()) {
    value = *number;
    return true;
  }
  const std::string found =
      node.kind == Node::Kind::scalar
          ? (node.quoted ? "the quoted text '" : "'") + printable(node.text, 60) + "'"
          : std::string(to_string(node.kind));
  diagnostics.error(node.where, "expected a number such as 0.005, found " + found, meant(node));
  return false;
}

}  // namespace trunkgate
