#include "config/concealed.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace trunkgate {
namespace {

// The byte at which a place starts.
std::size_t offset_of(std::string_view text, const Location& where) {
  std::size_t at = 0;
  for (std::size_t line = 1; line < where.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  for (std::size_t column = 1; column < where.column && at < text.size(); ++column) {
    at += next_code_point(text.substr(at)).size;
  }
  return at;
}

// Behind the value: its closing quote, or as many bytes as it has. What goes on in further lines
// (folded, or a block) is hidden with the whole of the last one, for indentation counts for
// nothing.
std::size_t end_of(std::string_view text, std::size_t from, std::size_t length) {
  const char quote = from < text.size() ? text[from] : '\0';
  if (quote == '"' || quote == '\'') {
    for (std::size_t at = from + 1; at < text.size(); ++at) {
      const bool doubled = quote == '\'' && text.substr(at, 2) == "''";
      if (doubled || (quote == '"' && text[at] == '\\')) {
        ++at;
      } else if (text[at] == quote) {
        return at + 1;
      }
    }
    return text.size();
  }
  std::size_t end = from;
  bool folded = false;
  for (std::size_t left = length; end < text.size() && left > 0; ++end) {
    const char c = text[end];
    if (c == '\n') folded = true;
    if (c != ' ' && c != '\n') --left;
  }
  return folded ? std::min(text.find('\n', end), text.size()) : end;
}

}  // namespace

void Concealed::add(const Node& value) {
  if (value.kind == Node::Kind::scalar) places_.push_back({value.where, value.text.size()});
  for (const Node& item : value.items) add(item);
  for (const Entry& entry : value.entries) add(entry.value);
}

std::string Concealed::masked(const Source& source) const {
  const std::string_view text = source.text;
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  for (const Place& place : places_) {
    if (place.where.source.get() != &source) continue;
    const std::size_t from = offset_of(text, place.where);
    spans.emplace_back(from, end_of(text, from, place.length));
  }
  std::sort(spans.begin(), spans.end());
  std::string out;
  std::size_t at = 0;
  for (const auto& [from, to] : spans) {
    if (from < at) continue;
    out += text.substr(at, from - at);
    for (at = from; at < to;) {
      const std::size_t size = next_code_point(text.substr(at)).size;
      out += text[at] == '\n' ? '\n' : '*';
      at += size;
    }
  }
  return out.append(text.substr(at));
}

Diagnostics Concealed::hide(const Diagnostics& diagnostics) const {
  std::map<const Source*, std::shared_ptr<const Source>> copies;
  const auto hidden = [&](Location where) {
    if (where.source == nullptr) return where;
    std::shared_ptr<const Source>& copy = copies[where.source.get()];
    if (copy == nullptr) {
      copy = std::make_shared<const Source>(Source{where.source->path, masked(*where.source)});
    }
    where.source = copy;
    return where;
  };
  Diagnostics out;
  for (const Diagnostic& each : diagnostics.list()) {
    out.error(hidden(each.where), each.message, each.suggestion);
  }
  for (const Diagnostic& each : diagnostics.warnings()) {
    out.warning(hidden(each.where), each.message, each.suggestion);
  }
  return out;
}

}  // namespace trunkgate
