// One tolerant scan over the title: it reads what was meant and reports what is not as it must be.
#include "push/conventional_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/unicode.h"
#include "push/conventional_fault_notes.h"
#include "push/conventional_title_characters.h"
#include "push/conventional_types.h"

namespace trunkgate {
namespace {

std::string not_this(char32_t found, char wanted) {
  return fmt::format("{} is not '{}'; write the ASCII '{}'", describe_code_point(found), wanted,
                     wanted);
}

class HeaderScanner {
 public:
  HeaderScanner(std::u32string_view title, std::size_t line, const MessageOptions& options,
                ProblemList& problems)
      : title_(title), line_(line), options_(options), problems_(problems) {}

  ConventionalHeader scan() {
    header_.valid = true;
    skip_leading_white_space();
    skip_emoji_prefix();
    read_type();
    if (at_ == word_begin_) {
      fail_without_type();
    } else if (read_up_to_colon()) {
      check_type();
      for (const FaultNote& note : notes_.all()) {
        report(note.code, note.at, note.length, note.message);
      }
      read_description();
    }
    return header_;
  }

 private:
  bool more() const { return at_ < title_.size(); }
  char32_t here() const { return title_[at_]; }

  template <typename Predicate>
  std::size_t skip(Predicate predicate) {
    const std::size_t begin = at_;
    while (more() && predicate(here())) ++at_;
    return at_ - begin;
  }

  void report(std::string_view code, std::size_t at, std::size_t length, std::string message) {
    header_.valid = false;
    problems_.reject(code, {line_, at + 1, length}, std::move(message));
  }

  // Stops the scan: nothing can be said about the rest.
  bool fail(std::string_view code, std::size_t at, std::size_t length, std::string message) {
    report(code, at, length, std::move(message));
    header_.repairable = false;
    return false;
  }

  void skip_leading_white_space() {
    const std::size_t length = skip(is_blank);
    if (length == 0) return;
    report("leading-whitespace", 0, length,
           fmt::format("the title starts with {}; remove it", describe_code_point(title_[0])));
  }

  // Emoji as a word of its own in front of the type.
  void skip_emoji_prefix() {
    const std::size_t begin = at_;
    const std::size_t length = skip(is_emoji);
    const std::size_t end = at_;
    if (length == 0 || !more() || !is_white_space(here())) {
      at_ = begin;
      return;
    }
    skip(is_white_space);
    emoji_ = title_.substr(begin, end - begin);
    report("emoji-prefix", begin, length,
           "an emoji stands before the type; put it after the colon");
  }

  void read_type() {
    word_begin_ = at_;
    skip([](char32_t c) { return !ends_word(c); });
    header_.type = title_.substr(word_begin_, at_ - word_begin_);
    header_.type_column = word_begin_ + 1;
  }

  void fail_without_type() {
    std::size_t at = at_;
    while (at < title_.size() && is_bang(title_[at])) ++at;
    if (at < title_.size() && is_open(title_[at])) {
      while (at < title_.size() && !is_close(title_[at])) ++at;
      if (at < title_.size()) ++at;
      while (at < title_.size() && is_bang(title_[at])) ++at;
    }
    if (at < title_.size() && is_colon(title_[at])) {
      fail("missing-type", word_begin_, 1, "the title must start with a type, as in 'feat: ...'");
    } else {
      fail_without_colon();
    }
  }

  bool fail_without_colon() {
    std::size_t end = at_;
    while (end > word_begin_ && is_white_space(title_[end - 1])) --end;
    return fail(
        "missing-colon", word_begin_, end - word_begin_,
        missing_colon_message(title_.substr(word_begin_), header_.type.size(), options_.types));
  }

  // Scope, "!" and stray spaces between the type and the colon.
  bool read_up_to_colon() {
    while (more() && !is_colon(here())) {
      const std::size_t begin = at_;
      if (is_white_space(here())) {
        spaces_at_ = begin;
        space_length_ = skip(is_white_space);
        if (more() && !is_open(here())) note_space_before_colon();
      } else if (is_bang(here())) {
        note_bangs(begin, skip(is_bang));
      } else if (is_open(here())) {
        if (!read_group()) return false;
      } else if (is_close(here()) && header_.scope) {
        return fail("nested-parens", begin, 1, "this ')' closes nothing; remove it");
      } else {
        return fail_without_colon();
      }
    }
    if (!more()) return fail_without_colon();
    if (here() != ':') note_colon_look_alike();
    return true;
  }

  void note_space_before_colon() {
    if (space_noted_) return;
    space_noted_ = true;
    notes_.add({"space-before-colon", spaces_at_, space_length_,
                "nothing may stand before ':'; remove the space"});
  }

  void note_bangs(std::size_t begin, std::size_t length) {
    if (header_.breaking && bang_at_ + 1 == begin) ++length;
    if (!header_.breaking) bang_at_ = begin;
    header_.breaking = true;
    for (std::size_t i = begin; i < at_; ++i) {
      if (title_[i] != kFullwidthBang) continue;
      notes_.add({"fullwidth-bang", i, 1, not_this(kFullwidthBang, '!')});
      break;
    }
    if (length > 1) {
      notes_.add({"multiple-bangs", begin, length, "one '!' is enough"});
    }
  }

  void note_colon_look_alike() {
    // One hint is enough: the corrected title shows the other full-width forms as well.
    notes_.forget("fullwidth-parens");
    notes_.forget("fullwidth-bang");
    notes_.add({here() == kFullwidthColon ? "fullwidth-colon" : "colon-lookalike", at_, 1,
                not_this(here(), ':')});
  }

  // "(scope)" from its parenthesis on.
  bool read_group() {
    const std::size_t open = at_;
    const bool after_space = space_length_ > 0 && spaces_at_ + space_length_ == open;
    const std::size_t close = find_scope_end(title_, open);
    if (close == std::u32string_view::npos || is_open(title_[close])) {
      return after_space ? fail_without_colon() : fail_open_scope(open, close);
    }
    const std::u32string_view scope = title_.substr(open + 1, close - open - 1);
    if (after_space) {
      notes_.add({"space-before-scope", spaces_at_, space_length_,
                  "nothing may stand before '('; remove the space"});
    }
    if (header_.breaking) {
      notes_.add(
          {"bang-before-scope", bang_at_, 1, "'!' comes after the scope, as in 'feat(api)!: ...'"});
    }
    for (const std::size_t at : {open, close}) {
      if (title_[at] < 0x80) continue;
      notes_.add({"fullwidth-parens", at, 1, not_this(title_[at], at == open ? '(' : ')')});
      break;
    }
    if (trim_white_space(scope).empty()) {
      notes_.add({"empty-scope", open, close - open + 1,
                  "the scope is empty; name one or drop the parentheses"});
    } else if (header_.scope) {
      notes_.add({"multiple-scopes-parens", open, close - open + 1,
                  "only one pair of parentheses is allowed, as in 'feat(a,b): ...'"});
      *header_.scope += U"," + std::u32string(scope);
    } else {
      header_.scope = scope;
      header_.scope_column = open + 2;
    }
    at_ = close + 1;
    return true;
  }

  bool fail_open_scope(std::size_t open, std::size_t inner) {
    const std::size_t colon = title_.find(U": ", open + 1);
    if (inner != std::u32string_view::npos && inner < colon) {
      return fail("nested-parens", inner, 1, "a scope must not hold parentheses");
    }
    report("unclosed-scope", open, 1, "'(' is never closed; write ')' after the scope");
    header_.repairable = colon != std::u32string_view::npos;
    if (!header_.repairable) return false;
    const std::u32string_view scope = title_.substr(open + 1, colon - open - 1);
    header_.repairable = !scope.empty() && std::none_of(scope.begin(), scope.end(), is_white_space);
    header_.scope = scope;
    header_.description = trim_white_space(title_.substr(colon + 1));
    header_.description_column = colon + 3;
    return false;
  }

  void check_type() {
    const std::u32string& type = header_.type;
    const auto wrong = std::find_if_not(type.begin(), type.end(), is_type_character);
    if (wrong == type.end()) {
      if (std::any_of(type.begin(), type.end(), is_letter)) return;
      report("type-charset", word_begin_, type.size(), "a type needs at least one letter");
      header_.repairable = false;
      return;
    }
    const auto emoji = std::find_if(type.begin(), type.end(), is_emoji);
    if (emoji != type.end()) {
      report("emoji-in-type", word_begin_ + static_cast<std::size_t>(emoji - type.begin()), 1,
             "an emoji is no part of a type; put it after the colon");
      const auto moved = std::stable_partition(header_.type.begin(), header_.type.end(),
                                               [](char32_t c) { return !is_emoji(c); });
      emoji_.append(moved, header_.type.end());
      header_.type.erase(moved, header_.type.end());
      return;
    }
    report("type-charset", word_begin_ + static_cast<std::size_t>(wrong - type.begin()), 1,
           fmt::format("{} must not stand in a type, only letters, digits, '-' and '_'",
                       describe_code_point(*wrong)));
    header_.repairable = header_.repairable && is_invisible(*wrong);
    if (header_.repairable) std::erase_if(header_.type, is_invisible);
  }

  void read_description() {
    const std::size_t colon = at_++;
    const std::size_t begin = at_;
    const std::size_t blanks = skip(is_blank);
    if (!more()) {
      report("empty-description", colon, 1, "the description is empty; say what changed");
      header_.repairable = false;
      return;
    }
    check_white_space(colon, begin, blanks);
    // "feat:! x" and "feat:: x"
    const bool doubled = blanks == 0 && at_ + 1 < title_.size() && title_[at_ + 1] == ' ' &&
                         (here() == '!' || here() == ':');
    if (doubled) {
      if (here() == '!') header_.breaking = true;
      ++at_;
      skip(is_blank);
    }
    header_.description_column = at_ + 1;
    header_.description = trim_white_space(title_.substr(at_));
    if (!emoji_.empty()) header_.description = emoji_ + U" " + header_.description;
  }

  void check_white_space(std::size_t colon, std::size_t begin, std::size_t blanks) {
    if (title_[colon] != ':') {
      return;
    }
    if (blanks == 0) {
      report("missing-space-after-colon", begin, 1, "no space after ':'; put one there");
    } else if (title_[begin] != ' ') {
      report("bad-whitespace-after-colon", begin, 1,
             fmt::format("{} stands after ':'; use a plain space",
                         describe_code_point(title_[begin])));
    } else if (blanks > 1) {
      problems_.warn("extra-space-after-colon", {line_, begin + 2, blanks - 1},
                     "more than one space after ':'; one is enough");
    }
  }

  std::u32string_view title_;
  std::size_t line_;
  const MessageOptions& options_;
  ProblemList& problems_;
  ConventionalHeader header_;
  FaultNotes notes_;
  std::u32string emoji_;  // taken from before the colon
  std::size_t at_ = 0;
  std::size_t word_begin_ = 0;
  std::size_t spaces_at_ = 0;
  std::size_t space_length_ = 0;
  std::size_t bang_at_ = 0;
  bool space_noted_ = false;
};

}  // namespace

ConventionalHeader scan_header(std::u32string_view title, std::size_t line,
                               const MessageOptions& options, ProblemList& problems) {
  return HeaderScanner(title, line, options, problems).scan();
}

}  // namespace trunkgate
