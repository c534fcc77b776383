// Reads values of options: exact words and numbers, texts, globs, patterns, durations, sizes.
#include "config/option.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "base/ref_glob.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxDigits = 18;
constexpr std::size_t kShownValue = 60;

std::string found(const Node& node) {
  if (node.kind != Node::Kind::scalar) return std::string(to_string(node.kind));
  if (node.quoted && node.text.empty()) return "an empty text";
  return fmt::format("{}'{}'", node.quoted ? "the quoted text " : "",
                     printable(node.text, kShownValue));
}

// Reports the mistake; false, so that a reader can return it.
bool unexpected(const Node& node, Diagnostics& diagnostics, std::string_view expected,
                std::string suggestion = {}) {
  diagnostics.error(node.where, fmt::format("expected {}, found {}", expected, found(node)),
                    std::move(suggestion));
  return false;
}

bool too_large(const Node& node, Diagnostics& diagnostics) {
  diagnostics.error(node.where, fmt::format("{} is too large", printable(node.text, kShownValue)));
  return false;
}

std::string without_quotes(const Node& node) {
  return fmt::format("write {} without quotes", printable(node.text, kShownValue));
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 0, or digits without a leading zero.
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (!all_digits(text) || text.size() > kMaxDigits) return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array<Unit, 5> kDurations{
    {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}, {"w", 604'800}}};

constexpr std::array<Unit, 7> kSizes{{{"", 1},
                                      {"KiB", 1024},
                                      {"MiB", 1024 * 1024},
                                      {"GiB", 1024 * 1024 * 1024},
                                      {"KB", 1000},
                                      {"MB", 1000 * 1000},
                                      {"GB", 1000 * 1000 * 1000}}};

// A century: no sum with a point in time overflows.
constexpr std::int64_t kMaxSeconds = std::int64_t{36'525} * 86'400;
constexpr std::int64_t kMaxBytes = std::numeric_limits<std::int64_t>::max();

struct Measure {
  std::string_view expected;
  std::span<const Unit> units;
  bool space;  // one may stand before the unit
  std::int64_t limit;
};

constexpr Measure kDuration{"a duration such as 90s, 15m, 48h, 7d or 2w", kDurations, false,
                            kMaxSeconds};
constexpr Measure kSize{"a size such as 512, 10 KiB, 10 MiB or 2 GiB", kSizes, true, kMaxBytes};

bool read_measure(const Node& node, Diagnostics& diagnostics, const Measure& measure,
                  std::int64_t& value) {
  if (node.kind != Node::Kind::scalar) return unexpected(node, diagnostics, measure.expected);
  const std::string_view text = node.text;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view number = text.substr(0, digits);
  std::string_view name = text.substr(digits);
  if (measure.space && name.size() > 1 && name[0] == ' ') name.remove_prefix(1);
  const auto unit = std::find_if(measure.units.begin(), measure.units.end(),
                                 [&](const Unit& u) { return u.name == name; });
  if (unit == measure.units.end() || number.empty() || (number.size() > 1 && number[0] == '0')) {
    return unexpected(node, diagnostics, measure.expected);
  }
  if (node.quoted) return unexpected(node, diagnostics, measure.expected, without_quotes(node));
  const std::optional<std::int64_t> count = whole_number(number);
  if (!count || *count > measure.limit / unit->factor) return too_large(node, diagnostics);
  value = *count * unit->factor;
  return true;
}

bool read_text(const Node& node, Diagnostics& diagnostics, std::string_view expected) {
  return node.kind == Node::Kind::scalar || unexpected(node, diagnostics, expected);
}

std::optional<std::string> one_text(const Node& node, Diagnostics& diagnostics) {
  if (!read_text(node, diagnostics, "text")) return std::nullopt;
  return node.text;
}

std::optional<Glob> one_glob(const Node& node, Diagnostics& diagnostics) {
  if (!read_text(node, diagnostics, "a glob")) return std::nullopt;
  if (const std::optional<RefGlobMistake> mistake = ref_glob_mistake(node.text)) {
    diagnostics.error(
        node.where, "bad glob: " + mistake->what,
        mistake->expression ? "this is a glob, no expression: * ? [a-z] and **" : mistake->instead);
    return std::nullopt;
  }
  return Glob(node.text);
}

std::optional<std::string> one_path(const Node& node, Diagnostics& diagnostics) {
  if (!read_text(node, diagnostics, "a path pattern")) return std::nullopt;
  if (std::optional<std::string> mistake = PathSet::mistake(node.text)) {
    diagnostics.error(node.where, "bad path pattern: " + *mistake);
    return std::nullopt;
  }
  return node.text;
}

std::optional<Pattern> one_pattern(const Node& node, Diagnostics& diagnostics) {
  if (!read_text(node, diagnostics, "a pattern")) return std::nullopt;
  if (node.text.empty()) {
    diagnostics.error(node.where, "bad pattern: it is empty and would match everything");
    return std::nullopt;
  }
  if (std::optional<std::string> mistake = Pattern::mistake(node.text)) {
    diagnostics.error(node.where, "bad pattern: " + *mistake);
    return std::nullopt;
  }
  return Pattern(node.text);
}

// The items of a list; a text stands for a list of one. Every item with a mistake is reported.
template <typename T>
bool read_list(const Node& node, Diagnostics& diagnostics, std::string_view expected,
               std::optional<T> (*read_one)(const Node&, Diagnostics&), std::vector<T>& list) {
  list.clear();
  if (node.kind == Node::Kind::null || node.kind == Node::Kind::map) {
    return unexpected(node, diagnostics, expected);
  }
  const std::span<const Node> items = node.kind == Node::Kind::sequence
                                          ? std::span<const Node>(node.items)
                                          : std::span<const Node>(&node, 1);
  for (const Node& item : items) {
    if (std::optional<T> value = read_one(item, diagnostics)) list.push_back(std::move(*value));
  }
  return list.size() == items.size();
}

// What somebody meant who wrote a word that other YAML readers take for true or false.
std::string meant_bool(const Node& node) {
  const std::string word = ascii_lower(node.text);
  if (node.quoted && (node.text == "true" || node.text == "false")) return without_quotes(node);
  if (word == "true" || word == "yes" || word == "on" || word == "y") return "write true";
  if (word == "false" || word == "no" || word == "off" || word == "n") return "write false";
  return {};
}

std::string meant_number(const Node& node) {
  if (!all_digits(node.text)) return {};
  if (node.quoted) return without_quotes(node);
  const std::size_t first = node.text.find_first_not_of('0');
  return first == std::string::npos ? "write 0" : "write " + node.text.substr(first);
}

}  // namespace

bool OptionType<bool>::read(const Node& node, Diagnostics& diagnostics, bool& value) {
  const bool plain = node.kind == Node::Kind::scalar && !node.quoted;
  if (!plain || (node.text != "true" && node.text != "false")) {
    return unexpected(node, diagnostics, "true or false", meant_bool(node));
  }
  value = node.text == "true";
  return true;
}

bool OptionType<std::int64_t>::read(const Node& node, Diagnostics& diagnostics,
                                    std::int64_t& value) {
  const bool plain = node.kind == Node::Kind::scalar && !node.quoted;
  if (plain && all_digits(node.text) && node.text[0] != '0' && node.text.size() > kMaxDigits) {
    return too_large(node, diagnostics);
  }
  const std::optional<std::int64_t> number =
      plain ? whole_number(node.text) : std::optional<std::int64_t>();
  if (!number) return unexpected(node, diagnostics, "a whole number", meant_number(node));
  value = *number;
  return true;
}

bool OptionType<std::string>::read(const Node& node, Diagnostics& diagnostics, std::string& value) {
  if (!read_text(node, diagnostics, "text")) return false;
  value = node.text;
  return true;
}

bool OptionType<std::vector<std::string>>::read(const Node& node, Diagnostics& diagnostics,
                                                std::vector<std::string>& value) {
  return read_list(node, diagnostics, "a list of texts", one_text, value);
}

bool OptionType<GlobSet>::read(const Node& node, Diagnostics& diagnostics, GlobSet& value) {
  std::vector<Glob> globs;
  const bool good = read_list(node, diagnostics, "a list of globs", one_glob, globs);
  value = GlobSet(std::move(globs));
  return good;
}

bool OptionType<PathSet>::read(const Node& node, Diagnostics& diagnostics, PathSet& value) {
  std::vector<std::string> texts;
  const bool good = read_list(node, diagnostics, "a list of path patterns", one_path, texts);
  value = PathSet(std::move(texts));
  return good;
}

bool OptionType<Pattern>::read(const Node& node, Diagnostics& diagnostics, Pattern& value) {
  std::optional<Pattern> pattern = one_pattern(node, diagnostics);
  if (!pattern) return false;
  value = std::move(*pattern);
  return true;
}

bool OptionType<std::vector<Pattern>>::read(const Node& node, Diagnostics& diagnostics,
                                            std::vector<Pattern>& value) {
  return read_list(node, diagnostics, "a list of patterns", one_pattern, value);
}

bool OptionType<std::chrono::seconds>::read(const Node& node, Diagnostics& diagnostics,
                                            std::chrono::seconds& value) {
  std::int64_t seconds = 0;
  if (!read_measure(node, diagnostics, kDuration, seconds)) return false;
  value = std::chrono::seconds(seconds);
  return true;
}

bool OptionType<ByteSize>::read(const Node& node, Diagnostics& diagnostics, ByteSize& value) {
  std::int64_t bytes = 0;
  if (!read_measure(node, diagnostics, kSize, bytes)) return false;
  value.bytes = static_cast<std::uint64_t>(bytes);
  return true;
}

}  // namespace trunkgate
