// Finds the lines that @conventional-commits/parser cannot read.
#include "push/conventional_release_please.h"

#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

// A word directly followed by "(" that meets "(" or the end of the line first.
bool stops_release_please(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size()) {
    const CodePoint next = next_code_point(line.substr(at));
    const char32_t c = next.value;
    if (c == '(' || c == ')' || c == '!' || c == ':' || is_white_space(c) || c == 0xFEFF) break;
    at += next.size;
  }
  if (at == 0 || at >= line.size() || line[at] != '(') return false;
  const std::size_t next = line.find_first_of("()", at + 1);
  return next == std::string_view::npos || line[next] == '(';
}

}  // namespace

void check_release_please(std::span<const std::string_view> lines, std::size_t first_line,
                          ProblemList& problems) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!stops_release_please(lines[i])) continue;
    problems.warn(
        "release-please-unparsable", {first_line + i, 1, count_code_points(lines[i])},
        "release-please cannot parse this line and drops the commit; indent it by a space");
  }
}

}  // namespace trunkgate
