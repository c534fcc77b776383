#include "config/config_builder.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxMistakes = 20;
// A text counts as one value for each of these bytes: aliases can repeat long ones, too.
constexpr std::size_t kBytesOfValue = 128;

std::size_t weight(const ConfigValue& value) { return 1 + value.text.size() / kBytesOfValue; }

}  // namespace

void ConfigBuilder::stop(std::size_t line, std::size_t column, std::string message) {
  file_.mistakes.push_back({line, column, std::move(message)});
  throw Stop{};
}

void ConfigBuilder::count(std::size_t values, std::size_t line) {
  values_ += values;
  if (values_ > kMaxConfigValues) {
    stop(line, 0, fmt::format("the file holds more than {} values", kMaxConfigValues));
  }
}

void ConfigBuilder::charge(const ConfigValue& value) {
  count(weight(value), value.line);
  for (const ConfigValue& item : value.items) charge(item);
  for (const ConfigEntry& entry : value.entries) {
    count(1 + entry.key.size() / kBytesOfValue, entry.line);
    charge(entry.value);
  }
}

bool ConfigBuilder::expects_key() const {
  return !frames_.empty() && frames_.back().value.kind == ConfigValue::Kind::map &&
         !frames_.back().has_key && !frames_.back().merging;
}

std::string ConfigBuilder::path_of_next() const {
  if (frames_.empty()) return {};
  const Frame& frame = frames_.back();
  if (frame.value.kind == ConfigValue::Kind::list) {
    return config_path(frame.path, frame.value.items.size());
  }
  return config_path(frame.path, frame.key);
}

void ConfigBuilder::open(ConfigValue::Kind kind, std::size_t line) {
  if (frames_.size() >= kMaxConfigDepth) {
    stop(line, 0, fmt::format("lists and maps are nested more than {} deep", kMaxConfigDepth));
  }
  count(1, line);
  Frame frame;
  frame.path = path_of_next();
  frame.value.kind = kind;
  frame.value.line = line;
  frames_.push_back(std::move(frame));
}

const ConfigValue& ConfigBuilder::close() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  take_merged(frame);
  return place(std::move(frame.value));
}

void ConfigBuilder::key(std::string name, std::size_t line) {
  Frame& frame = frames_.back();
  count(1 + name.size() / kBytesOfValue, line);
  const auto [first, is_new] = frame.lines.emplace(name, line);
  if (!is_new && file_.mistakes.size() < kMaxMistakes) {
    file_.mistakes.push_back({line, 0,
                              fmt::format("duplicate key '{}'; the first is in line {}",
                                          config_path(frame.path, name), first->second)});
  }
  frame.key = std::move(name);
  frame.key_line = line;
  frame.has_key = true;
  frame.dropped = !is_new;
}

void ConfigBuilder::merge_next(std::size_t line) {
  frames_.back().merging = true;
  frames_.back().key = "<<";
  frames_.back().key_line = line;
}

const ConfigValue& ConfigBuilder::add(ConfigValue value) {
  count(weight(value), value.line);
  return place(std::move(value));
}

const ConfigValue& ConfigBuilder::place(ConfigValue value) {
  if (frames_.empty()) return file_.documents.emplace_back(std::move(value));
  Frame& frame = frames_.back();
  if (frame.value.kind == ConfigValue::Kind::list) {
    return frame.value.items.emplace_back(std::move(value));
  }
  if (frame.merging) {
    frame.merging = false;
    return frame.merged.emplace_back(std::move(value));
  }
  frame.has_key = false;
  // Parsers put what is empty, or has lines of its own, at its first token: the key says more.
  if (value.kind == ConfigValue::Kind::null || value.kind == ConfigValue::Kind::map ||
      value.kind == ConfigValue::Kind::list) {
    value.line = frame.key_line;
  }
  if (frame.dropped) return dropped_ = std::move(value);
  frame.value.entries.push_back({std::move(frame.key), frame.key_line, std::move(value)});
  return frame.value.entries.back().value;
}

// What a map says itself wins over what it merges, and the earlier of several over the later.
void ConfigBuilder::take_merged(Frame& frame) {
  for (ConfigValue& merged : frame.merged) {
    if (merged.kind != ConfigValue::Kind::list && merged.kind != ConfigValue::Kind::map) {
      stop(merged.line, 0, "'<<' can merge maps only");
    }
    const bool several = merged.kind == ConfigValue::Kind::list;
    for (ConfigValue& map : several ? std::span(merged.items) : std::span(&merged, 1)) {
      if (map.kind != ConfigValue::Kind::map) stop(map.line, 0, "'<<' can merge maps only");
      for (ConfigEntry& entry : map.entries) {
        if (!frame.lines.emplace(entry.key, entry.line).second) continue;
        frame.value.entries.push_back(std::move(entry));
      }
    }
  }
}

}  // namespace trunkgate
