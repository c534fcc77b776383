// Looks up declared keys, and reports the others with the nearest declared one.
#include "config/option_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/nearest.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kShownName = 60;

std::string did_you_mean(std::string_view name, std::span<const std::string_view> known) {
  const std::optional<std::string> best = nearest(name, known);
  return best ? fmt::format("did you mean '{}'?", *best) : std::string();
}

}  // namespace

OptionReader::OptionReader(const Node& map, std::span<const OptionInfo* const> declared,
                           Diagnostics& diagnostics, std::string_view owner)
    : map_(&map), diagnostics_(&diagnostics) {
  for (const OptionInfo* option : declared) declared_.push_back(option->name);
  if (map.kind != Node::Kind::map && map.kind != Node::Kind::null) {
    diagnostics.error(map.where,
                      fmt::format("{} must be a map, not {}", owner, to_string(map.kind)));
  }
  for (const Entry& entry : map.entries) {
    if (is_declared(entry.key)) continue;
    diagnostics.error(
        entry.key_where,
        fmt::format("unknown key '{}' in {}", printable(entry.key, kShownName), owner),
        did_you_mean(entry.key, declared_));
  }
}

bool OptionReader::is_declared(std::string_view name) const {
  return std::find(declared_.begin(), declared_.end(), name) != declared_.end();
}

const Node* OptionReader::find(std::string_view name) const { return map_->find(name); }

std::size_t read_word(const Node& node, std::span<const std::string_view> words,
                      std::size_t fallback, Diagnostics& diagnostics) {
  const bool is_text = node.kind == Node::Kind::scalar;
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (is_text && found != words.end()) return static_cast<std::size_t>(found - words.begin());
  const std::string given = is_text ? fmt::format("'{}'", printable(node.text, kShownName))
                                    : std::string(to_string(node.kind));
  diagnostics.error(node.where,
                    fmt::format("expected one of {}; found {}", fmt::join(words, ", "), given),
                    is_text ? did_you_mean(node.text, words) : std::string());
  return fallback;
}

const Node* list_at(const OptionReader& reader, std::string_view key) {
  const Node* node = reader.find(key);
  if (node == nullptr || node->kind == Node::Kind::sequence) return node;
  reader.diagnostics().error(
      node->where, fmt::format("'{}' must be a list, not {}", key, to_string(node->kind)));
  return nullptr;
}

const Location& item_location(const Node& list, std::string_view text) {
  for (const Node& item : list.items) {
    if (item.text == text) return item.where;
  }
  return list.where;
}

}  // namespace trunkgate
