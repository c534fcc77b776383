// Checks the bytes of a configuration file and has them read in their format.
#include "config/config_file.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "config/config_builder.h"

namespace trunkgate {
namespace {

constexpr std::size_t kShownKey = 60;
// A path longer than this helps nobody.
constexpr std::size_t kMaxPath = 400;

ConfigMistake mistake_at(std::string_view text, std::size_t offset, std::string message) {
  const std::string_view before = text.substr(0, offset);
  const auto feeds = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto feed = before.rfind('\n');
  std::size_t column = 1;
  for (std::size_t i = feed == std::string_view::npos ? 0 : feed + 1; i < offset; ++column) {
    i += next_code_point(text.substr(i)).size;
  }
  return {feeds + 1, column, std::move(message)};
}

std::string bounded(std::string path) {
  if (path.size() <= kMaxPath) return path;
  return "..." + printable(path.substr(path.size() - kMaxPath), std::numeric_limits<int>::max());
}

}  // namespace

const ConfigValue* ConfigValue::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const ConfigEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

const ConfigValue* ConfigValue::find_path(std::initializer_list<std::string_view> keys) const {
  const ConfigValue* value = this;
  for (const std::string_view key : keys) {
    value = value->find(key);
    if (value == nullptr) return nullptr;
  }
  return value;
}

std::optional<ConfigFormat> config_format(std::string_view path) {
  const std::string name = ascii_lower(path.substr(path.rfind('/') + 1));
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return ConfigFormat::yaml;
  if (name.ends_with(".json")) return ConfigFormat::json;
  if (name.ends_with(".toml")) return ConfigFormat::toml;
  return std::nullopt;
}

std::string_view to_string(ConfigFormat format) {
  switch (format) {
    case ConfigFormat::yaml:
      return "YAML";
    case ConfigFormat::json:
      return "JSON";
    case ConfigFormat::toml:
      return "TOML";
  }
  return "text";
}

std::optional<ConfigMistake> text_mistake(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return ConfigMistake{1, 1, "the file begins with a byte order mark"};
  }
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = next_code_point(text.substr(i));
    if (!point.valid) return mistake_at(text, i, "this byte is not UTF-8");
    const char c = text[i];
    const bool line_break = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (control && c != '\t' && c != '\n' && !line_break) {
      return mistake_at(text, i,
                        c == '\0' ? "a NUL stands here" : "a control character stands here");
    }
    i += point.size;
  }
  return std::nullopt;
}

ConfigFile read_config_file(std::string_view text, ConfigFormat format) {
  ConfigFile file;
  if (auto mistake = text_mistake(text)) {
    file.mistakes.push_back(std::move(*mistake));
    return file;
  }
  try {
    switch (format) {
      case ConfigFormat::yaml:
        read_yaml(std::string(text), file);
        break;
      case ConfigFormat::json:
        read_json(text, file);
        break;
      case ConfigFormat::toml:
        read_toml(text, file);
        break;
    }
  } catch (const ConfigBuilder::Stop&) {
    file.documents.clear();  // half of a file says nothing about what it lacks
  }
  return file;
}

std::string config_path(std::string_view parent, std::string_view key) {
  std::string shown = printable(key, kShownKey);
  if (parent.empty()) return shown;
  return bounded(std::string(parent) + "." + shown);
}

std::string config_path(std::string_view parent, std::size_t index) {
  return bounded(std::string(parent) + "[" + std::to_string(index) + "]");
}

}  // namespace trunkgate
