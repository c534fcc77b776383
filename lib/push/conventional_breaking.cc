// Recognizes "BREAKING CHANGE: ..." and everything that people write instead of it.
#include "push/conventional_breaking.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "base/unicode.h"
#include "push/conventional_lines.h"
#include "push/conventional_title_characters.h"

namespace trunkgate {
namespace {

constexpr std::string_view kWriteThis =
    "write 'BREAKING CHANGE: ...' at the start of a line after a blank line";
constexpr std::size_t kLiteralSize = 15;
// No misspelling of the literal is longer, in bytes.
constexpr std::size_t kLongestHead = 40;

char32_t first_of(std::string_view text) {
  return text.empty() ? char32_t{0} : next_code_point(text).value;
}

bool starts_with_colon(std::string_view text) {
  return first_of(text) == ':' || is_colon_look_alike(first_of(text));
}

bool starts_with_literal(std::string_view text) {
  return text.starts_with("BREAKING CHANGE") || text.starts_with("BREAKING-CHANGE");
}

// What stands before the words: white space, list marks, quote marks, emphasis, a heading, emoji.
struct Prefix {
  std::size_t size = 0;     // bytes
  std::size_t columns = 0;  // code points
  bool heading = false;
  bool emphasis = false;
};

Prefix prefix_of(std::string_view line) {
  constexpr std::u32string_view kListMarks = U"-+>|\u2022\u00B7\u2013\u2014";
  Prefix prefix;
  while (prefix.size < line.size()) {
    const CodePoint next = next_code_point(line.substr(prefix.size));
    const char32_t c = next.value;
    const bool emphasis = c == '*' || c == '_';
    if (!emphasis && c != '#' && !is_white_space(c) && !is_emoji(c) &&
        kListMarks.find(c) == std::u32string_view::npos) {
      break;
    }
    prefix.heading = prefix.heading || c == '#';
    prefix.emphasis = prefix.emphasis || emphasis;
    prefix.size += next.size;
    ++prefix.columns;
  }
  return prefix;
}

class Reader {
 public:
  explicit Reader(std::string_view line) : line_(line) {}

  BreakingLine read() {
    // Most lines begin with a letter, and none of them with this one.
    if (!line_.empty() && is_alphanumeric(line_.front()) && !begins_with_b()) return {};
    const Prefix prefix = prefix_of(line_);
    const std::string_view words = line_.substr(prefix.size);
    if (starts_with_literal(words)) {
      const std::string_view rest = words.substr(kLiteralSize);
      if (prefix.size == 0) {
        read_after_literal(rest);
      } else {
        read_after_marks(prefix, rest);
      }
    } else if (prefix.size == 0) {
      read_misspelling();
    }
    return std::move(result_);
  }

 private:
  void add(std::string_view code, MessageSeverity severity, std::size_t column, std::size_t length,
           std::string message) {
    result_.problems.push_back({std::string(code), severity, 1, column,
                                std::max<std::size_t>(length, 1), std::move(message)});
  }
  void reject(std::string_view code, std::string_view what, std::size_t column = 1,
              std::size_t length = kLiteralSize) {
    add(code, MessageSeverity::reject, column, length, fmt::format("{}; {}", what, kWriteThis));
  }

  // The literal stands at the start of the line, in upper case.
  void read_after_literal(std::string_view rest) {
    const std::string_view after = trim_left(rest);
    const std::size_t spaces = count_code_points(rest.substr(0, rest.size() - after.size()));
    if (after.starts_with(':')) {
      read_attempt(spaces, after.substr(1));
    } else if (starts_with_colon(after)) {
      reject("breaking-fullwidth-colon", describe_code_point(first_of(after)) + " is not ':'",
             kLiteralSize + spaces + 1, 1);
    } else if (after.starts_with('#') && after.size() > 1) {
      reject("breaking-hash-separator", "'#' does not mark a breaking change");
    } else if (after.empty() || spaces > 0 || is_dash_or_sign(first_of(after))) {
      reject("breaking-not-a-footer", "no colon follows, so no tool reads it");
    } else if (after.starts_with('S')) {
      read_plural(after.substr(1));
    } else if ((after.front() == '(' || after.front() == '!') && has_colon(after)) {
      reject("breaking-typo", "the token takes no scope and no '!'");
    }
  }

  static bool is_dash_or_sign(char32_t c) {
    return c == ';' || c == '=' || c == '-' || c == 0x2013 || c == 0x2014;
  }
  static bool has_colon(std::string_view text) {
    return text.substr(0, kLongestHead).find(':') != std::string_view::npos;
  }

  void read_attempt(std::size_t spaces, std::string_view value) {
    result_.is_attempt = true;
    if (spaces > 0) {
      reject("breaking-footer-space-before-colon", "nothing may stand before ':'", kLiteralSize + 1,
             spaces);
    }
    const std::size_t column = kLiteralSize + spaces + 2;
    if (is_blank_line(value)) {
      reject("breaking-footer-empty", "the text must start on the same line", column - 1, 1);
    } else if (value.front() != ' ') {
      reject("breaking-footer-missing-space", "no plain space after ':'", column, 1);
    }
  }

  void read_plural(std::string_view rest) {
    const std::string_view after = trim_left(rest);
    if (starts_with_colon(after)) {
      reject("breaking-typo", "the words must be in the singular", 1, kLiteralSize + 1);
    } else if (after.empty()) {
      reject("breaking-not-a-footer", "no colon follows, so no tool reads it", 1, kLiteralSize + 1);
    }
  }

  // The literal stands behind an indent, a list mark, emphasis or a heading's mark.
  void read_after_marks(const Prefix& prefix, std::string_view rest) {
    const std::size_t column = prefix.columns + 1;
    if (rest.starts_with('S')) rest.remove_prefix(1);
    const std::size_t marks = std::min(rest.find_first_not_of("*_"), rest.size());
    if (prefix.emphasis) rest.remove_prefix(marks);
    rest = trim_left(rest);
    if (prefix.heading) {
      add("breaking-not-a-footer", MessageSeverity::warn, column, kLiteralSize,
          fmt::format("a heading is no footer; {}", kWriteThis));
    } else if (starts_with_colon(rest)) {
      reject("breaking-not-at-line-start", "it does not stand at the start of the line", column);
    } else if (rest.empty() && prefix.emphasis) {
      add("breaking-not-a-footer", MessageSeverity::warn, column, kLiteralSize,
          fmt::format("emphasis makes no footer; {}", kWriteThis));
    }
  }

  static bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  bool begins_with_b() const { return line_.starts_with('b') || line_.starts_with('B'); }

  void read_misspelling() {
    // No other character becomes a small b.
    if (!begins_with_b()) return;
    std::size_t end = 0;
    while (end < line_.size() && end <= kLongestHead && !starts_with_colon(line_.substr(end))) {
      end += next_code_point(line_.substr(end)).size;
    }
    if (end >= line_.size() || end > kLongestHead) return;
    const std::string_view head = trim_right(line_.substr(0, end));
    const std::size_t length = count_code_points(head);
    std::string folded;
    for (const char32_t c : decode_utf8(head)) {
      const bool separator = is_white_space(c) || c == '-' || c == '_';
      append_utf8(folded, separator ? U' ' : to_lower(c));
    }
    if (folded == "breaking") {
      add("breaking-typo", MessageSeverity::warn, 1, length,
          fmt::format("'BREAKING' alone marks no breaking change; {}", kWriteThis));
      return;
    }
    const std::string lower = ascii_lower(head);
    if (lower == "breaking change" || lower == "breaking-change") {
      reject("breaking-lowercase", "the words must be in upper case", 1, length);
    } else if (folded.starts_with("b") && edit_distance(folded, "breaking change") <= 2) {
      reject("breaking-typo", "this is no 'BREAKING CHANGE'", 1, length);
    }
  }

  std::string_view line_;
  BreakingLine result_;
};

}  // namespace

BreakingLine read_breaking_line(std::string_view line) { return Reader(line).read(); }

}  // namespace trunkgate
