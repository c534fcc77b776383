// Renders mistakes with the line they are in and a caret under the place.
#include "config/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxColumns = 100;
constexpr std::size_t kColumnsBeforeCaret = 40;
constexpr std::size_t kMessageLimit = 2000;
constexpr std::string_view kCut = "...";

std::string_view line_of(std::string_view text, std::size_t line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

// One code point of a line as it is shown.
struct Cell {
  std::string shown;
  std::size_t width = 0;
};

// The part of a line that is shown, and where the caret stands in it.
struct Excerpt {
  std::string shown;
  std::size_t caret = 0;   // columns before the caret
  std::size_t length = 1;  // columns to underline
};

// Takes at most `limit` code points off the front of `line`.
std::vector<Cell> take_cells(std::string_view& line, std::size_t limit) {
  std::vector<Cell> cells;
  while (!line.empty() && cells.size() < limit) {
    const std::string_view bytes = line.substr(0, next_code_point(line).size);
    line.remove_prefix(bytes.size());
    std::string shown = bytes == "\t" ? " " : printable(bytes);
    const std::size_t width = columns(shown);
    cells.push_back({std::move(shown), width});
  }
  return cells;
}

std::size_t width_of(const std::vector<Cell>& cells, std::size_t from, std::size_t to) {
  std::size_t sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += cells[i].width;
  return sum;
}

Excerpt excerpt_of(std::string_view line, std::size_t column, std::size_t length) {
  // Of a very long line only the surroundings of the caret are looked at.
  std::size_t start = 0;
  for (; start + kMaxColumns < column && !line.empty(); ++start) {
    line.remove_prefix(next_code_point(line).size);
  }
  const std::vector<Cell> cells = take_cells(line, 3 * kMaxColumns);
  const std::size_t caret = std::min(column - 1 - start, cells.size());

  std::size_t from = 0;
  std::size_t to = cells.size();
  const bool fits = start == 0 && line.empty() && width_of(cells, 0, to) <= kMaxColumns;
  if (!fits) {
    while (width_of(cells, from, caret) > kColumnsBeforeCaret) ++from;
    // A cut that would only hide what the mark of the cut needs itself is not worth it.
    if (start == 0 && width_of(cells, 0, from) <= kCut.size()) from = 0;
    const std::size_t room = kMaxColumns - 2 * kCut.size();
    while (to > caret + 1 && width_of(cells, from, to) > room) --to;
  }
  const bool cut_before = from > 0 || start > 0;
  const bool cut_after = to < cells.size() || !line.empty();

  Excerpt excerpt;
  if (cut_before) excerpt.shown += kCut;
  excerpt.caret = excerpt.shown.size() + width_of(cells, from, caret);
  for (std::size_t i = from; i < to; ++i) excerpt.shown += cells[i].shown;
  if (cut_after) excerpt.shown += kCut;
  const std::size_t last = std::min(to, caret + std::min(length, cells.size()));
  excerpt.length = std::max<std::size_t>(1, caret < last ? width_of(cells, caret, last) : 1);
  return excerpt;
}

std::string render_one(const Diagnostic& diagnostic) {
  const Location& where = diagnostic.where;
  const std::string message = printable(diagnostic.message, kMessageLimit);
  const std::string suggestion = printable(diagnostic.suggestion, kMessageLimit);
  const std::string_view severity = diagnostic.severity == Severity::error ? "error" : "warning";
  if (where.source == nullptr) {
    return fmt::format("{}: {}{}{}\n", severity, message, suggestion.empty() ? "" : "; ",
                       suggestion);
  }
  const Excerpt excerpt = excerpt_of(line_of(where.source->text, where.line),
                                     std::max<std::size_t>(1, where.column), where.length);
  return fmt::format(
      "{}:{}: {}: {}\n"
      "{:5} |{}{}\n"
      "{:5} | {}^{}{}{}\n",
      file_and_line(where), where.column, severity, message, where.line,
      excerpt.shown.empty() ? "" : " ", excerpt.shown, "", std::string(excerpt.caret, ' '),
      std::string(excerpt.length - 1, '~'), suggestion.empty() ? "" : " ", suggestion);
}

// Files in the order in which they first had a mistake; positions within a file ascending.
std::vector<const Diagnostic*> in_order(const std::vector<Diagnostic>& list) {
  std::vector<const Source*> files;
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : list) {
    sorted.push_back(&diagnostic);
    const Source* source = diagnostic.where.source.get();
    if (std::find(files.begin(), files.end(), source) == files.end()) files.push_back(source);
  }
  const auto rank = [&](const Diagnostic* d) {
    return std::find(files.begin(), files.end(), d->where.source.get()) - files.begin();
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Diagnostic* a, const Diagnostic* b) {
    const auto a_rank = rank(a);
    const auto b_rank = rank(b);
    if (a_rank != b_rank) return a_rank < b_rank;
    if (a->where.line != b->where.line) return a->where.line < b->where.line;
    return a->where.column < b->where.column;
  });
  return sorted;
}

}  // namespace

std::string file_and_line(const Location& where) {
  if (where.source == nullptr) return fmt::format("line {}", where.line);
  return fmt::format("{}:{}", printable(where.source->path, kMessageLimit), where.line);
}

void Diagnostics::error(const Location& where, std::string message, std::string suggestion) {
  list_.push_back({where, std::move(message), std::move(suggestion), Severity::error});
}

void Diagnostics::warning(const Location& where, std::string message, std::string suggestion) {
  warnings_.push_back({where, std::move(message), std::move(suggestion), Severity::warning});
}

std::string Diagnostics::render(std::size_t limit) const {
  std::vector<Diagnostic> all = list_;
  all.insert(all.end(), warnings_.begin(), warnings_.end());
  if (all.empty()) return {};
  const std::vector<const Diagnostic*> sorted = in_order(all);
  const std::size_t shown = std::min(limit, sorted.size());
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) out += render_one(*sorted[i]);
  std::vector<std::string> counts;
  if (!list_.empty()) counts.push_back(count_of(list_.size(), "mistake", "mistakes"));
  if (!warnings_.empty()) counts.push_back(count_of(warnings_.size(), "warning", "warnings"));
  out += join(counts, ", ");
  if (shown < sorted.size()) out += fmt::format(", the first {} shown", shown);
  return out + "\n";
}

ConfigError::ConfigError(Diagnostics diagnostics)
    : Error(ErrorKind::config, diagnostics.render()), diagnostics_(std::move(diagnostics)) {}

}  // namespace trunkgate
