// Builds the tree of a configuration file from the events of a parser. Private to config/.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/config_file.h"

namespace trunkgate {

class ConfigBuilder {
 public:
  // Thrown when reading on makes no sense; the mistake has been noted.
  struct Stop {};

  explicit ConfigBuilder(ConfigFile& file) : file_(file) {}

  void open(ConfigValue::Kind kind, std::size_t line);
  // The finished list or map; it stays in its place, so use it at once.
  const ConfigValue& close();
  void key(std::string name, std::size_t line);
  const ConfigValue& add(ConfigValue value);
  bool expects_key() const;
  // The next value does not go below its key but is taken into this map (YAML's "<<").
  void merge_next(std::size_t line);

  // Counts `value` and all below it once more; throws Stop beyond the bounds.
  void charge(const ConfigValue& value);
  [[noreturn]] void stop(std::size_t line, std::size_t column, std::string message);

 private:
  struct Frame {
    ConfigValue value;
    std::string path;
    std::string key;
    std::size_t key_line = 0;
    bool has_key = false;
    bool dropped = false;  // the value belongs to a key that is there already
    bool merging = false;
    std::vector<ConfigValue> merged;
    std::unordered_map<std::string, std::size_t> lines;
  };

  std::string path_of_next() const;
  const ConfigValue& place(ConfigValue value);
  void take_merged(Frame& frame);
  void count(std::size_t values, std::size_t line);

  ConfigFile& file_;
  std::vector<Frame> frames_;
  ConfigValue dropped_;
  std::size_t values_ = 0;
};

// The three parsers; each adds to `file` and throws ConfigBuilder::Stop after a syntax error.
void read_yaml(const std::string& text, ConfigFile& file);
void read_json(std::string_view text, ConfigFile& file);
void read_toml(std::string_view text, ConfigFile& file);

}  // namespace trunkgate
