// Reads TOML 1.0 with toml++.
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "base/text.h"
#include "config/config_builder.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

// toml++ makes a table for each part of a dotted key and takes them apart by recursion: a key of a
// million parts would overflow the stack. No text between two dots can be empty there.
void check_dotted_keys(std::string_view text, ConfigBuilder& builder) {
  std::size_t line = 1;
  std::size_t dots = 0;
  bool part = false;
  for (const char c : text) {
    if (c == '\n') ++line;
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '"' || c == '\'';
    if (c == '.' && part) {
      part = false;
      if (++dots >= kMaxConfigDepth) {
        builder.stop(line, 0, fmt::format("a key has more than {} parts", kMaxConfigDepth));
      }
    } else if (word) {
      part = true;
    } else if (c != ' ' && c != '\t') {
      dots = 0;
      part = false;
    }
  }
}

class TomlReader {
 public:
  explicit TomlReader(ConfigBuilder& builder) : builder_(builder) {}

  void read(const toml::node& node) {
    line_ = node.source().begin.line != 0 ? node.source().begin.line : line_;
    if (const auto* table = node.as_table()) return read_table(*table);
    if (const auto* array = node.as_array()) return read_array(*array);
    ConfigValue value;
    value.line = line_;
    read_scalar(node, value);
    builder_.add(std::move(value));
  }

 private:
  void read_table(const toml::table& table) {
    builder_.open(Kind::map, line_);
    for (const auto& [key, child] : table) {
      const auto line = key.source().begin.line;
      builder_.key(std::string(key.str()), line != 0 ? line : line_);
      read(child);
    }
    builder_.close();
  }

  void read_array(const toml::array& array) {
    builder_.open(Kind::list, line_);
    for (const toml::node& child : array) read(child);
    builder_.close();
  }

  static void read_scalar(const toml::node& node, ConfigValue& value) {
    value.kind = Kind::text;
    if (const auto* text = node.as_string()) {
      value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
      value.kind = Kind::integer;
      value.integer = integer->get();
      value.real = static_cast<double>(value.integer);
      value.text = std::to_string(value.integer);
    } else if (const auto* real = node.as_floating_point()) {
      value.kind = Kind::real;
      value.real = real->get();
      value.text = fmt::format("{}", value.real);
    } else if (const auto* boolean = node.as_boolean()) {
      value.kind = Kind::boolean;
      value.boolean = boolean->get();
      value.text = value.boolean ? "true" : "false";
    } else {
      std::ostringstream out;  // dates and times are texts in JSON
      if (const auto* date = node.as_date()) out << date->get();
      if (const auto* time = node.as_time()) out << time->get();
      if (const auto* both = node.as_date_time()) out << both->get();
      value.text = out.str();
    }
  }

  ConfigBuilder& builder_;
  std::size_t line_ = 1;
};

}  // namespace

void read_toml(std::string_view text, ConfigFile& file) {
  ConfigBuilder builder(file);
  check_dotted_keys(text, builder);
  try {
    const toml::table table = toml::parse(text);
    TomlReader(builder).read(table);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    builder.stop(at.line, at.column, printable(error.description()));
  }
}

}  // namespace trunkgate
