// Tells a footer with a slip from prose with a colon, and warns.
#include "push/conventional_footer_slips.h"

#include <algorithm>
#include <string>

#include "base/unicode.h"
#include "push/conventional_footer_line.h"
#include "push/conventional_lines.h"

namespace trunkgate {
namespace {

class SlipFinder {
 public:
  SlipFinder(const FooterLines& message, ProblemList& problems)
      : message_(message), lines_(message.lines), problems_(problems) {}

  void find() {
    const std::size_t last = paragraph_begin(lines_.size());
    if (last == 0) return;  // it stands under the title, which is reported
    if (has_footers() || looks_like_footers(last)) report_slips(last);
    if (message_.footers_begin > last) check_footers_after_prose(last, lines_.size());
    if (has_footers()) check_paragraph_before_footers();
  }

 private:
  bool has_footers() const { return message_.footers_begin < lines_.size(); }
  std::size_t number(std::size_t index) const { return message_.first_line + index; }

  // The index of the first line of the paragraph that ends before `end`.
  std::size_t paragraph_begin(std::size_t end) const {
    while (end > 0 && !is_blank_line(lines_[end - 1])) --end;
    return end;
  }

  // Every line is a footer, nearly one or an indented continuation.
  bool looks_like_footers(std::size_t begin) const {
    const auto paragraph = lines_.subspan(begin);
    return read_near_footer(paragraph.front()) &&
           std::all_of(paragraph.begin(), paragraph.end(), [](std::string_view line) {
             return line.front() == ' ' || line.front() == '\t' || read_footer_start(line) ||
                    read_near_footer(line);
           });
  }

  void report_slips(std::size_t begin) {
    for (std::size_t i = begin; i < lines_.size(); ++i) {
      if (message_.reported[i] || read_footer_start(lines_[i])) continue;
      if (const auto near = read_near_footer(lines_[i])) {
        problems_.warn(near->code, {number(i), near->column, 1}, std::string(near->message));
      }
    }
  }

  void check_paragraph_before_footers() {
    std::size_t end = message_.footers_begin;
    while (end > 0 && is_blank_line(lines_[end - 1])) --end;
    const std::size_t begin = paragraph_begin(end);
    if (begin > 0) check_footers_after_prose(begin, end);
  }

  // Footers at the end of a paragraph that starts with prose.
  void check_footers_after_prose(std::size_t begin, std::size_t end) {
    std::size_t first = end;
    while (first > begin && !message_.reported[first - 1]) {
      const auto start = read_footer_start(lines_[first - 1]);
      if (!start || !is_trailer_like(*start)) break;
      --first;
    }
    if (first == begin || first == end) return;
    problems_.warn("footer-needs-blank-line", {number(first), 1, count_code_points(lines_[first])},
                   "a blank line must stand before the first footer");
  }

  const FooterLines& message_;
  std::span<const std::string_view> lines_;
  ProblemList& problems_;
};

}  // namespace

void check_footer_slips(const FooterLines& message, ProblemList& problems) {
  SlipFinder(message, problems).find();
}

}  // namespace trunkgate
