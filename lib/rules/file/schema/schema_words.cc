#include "rules/file/schema/schema_words.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kShown = 60;

}  // namespace

std::string shown(const ConfigValue& value) {
  switch (value.kind) {
    case ConfigValue::Kind::null:
      return "nothing";
    case ConfigValue::Kind::boolean:
      return value.boolean ? "true" : "false";
    case ConfigValue::Kind::integer:
    case ConfigValue::Kind::real:
      return printable(value.text, kShown);
    case ConfigValue::Kind::text:
      return "'" + printable(value.text, kShown) + "'";
    case ConfigValue::Kind::list:
      return "a list";
    case ConfigValue::Kind::map:
      return "a map";
  }
  return "nothing";
}

std::string shown_with_type(const ConfigValue& value) {
  return (value.kind == ConfigValue::Kind::text ? "the text " : "") + shown(value);
}

std::string number_text(double number) { return fmt::format("{}", number); }

std::string fingerprint(const ConfigValue& value) {
  switch (value.kind) {
    case ConfigValue::Kind::null:
      return "n";
    case ConfigValue::Kind::boolean:
      return value.boolean ? "t" : "f";
    case ConfigValue::Kind::integer:
      // Beyond this a double stands for several whole numbers.
      if (value.integer > (1LL << 53) || value.integer < -(1LL << 53)) {
        return fmt::format("i{}", value.integer);
      }
      return fmt::format("d{}", value.real + 0.0);  // no -0
    case ConfigValue::Kind::real:
      return fmt::format("d{}", value.real + 0.0);  // no -0
    case ConfigValue::Kind::text:
      return fmt::format("s{}:{}", value.text.size(), value.text);
    case ConfigValue::Kind::list: {
      std::string text = fmt::format("l{}:", value.items.size());
      for (const ConfigValue& item : value.items) text += fingerprint(item);
      return text;
    }
    case ConfigValue::Kind::map: {
      std::map<std::string_view, const ConfigValue*> sorted;
      for (const ConfigEntry& entry : value.entries) sorted.emplace(entry.key, &entry.value);
      std::string text = fmt::format("m{}:", sorted.size());
      for (const auto& [key, below] : sorted) {
        text += fmt::format("{}:{}{}", key.size(), key, fingerprint(*below));
      }
      return text;
    }
  }
  return {};
}

}  // namespace trunkgate
