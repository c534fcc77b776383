// Splitting at LF, and white space at the ends of a line.
#include "push/conventional_lines.h"

#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end != std::string_view::npos && !line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string_view trim_left(std::string_view line) {
  while (!line.empty()) {
    const CodePoint first = next_code_point(line);
    if (!is_white_space(first.value)) break;
    line.remove_prefix(first.size);
  }
  return line;
}

std::string_view trim_right(std::string_view line) {
  while (!line.empty()) {
    std::size_t begin = line.size() - 1;
    while (begin > 0 && is_continuation(line[begin])) --begin;
    if (!is_white_space(next_code_point(line.substr(begin)).value)) break;
    line = line.substr(0, begin);
  }
  return line;
}

std::string_view trim_both(std::string_view line) { return trim_left(trim_right(line)); }

bool is_blank_line(std::string_view line) { return trim_left(line).empty(); }

}  // namespace trunkgate
