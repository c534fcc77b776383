#include "events/event_view.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kIdDigits = 8;

}  // namespace

const EventJson& at(const EventJson& json, std::string_view key) {
  static const EventJson nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found == json.end() ? nothing : *found;
}

std::string text(const EventJson& value, std::size_t limit) {
  if (value.is_string()) return printable(value.get_ref<const std::string&>(), limit);
  if (value.is_object())
    return at(value, "lossy").is_string() ? text(at(value, "lossy"), limit) : "";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.is_number() ? value.dump() : "";
}

std::vector<std::string> text_lines(const EventJson& value) {
  const EventJson& bytes = value.is_object() ? at(value, "lossy") : value;
  std::vector<std::string> lines;
  if (!bytes.is_string()) return lines;
  for (const std::string_view line : split(bytes.get_ref<const std::string&>(), '\n')) {
    lines.push_back(printable(line));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::size_t number(const EventJson& value) {
  return value.is_number_unsigned() ? value.get<std::size_t>() : 0;
}

bool is_true(const EventJson& value) { return value.is_boolean() && value.get<bool>(); }

std::size_t size_of(const EventJson& list) { return list.is_array() ? list.size() : 0; }

std::string short_id(const EventJson& id) { return text(id).substr(0, kIdDigits); }

std::string joined(const EventJson& list) {
  std::vector<std::string> words;
  if (list.is_array()) {
    for (const EventJson& item : list) words.push_back(text(item));
  }
  return join(words, ", ");
}

// "2026-01-02T03:04:05.678901Z" without what nobody reads.
std::string time_text(const EventJson& time) {
  std::string shown = text(time);
  if (shown.size() < 20 || shown[10] != 'T' || shown.back() != 'Z') return shown;
  shown[10] = ' ';
  return shown.substr(0, 19) + " UTC";
}

}  // namespace trunkgate
