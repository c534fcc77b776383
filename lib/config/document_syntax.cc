// Translates yaml-cpp's messages, which name what its scanner met and not what the writer missed.
#include "config/document_syntax.h"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "config/document.h"
#include "config/quotes.h"

namespace trunkgate {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// A line without its break, and what of it matters.
struct Line {
  std::size_t begin = 0;
  std::size_t first = 0;  // first character that is no blank
  std::size_t end = 0;    // without blanks and a comment at the end

  std::size_t indent() const { return first - begin; }
  bool blank() const { return first >= end; }
};

class Explainer {
 public:
  Explainer(const SourceIndex& source, std::string_view message, std::size_t offset)
      : source_(source),
        text_(source.text()),
        message_(message),
        offset_(std::min(offset, text_.size())) {}

  Diagnostic explain() const {
    const Unclosed unclosed = find_unclosed(text_);
    if (unclosed.quote && *unclosed.quote <= offset_) {
      return at(*unclosed.quote, source_.line_end(*unclosed.quote),
                "this quote is not closed on its line");
    }
    if (const std::optional<std::size_t> tab = tab_indentation()) {
      return at(*tab, *tab + 1, "a tab cannot indent a line", "use spaces");
    }
    if (unclosed.bracket && *unclosed.bracket <= offset_ && is_about_flow()) {
      return at(*unclosed.bracket, *unclosed.bracket + 1,
                fmt::format("this '{}' is never closed", text_[*unclosed.bracket]));
    }
    return by_message();
  }

 private:
  Diagnostic at(std::size_t begin, std::size_t end, std::string message,
                std::string suggestion = {}) const {
    return {source_.at(begin, end), std::move(message), std::move(suggestion)};
  }
  Diagnostic here(std::string message, std::string suggestion = {}) const {
    return at(offset_, offset_ + 1, std::move(message), std::move(suggestion));
  }

  // The whole anchor, alias or tag: yaml-cpp may name a place within it.
  Diagnostic token(std::string message, std::string suggestion) const {
    constexpr std::string_view kAround = " \t\r\n,[]{}";
    const std::size_t before = text_.substr(0, offset_).find_last_of(kAround);
    const std::size_t begin = before == text_.npos ? 0 : before + 1;
    const std::size_t end = std::min(text_.find_first_of(kAround, offset_), text_.size());
    return at(begin, end, std::move(message), std::move(suggestion));
  }

  bool is(std::string_view message) const { return message_ == message; }
  bool begins(std::string_view message) const {
    return message_.substr(0, message.size()) == message;
  }
  char byte_here() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }

  bool is_about_flow() const {
    namespace Msg = YAML::ErrorMsg;
    return is(Msg::END_OF_SEQ_FLOW) || is(Msg::END_OF_MAP_FLOW) || is(Msg::FLOW_END) ||
           is(Msg::BLOCK_ENTRY) || is(Msg::UNKNOWN_TOKEN) || is(Msg::MAP_VALUE);
  }

  Line line_of(std::size_t offset) const {
    Line line;
    line.begin = source_.line_begin(offset);
    std::string_view shown = text_.substr(line.begin, source_.line_end(offset) - line.begin);
    line.first = line.begin + std::min(shown.find_first_not_of(kBlanks), shown.size());
    if (line.first < text_.size() && text_[line.first] == '#') shown = {};
    shown = shown.substr(0, shown.find(" #"));
    line.end = line.begin + shown.find_last_not_of(kBlanks) + 1;
    return line;
  }

  std::optional<Line> line_above(Line line) const {
    while (line.begin > 0) {
      line = line_of(line.begin - 1);
      if (!line.blank()) return line;
    }
    return std::nullopt;
  }

  // Of the line itself or the one above, which yaml-cpp may have taken it as a part of.
  std::optional<std::size_t> tab_indentation() const {
    const Line line = line_of(offset_);
    const std::optional<Line> above = line_above(line);
    for (const std::optional<Line>& candidate : {above, std::optional<Line>(line)}) {
      if (!candidate || candidate->blank()) continue;
      const std::string_view indent = text_.substr(candidate->begin, candidate->indent());
      const std::size_t tab = indent.find('\t');
      if (tab != std::string_view::npos) return candidate->begin + tab;
    }
    return std::nullopt;
  }

  // The colon that ends a key in the line, if there is one.
  std::optional<std::size_t> colon_in(const Line& line) const {
    for (std::size_t i = line.first; i < line.end; ++i) {
      if (text_[i] == ':' && (i + 1 == line.end || kBlanks.find(text_[i + 1]) != kBlanks.npos)) {
        return i;
      }
    }
    return std::nullopt;
  }

  Diagnostic missing_colon(const Line& line) const {
    return at(line.first, line.end, "a ':' is missing here", "write `key: value`");
  }

  Diagnostic unexpected_colon() const {
    const Line line = line_of(offset_);
    const std::optional<std::size_t> first_colon = colon_in(line);
    if (first_colon && *first_colon < offset_) {
      return here("a second ': ' on this line", "put the value in quotes");
    }
    const std::optional<Line> above = line_above(line);
    if (above && !colon_in(*above) && !is_dash(*above)) return missing_colon(*above);
    if (above && line.indent() > above->indent()) {
      return at(line.first, line.end,
                "indented deeper than the line above, which already has its value");
    }
    return here("this ':' is not expected here");
  }

  Diagnostic not_a_key() const {
    const Line line = line_of(offset_);
    if (offset_ != line.first) {
      return at(offset_, line.end, "this stands behind a value that has ended",
                "put the whole value in quotes");
    }
    if (is_dash(line)) {
      return at(offset_, offset_ + 1, "a list item cannot stand among the keys of a map");
    }
    return colon_in(line) ? wrong_indentation(line) : missing_colon(line);
  }

  Diagnostic not_an_item() const {
    const Line line = line_of(offset_);
    if (offset_ != line.first) {
      return at(offset_, line.end, "this stands behind a value that has ended",
                "put the whole value in quotes");
    }
    const std::optional<Line> above = line_above(line);
    if (is_dash(line) || (above && above->indent() != line.indent())) {
      return wrong_indentation(line);
    }
    return at(line.first, line.end, "a list item must begin with '- '");
  }

  bool is_dash(const Line& line) const {
    return text_[line.first] == '-' &&
           (line.first + 1 >= line.end || kBlanks.find(text_[line.first + 1]) != kBlanks.npos);
  }

  Diagnostic wrong_indentation(const Line& line) const {
    return at(line.first, line.end, "the indentation of this line fits none above it");
  }

  Diagnostic unexpected_item() const {
    const Line line = line_of(offset_);
    if (offset_ != line.first) {
      return here("a list cannot begin here", "start it on the next line, or write [a, b]");
    }
    return wrong_indentation(line);
  }

  Diagnostic unexpected_character() const {
    constexpr std::string_view kReserved = "@`%,]}[{&*!|>'\"#?-:";
    if (kReserved.find(byte_here()) == kReserved.npos || offset_ == text_.size()) {
      return here("this character is not expected here");
    }
    return here(fmt::format("plain text cannot begin with '{}'", byte_here()),
                "put the text in quotes");
  }

  // yaml-cpp stands behind the escape it could not read.
  Diagnostic bad_escape() const {
    const std::size_t begin = source_.line_begin(offset_);
    std::size_t escape = text_.substr(0, offset_).rfind('\\');
    if (escape == text_.npos || escape < begin) escape = offset_;
    return at(escape, std::max(offset_, escape + 1), "unknown escape in double quotes",
              "use single quotes, where '\\' means itself");
  }

  Diagnostic by_message() const {
    namespace Msg = YAML::ErrorMsg;
    if (is(Msg::MAP_VALUE)) return unexpected_colon();
    if (is(Msg::END_OF_MAP)) return not_a_key();
    if (is(Msg::END_OF_SEQ)) return not_an_item();
    if (is(Msg::END_OF_SEQ_FLOW)) return here("a ',' or ']' is missing before this");
    if (is(Msg::END_OF_MAP_FLOW)) return here("a ',' or '}' is missing before this");
    if (is(Msg::FLOW_END)) return here(fmt::format("this '{}' closes nothing", byte_here()));
    if (is(Msg::BLOCK_ENTRY)) return unexpected_item();
    if (is(Msg::MAP_KEY)) return here("keys behind '?' are not allowed", "write `key: value`");
    if (is(Msg::EOF_IN_SCALAR) || is(Msg::DOC_IN_SCALAR)) return here("a quote is not closed");
    if (is(Msg::TAB_IN_INDENTATION)) return here("a tab cannot indent a line", "use spaces");
    if (begins(Msg::INVALID_ESCAPE) || begins(Msg::INVALID_HEX) || begins(Msg::INVALID_UNICODE)) {
      return bad_escape();
    }
    if (is(Msg::CHAR_IN_BLOCK) || is(Msg::ZERO_INDENT_IN_BLOCK)) {
      return here("only '+', '-' or a digit from 1 to 9 can follow '|' or '>'");
    }
    if (begins(Msg::BAD_FILE)) {
      return here(fmt::format("nested deeper than {} levels", kMaxDocumentDepth));
    }
    if (begins(Msg::UNKNOWN_ANCHOR) || is_one_of<4>({Msg::ALIAS_NOT_FOUND, Msg::CHAR_IN_ALIAS,
                                                     Msg::ALIAS_CONTENT, Msg::MULTIPLE_ALIASES})) {
      return token("aliases are not allowed", "put text that begins with '*' in quotes");
    }
    if (is_one_of<3>({Msg::ANCHOR_NOT_FOUND, Msg::CHAR_IN_ANCHOR, Msg::MULTIPLE_ANCHORS})) {
      return token("anchors are not allowed", "put text that begins with '&' in quotes");
    }
    if (is_one_of<4>({Msg::CHAR_IN_TAG_HANDLE, Msg::TAG_WITH_NO_SUFFIX, Msg::END_OF_VERBATIM_TAG,
                      Msg::MULTIPLE_TAGS})) {
      return token("tags are not allowed", "put text that begins with '!' in quotes");
    }
    if (is(Msg::UNKNOWN_TOKEN)) return unexpected_character();
    return here("this cannot be read as YAML");
  }

  template <std::size_t N>
  bool is_one_of(const std::array<std::string_view, N>& messages) const {
    return std::find(messages.begin(), messages.end(), message_) != messages.end();
  }

  const SourceIndex& source_;
  std::string_view text_;
  std::string_view message_;
  std::size_t offset_;
};

}  // namespace

Diagnostic explain_syntax(const SourceIndex& source, std::string_view message, std::size_t offset) {
  return Explainer(source, message, offset).explain();
}

}  // namespace trunkgate
