// A rough walk over the tokens of YAML text, line by line.
#include "config/quotes.h"

#include <algorithm>
#include <vector>

namespace trunkgate {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::size_t end_of_line(std::string_view text, std::size_t from) {
  return std::min(text.find('\n', from), text.size());
}

class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  Unclosed run() {
    while (at_ < text_.size() && !found_.quote && !found_.bracket) {
      line_begin_ = at_;
      line_end_ = end_of_line(text_, at_);
      const std::size_t first = std::min(text_.find_first_not_of(kBlanks, at_), line_end_);
      const bool blank = first == line_end_;
      if (block_indent_ && (blank || first - line_begin_ > *block_indent_)) {
        at_ = line_end_ + 1;
        continue;
      }
      block_indent_.reset();
      indent_ = first - line_begin_;
      walk_line();
      at_ = line_end_ + 1;
    }
    if (!found_.bracket && !brackets_.empty()) found_.bracket = brackets_.front();
    return found_;
  }

 private:
  void walk_line() {
    bool token_may_begin = true;
    while (at_ < line_end_) {
      const char c = text_[at_];
      if (kBlanks.find(c) != std::string_view::npos) {
        ++at_;
      } else if (c == '#' && after_blank()) {
        return;
      } else if (token_may_begin && (c == '"' || c == '\'')) {
        const std::optional<std::size_t> end = quote_end(text_, at_);
        if (!end) {
          found_.quote = at_;
          return;
        }
        at_ = *end;
        token_may_begin = at_ < line_end_ && text_[at_] == ':';
      } else if (token_may_begin && (c == '|' || c == '>') && brackets_.empty()) {
        block_indent_ = indent_;
        return;
      } else if (!walk_bracket(c, token_may_begin)) {
        return;
      }
    }
  }

  // Brackets, separators and plain text. False when the walk is over.
  bool walk_bracket(char c, bool& token_may_begin) {
    ++at_;
    if ((c == '[' || c == '{') && (token_may_begin || !brackets_.empty())) {
      brackets_.push_back(at_ - 1);
      token_may_begin = true;
    } else if ((c == ']' || c == '}') && !brackets_.empty()) {
      if ((c == ']') != (text_[brackets_.back()] == '[')) {
        found_.bracket = brackets_.back();
        return false;
      }
      brackets_.pop_back();
      token_may_begin = false;
    } else if (c == ',' && !brackets_.empty()) {
      token_may_begin = true;
    } else if (c == ':' || c == '?' || (c == '-' && token_may_begin)) {
      token_may_begin = at_ == line_end_ || kBlanks.find(text_[at_]) != std::string_view::npos;
    } else {
      token_may_begin = false;
    }
    return true;
  }

  bool after_blank() const {
    return at_ == line_begin_ || kBlanks.find(text_[at_ - 1]) != std::string_view::npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t line_end_ = 0;
  std::size_t indent_ = 0;
  std::optional<std::size_t> block_indent_;  // of the line that opens a block of text
  std::vector<std::size_t> brackets_;
  Unclosed found_;
};

}  // namespace

std::optional<std::size_t> quote_end(std::string_view text, std::size_t quote) {
  const char mark = text[quote];
  for (std::size_t i = quote + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (mark == '"' && text[i] == '\\') {
      if (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if (text[i] == mark) {
      const bool doubled = mark == '\'' && i + 1 < text.size() && text[i + 1] == mark;
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

Unclosed find_unclosed(std::string_view text) { return Walk(text).run(); }

}  // namespace trunkgate
