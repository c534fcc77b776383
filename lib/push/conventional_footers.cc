// Splits the lines after the title into body and footers, and looks for footers that are none.
#include "push/conventional_footers.h"

#include <algorithm>
#include <utility>

#include "base/unicode.h"
#include "push/conventional_breaking.h"
#include "push/conventional_footer_line.h"
#include "push/conventional_footer_slips.h"
#include "push/conventional_lines.h"

namespace trunkgate {
namespace {

std::string joined(std::span<const std::string_view> lines) {
  std::string out;
  for (const std::string_view line : lines) {
    out += line;
    out += '\n';
  }
  return out;
}

class RestReader {
 public:
  RestReader(std::span<const std::string_view> lines, std::size_t first_line, ProblemList& problems)
      : lines_(lines), first_line_(first_line), problems_(problems) {}

  ConventionalRest read() {
    while (!lines_.empty() && is_blank_line(lines_.back()))
      lines_ = lines_.first(lines_.size() - 1);
    if (lines_.empty()) return {};
    reported_.resize(lines_.size(), false);
    if (!is_blank_line(lines_.front())) report_missing_blank_line();
    for (index_ = 0; index_ < lines_.size(); ++index_) {
      if (is_blank_line(lines_[index_])) {
        after_blank_ = true;
      } else {
        read_line(lines_[index_]);
        after_blank_ = false;
      }
    }
    end_footer(lines_.size());
    take_body();
    check_text_after_footers();
    check_footer_slips(
        {lines_, first_line_, reported_, starts_.empty() ? lines_.size() : starts_.front()},
        problems_);
    return std::move(rest_);
  }

 private:
  std::size_t number(std::size_t index) const { return first_line_ + index; }
  bool in_footers() const { return !starts_.empty(); }

  void report_missing_blank_line() {
    rest_.valid = false;
    problems_.reject("body-missing-blank-line", {number(0), 1, count_code_points(lines_.front())},
                     "a blank line must follow the title; insert one, or join a wrapped title");
  }

  void read_line(std::string_view line) {
    const BreakingLine breaking = read_breaking_line(line);
    bool forgiven = false;
    if (breaking.is_attempt) {
      if (!in_footers() && !after_blank_) {
        rest_.valid = false;
        // Under the title, that is said already.
        if (index_ > 0) report_missing_blank_before_breaking();
      }
      if (!breaking.problems.empty()) rest_.valid = false;
      forgiven = true;
    }
    for (const MessageProblem& problem : breaking.problems) report(problem);
    const auto start = read_footer_start(line);
    if (forgiven || (start && (in_footers() || after_blank_))) begin_footer(start);
    reported_[index_] = !breaking.problems.empty() || breaking.is_attempt;
  }

  void report(const MessageProblem& problem) {
    const MessagePlace place{number(index_), problem.column, problem.length};
    if (problem.severity == MessageSeverity::reject) {
      problems_.reject(problem.code, place, problem.message);
    } else {
      problems_.warn(problem.code, place, problem.message);
    }
  }

  void report_missing_blank_before_breaking() {
    problems_.reject("breaking-footer-needs-blank-line", {number(index_), 1, 15},
                     "a blank line must stand before the footer 'BREAKING CHANGE: ...'");
  }

  // Without a start: a breaking footer whose form is wrong; what follows is read as its value.
  void begin_footer(const std::optional<FooterStart>& start) {
    end_footer(index_);
    starts_.push_back(index_);
    if (!start) return;
    const bool breaking = start->token == "BREAKING CHANGE" || start->token == "BREAKING-CHANGE";
    rest_.breaking = rest_.breaking || (breaking && !start->hash);
    rest_.footers.push_back({std::string(start->token), std::string(start->value)});
    open_ = true;
  }

  // Gives the last footer the lines up to `end`, without the blank ones at the end.
  void end_footer(std::size_t end) {
    if (!open_) return;
    open_ = false;
    const std::size_t begin = starts_.back() + 1;
    while (end > begin && is_blank_line(lines_[end - 1])) --end;
    if (end == begin) return;
    std::string& value = rest_.footers.back().value;
    for (std::size_t i = begin; i < end; ++i) {
      value += '\n';
      value += lines_[i];
    }
    value.resize(trim_right(value).size());
  }

  void take_body() {
    std::span<const std::string_view> body =
        lines_.first(in_footers() ? starts_.front() : lines_.size());
    while (!body.empty() && is_blank_line(body.front())) body = body.subspan(1);
    while (!body.empty() && is_blank_line(body.back())) body = body.first(body.size() - 1);
    if (!body.empty()) rest_.body = joined(body);
    if (rest_.body) rest_.body->resize(trim_right(*rest_.body).size());
  }

  // "Signed-off-by: A", a blank line, then text: Git sees no trailer there.
  void check_text_after_footers() {
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      const auto start = read_footer_start(lines_[starts_[i]]);
      if (!start || !names_a_person(start->token)) continue;
      const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : lines_.size();
      bool after_blank = false;
      for (std::size_t line = starts_[i] + 1; line < end; ++line) {
        if (is_blank_line(lines_[line])) {
          after_blank = true;
        } else if (after_blank) {
          problems_.warn("text-after-footers", {number(line), 1, count_code_points(lines_[line])},
                         "text after the footers is read as part of the last one; put it before");
          break;
        }
      }
    }
  }

  std::span<const std::string_view> lines_;
  std::size_t first_line_;
  ProblemList& problems_;
  ConventionalRest rest_;
  std::vector<std::size_t> starts_;  // indexes of the lines that start a footer
  std::vector<bool> reported_;       // by index: the line has a problem of its own already
  std::size_t index_ = 0;
  bool after_blank_ = false;
  bool open_ = false;  // the last footer still takes lines
};

}  // namespace

ConventionalRest read_rest(std::span<const std::string_view> lines, std::size_t first_line,
                           ProblemList& problems) {
  return RestReader(lines, first_line, problems).read();
}

}  // namespace trunkgate
