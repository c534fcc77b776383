// Reports what YAML allows and a policy does not.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "config/document_builder.h"

namespace trunkgate {
namespace {

// Far more than a policy has, and little enough for a megabyte of commas to stay harmless.
constexpr std::size_t kMaxNodes = 100'000;

}  // namespace

// An item indented deeper than the one above is a part of its text to YAML, and no item.
void DocumentBuilder::check_continuation(std::size_t line_end) {
  const std::string_view text = source_.text();
  const std::size_t next = text.find_first_not_of(" \t\r\n", line_end);
  if (next == text.npos || text[next] != '-') return;
  if (next + 1 < text.size() && std::string_view(" \t\r\n").find(text[next + 1]) == text.npos)
    return;
  diagnostics_.error(source_.at(next, next + 1),
                     "this list item is indented deeper than the text above");
}

// yaml-cpp lets a key stand without its colon, or behind '?' and lines away from its value.
bool DocumentBuilder::check_key_form(const Node& key, std::size_t offset) {
  const std::string& text = source_.text();
  const std::size_t begin = source_.line_begin(offset);
  std::size_t before = offset;
  while (before > begin && (text[before - 1] == ' ' || text[before - 1] == '\t')) --before;
  if (before != begin && before != offset && text[before - 1] == '?') {
    diagnostics_.error(source_.at(before - 1, before), "keys behind '?' are not allowed",
                       "write `key: value`");
    return false;
  }
  const bool property = offset < properties_until_;  // its end is not known, and it is a mistake
  if (!property && byte_at(text.find_first_not_of(" \t", scalar_end_)) != ':') {
    diagnostics_.error(key.where, "a ':' is missing here", "write `key: value`");
    return false;
  }
  return true;
}

void DocumentBuilder::check_root(bool block_map, std::size_t offset) {
  if (root_kind_ == Root::any || block_map || !frames_.empty()) return;
  diagnostics_.error(source_.at(offset, offset + 1),
                     "the top level must be a map, one `key: value` a line");
  throw Stop{};
}

// A key's mark and that of the map it begins are the same: each property is reported once.
void DocumentBuilder::check_properties(std::size_t offset) {
  const std::string& text = source_.text();
  while (offset >= properties_until_ && offset < text.size()) {
    const char c = text[offset];
    if (c != '!' && c != '&' && c != '*') return;
    const std::size_t end = std::min(text.find_first_of(" \t\r\n,[]{}", offset + 1), text.size());
    const std::string_view what = c == '!' ? "tags" : c == '&' ? "anchors" : "aliases";
    diagnostics_.error(source_.at(offset, end), fmt::format("{} are not allowed", what),
                       c == '!' ? "put text that begins with '!' in quotes"
                                : "write the value out where it is needed");
    properties_until_ = end;
    offset = std::min(text.find_first_not_of(" \t", end), text.size());
  }
}

void DocumentBuilder::check_indentation(std::size_t offset) {
  const std::string& text = source_.text();
  const std::size_t line = source_.line_at(offset);
  if (line == checked_line_) return;  // only the first token of a line stands behind indentation
  checked_line_ = line;
  const std::size_t begin = source_.line_begin(offset);
  if (text.find_first_not_of(" \t", begin) != offset) return;
  const std::size_t tab = std::string_view(text).substr(0, offset).find('\t', begin);
  if (tab == std::string_view::npos) return;
  diagnostics_.error(source_.at(tab, tab + 1), "a tab cannot indent a line", "use spaces");
}

void DocumentBuilder::count_node(std::size_t offset) {
  if (++nodes_ <= kMaxNodes) return;
  diagnostics_.error(source_.at(offset, offset + 1), fmt::format("more than {} values", kMaxNodes));
  throw Stop{};
}

}  // namespace trunkgate
