// Reads YAML 1.2 with yaml-cpp: every document, aliases and merge keys resolved within bounds.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <map>
#include <sstream>

#include "base/text.h"
#include "config/config_builder.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool only(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789";

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_real(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (!only(power, kDigits)) return false;
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) return only(text, kDigits);
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = text.substr(point + 1);
  if (whole.empty()) return only(part, kDigits);
  return only(whole, kDigits) && (part.empty() || only(part, kDigits));
}

void set_real(ConfigValue& value, double real) {
  value.kind = Kind::real;
  value.real = real;
}

void set_number(ConfigValue& value, std::string_view digits, int base) {
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, number, base).ec == std::errc()) {
    value.kind = Kind::integer;
    value.integer = number;
    value.real = static_cast<double>(number);
  } else {
    double real = 0;
    if (base == 10) return set_real(value, std::strtod(std::string(digits).c_str(), nullptr));
    for (const char c : digits.substr(digits.starts_with('-') ? 1 : 0)) {
      const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      real = real * base + digit;
    }
    set_real(value, digits.starts_with('-') ? -real : real);
  }
}

// What a plain scalar is by YAML 1.2's core schema (10.3.2).
void resolve(ConfigValue& value) {
  std::string_view text = value.text;
  value.kind = Kind::text;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    value.kind = Kind::null;
  } else if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    value.kind = Kind::boolean;
    value.boolean = text[0] == 't' || text[0] == 'T';
  } else if (text.starts_with("0x") && only(text.substr(2), "0123456789abcdefABCDEF")) {
    set_number(value, text.substr(2), 16);
  } else if (text.starts_with("0o") && only(text.substr(2), "01234567")) {
    set_number(value, text.substr(2), 8);
  } else if (only(text.substr(text[0] == '-' || text[0] == '+' ? 1 : 0), kDigits)) {
    set_number(value, text.starts_with('+') ? text.substr(1) : text, 10);
  } else if (looks_real(text)) {
    // Nobody sets a locale here, and from_chars for doubles would bring start-up code.
    set_real(value, std::strtod(value.text.c_str(), nullptr));
  } else if (is_one_of(text.substr(text[0] == '-' || text[0] == '+' ? 1 : 0),
                       {".inf", ".Inf", ".INF"})) {
    const double most = std::numeric_limits<double>::infinity();
    set_real(value, text[0] == '-' ? -most : most);
  } else if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    set_real(value, std::numeric_limits<double>::quiet_NaN());
  }
}

class YamlReader final : public YAML::EventHandler {
 public:
  static std::size_t line_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.line, 0)) + 1;
  }
  static std::size_t column_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.column, 0)) + 1;
  }

  explicit YamlReader(ConfigFile& file) : builder_(file) {}

  void OnDocumentStart(const YAML::Mark&) override { anchors_.clear(); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    ConfigValue value;
    value.line = line_of(mark);
    take(std::move(value), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    ConfigValue value;
    value.line = line_of(mark);
    value.text = text;
    const bool plain = tag == "?";
    last_scalar_ = static_cast<std::size_t>(std::max(mark.pos, 0));
    if (plain && text == "<<" && builder_.expects_key()) return builder_.merge_next(value.line);
    static constexpr std::string_view kCore = "tag:yaml.org,2002:";
    const bool typed = tag.starts_with(kCore) && tag != "tag:yaml.org,2002:str";
    value.kind = Kind::text;
    if (plain || typed) resolve(value);
    take(std::move(value), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      builder_.stop(line_of(mark), column_of(mark), "an alias that stands inside its own value");
    }
    builder_.charge(known->second);
    ConfigValue value = known->second;
    value.line = line_of(mark);
    take(std::move(value), 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Kind::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

  ConfigBuilder& builder() { return builder_; }

  // yaml-cpp takes the end of the file for the end of a quote, too; only the last scalar can be one
  // that nobody has closed.
  void check_last_quote(std::string_view text) {
    std::size_t at = last_scalar_;
    while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
      at = text.find_first_not_of(" \t\r\n", text.find_first_of(" \t\r\n", at));
    }
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return;
    const char quote = text[at];
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == quote) {
        if (quote == '"' || text.substr(i + 1, 1) != "'") return;
        ++i;
      } else if (quote == '"' && text[i] == '\\') {
        ++i;
      }
    }
    const auto feeds =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    builder_.stop(static_cast<std::size_t>(feeds) + 1, 0, "a quote is not closed");
  }

 private:
  void take(ConfigValue value, YAML::anchor_t anchor) {
    if (builder_.expects_key()) {
      if (value.kind == Kind::list || value.kind == Kind::map) {
        builder_.stop(value.line, 0, "a key must be no list and no map");
      }
      if (anchor != 0) remember(anchor, value);
      return builder_.key(std::move(value.text), value.line);
    }
    const ConfigValue& placed = builder_.add(std::move(value));
    if (anchor != 0) remember(anchor, placed);
  }

  void open(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (builder_.expects_key()) {
      builder_.stop(line_of(mark), column_of(mark), "a key must be no list and no map");
    }
    builder_.open(kind, line_of(mark));
    open_anchors_.push_back(anchor);
  }

  void close() {
    const YAML::anchor_t anchor = open_anchors_.back();
    open_anchors_.pop_back();
    const ConfigValue& value = builder_.close();
    if (anchor != 0) remember(anchor, value);
  }

  // The copy counts: anchors around anchors would else take memory by the square.
  void remember(YAML::anchor_t anchor, const ConfigValue& value) {
    builder_.charge(value);
    anchors_.insert_or_assign(anchor, value);
  }

  ConfigBuilder builder_;
  std::size_t last_scalar_ = std::string::npos;
  std::map<YAML::anchor_t, ConfigValue> anchors_;
  std::vector<YAML::anchor_t> open_anchors_;
};

// yaml-cpp skips directives anywhere without a word; only a version may stand there.
void check_directives(const std::string& text, ConfigBuilder& builder) {
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (!line.starts_with('%')) continue;
    if (is_one_of(trim(line), {"%YAML 1.1", "%YAML 1.2"})) continue;
    builder.stop(number, 1, "a line that begins with '%' can be '%YAML 1.2' only");
  }
}

}  // namespace

void read_yaml(const std::string& text, ConfigFile& file) {
  YamlReader reader(file);
  check_directives(text, reader.builder());
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(reader)) {
    }
    reader.check_last_quote(text);
  } catch (const YAML::Exception& e) {
    reader.builder().stop(YamlReader::line_of(e.mark), YamlReader::column_of(e.mark),
                          printable(e.msg));
  }
}

}  // namespace trunkgate
