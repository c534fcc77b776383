// Reads configuration files of programs - YAML, JSON, TOML - into one tree that keeps lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

struct ConfigEntry;

// One value of such a file. Values own what is below them.
struct ConfigValue {
  enum class Kind { null, boolean, integer, real, text, list, map };

  Kind kind = Kind::null;
  // Where it begins, 1-based: a map, a list and nothing with their key, an alias where it stands.
  std::size_t line = 1;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;   // of integers, too
  std::string text;  // of a text; of a number and a date as it is written
  std::vector<ConfigValue> items;
  std::vector<ConfigEntry> entries;  // keys are unique

  bool number() const { return kind == Kind::integer || kind == Kind::real; }
  // The value at `key` of a map, or nullptr. Valid as long as this value is not changed.
  const ConfigValue* find(std::string_view key) const;
  // Walks down maps: find_path({"tool", "poetry"}).
  const ConfigValue* find_path(std::initializer_list<std::string_view> keys) const;
};

struct ConfigEntry {
  std::string key;  // raw bytes; of YAML's numbers and words as they are written
  std::size_t line = 1;
  ConfigValue value;
};

// Something that is wrong with the file itself.
struct ConfigMistake {
  std::size_t line = 0;    // 1-based; 0 for the whole file
  std::size_t column = 0;  // 1-based; 0 when unknown
  std::string message;     // printable: "duplicate key 'model.layers'; the first is in line 3"

  bool operator==(const ConfigMistake&) const = default;
};

struct ConfigFile {
  std::vector<ConfigValue> documents;   // of JSON and TOML one; none after a syntax error
  std::vector<ConfigMistake> mistakes;  // syntax: the first only; duplicate keys: the first 20
};

enum class ConfigFormat { yaml, json, toml };

// By extension, in any case: .yaml, .yml, .json, .toml.
std::optional<ConfigFormat> config_format(std::string_view path);
std::string_view to_string(ConfigFormat format);  // "YAML"

// The first byte that is no text or that programs read differently - some take it for the end of
// the file, some for the end of a line, some for nothing: bytes that are no UTF-8, control
// characters, a lone carriage return, a byte order mark.
std::optional<ConfigMistake> text_mistake(std::string_view text);

// Bounds of what is read; beyond them stands a mistake. Aliases count for what they stand for.
inline constexpr std::size_t kMaxConfigDepth = 64;
inline constexpr std::size_t kMaxConfigValues = 200'000;

// Never throws for what stands in the text: YAML 1.2 (core schema, aliases, merge keys, several
// documents), RFC 8259, TOML 1.0. Takes memory of some 200 times the text at worst; bound its size.
ConfigFile read_config_file(std::string_view text, ConfigFormat format);

// "model.layers", "layers[3].size"; for messages, so keys are made printable.
std::string config_path(std::string_view parent, std::string_view key);
std::string config_path(std::string_view parent, std::size_t index);

}  // namespace trunkgate
