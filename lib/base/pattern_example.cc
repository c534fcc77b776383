#include "base/pattern_example.h"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPattern = 200;
constexpr std::size_t kMaxExample = 60;
constexpr std::size_t kMaxDepth = 20;
// How often what may come any number of times does: "ABC-123" looks like what it stands for.
constexpr std::size_t kFewTimes = 2;
constexpr std::size_t kFewDigits = 3;

using Characters = std::bitset<128>;

void add_range(Characters& set, char from, char to) {
  const std::size_t last = static_cast<unsigned char>(to);
  for (std::size_t c = static_cast<unsigned char>(from); c <= last; ++c) set.set(c);
}

Characters digits() {
  Characters set;
  add_range(set, '0', '9');
  return set;
}

// Writes one text for an expression, or fails on what it does not know.
class Writer {
 public:
  explicit Writer(std::string_view pattern) : rest_(pattern) {}

  std::optional<std::string> write() {
    std::string text = alternatives(0);
    if (failed_ || !rest_.empty()) return std::nullopt;
    return text;
  }

 private:
  struct Times {
    std::size_t least = 1;
    std::size_t wanted = 1;
  };

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // The first alternative; the others are read and thrown away.
  std::string alternatives(std::size_t depth) {
    if (depth > kMaxDepth) failed_ = true;
    std::string text = sequence(depth);
    while (!failed_ && take("|")) sequence(depth);
    return text;
  }

  std::string sequence(std::size_t depth) {
    std::string text;
    while (!failed_ && !rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      text += repeated(depth);
      if (text.size() > kMaxExample) failed_ = true;
    }
    return text;
  }

  std::string repeated(std::size_t depth) {
    for (const std::string_view nothing : {"^", "$", "\\b", "\\A", "\\z", "(?i)"}) {
      if (take(nothing)) return {};
    }
    if (take("(")) return group(depth);
    const Characters characters = one_character();
    const Times times = read_times();
    const bool more = times.wanted > times.least && characters == digits();
    std::string text;
    for (std::size_t n = more ? kFewDigits : times.wanted; n > 0 && !failed_; --n) {
      text += next_of(characters);
      if (text.size() > kMaxExample) failed_ = true;
    }
    return text;
  }

  // Behind the opening parenthesis.
  std::string group(std::size_t depth) {
    if (rest_.starts_with('?') && !take("?:")) failed_ = true;
    const std::string text = failed_ ? std::string() : alternatives(depth + 1);
    if (!take(")")) failed_ = true;
    const Times times = read_times();
    std::string all;
    for (std::size_t n = std::min(times.least, times.wanted); n > 0 && !failed_; --n) {
      all += text;
      if (all.size() > kMaxExample) failed_ = true;
    }
    return all;
  }

  Characters one_character() {
    Characters set;
    if (take("[")) return char_class();
    if (take(".")) {
      add_range(set, ' ', '~');
    } else if (take("\\")) {
      return escaped();
    } else if (!rest_.empty() && rest_[0] > 0 && rest_.find_first_of("*+?{") != 0) {
      set.set(static_cast<std::size_t>(rest_[0]));
      rest_.remove_prefix(1);
    } else {
      failed_ = true;
    }
    return set;
  }

  Characters escaped() {
    Characters set;
    if (rest_.empty() || rest_[0] <= 0) {
      failed_ = true;
      return set;
    }
    const char c = rest_[0];
    rest_.remove_prefix(1);
    if (c == 'd') {
      set = digits();
    } else if (c == 'w') {
      add_range(set, 'A', 'Z');
    } else if (c == 'S') {
      add_range(set, '!', '~');
    } else if (c == 's') {
      set.set(' ');
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      failed_ = true;
    } else {
      set.set(static_cast<std::size_t>(c));
    }
    return set;
  }

  // Behind the opening bracket.
  Characters char_class() {
    Characters set;
    const bool negated = take("^");
    for (bool first = true; !failed_ && (first || !rest_.starts_with(']')); first = false) {
      if (rest_.empty() || rest_[0] <= 0 || rest_.starts_with("[:")) {
        failed_ = true;
        break;
      }
      if (take("\\")) {
        set |= escaped();
        continue;
      }
      const char from = rest_[0];
      rest_.remove_prefix(1);
      char to = from;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        to = rest_[1];
        rest_.remove_prefix(2);
      }
      if (to <= 0 || to == '\\') failed_ = true;
      if (!failed_) add_range(set, from, to);
    }
    if (!take("]")) failed_ = true;
    if (!negated) return set;
    Characters others;
    add_range(others, ' ', '~');
    return others & ~set;
  }

  Times read_times() {
    Times times;
    if (take("*") || take("?")) {
      times = {0, 0};
    } else if (take("+")) {
      times = {1, kFewTimes};
    } else if (rest_.starts_with('{')) {
      const auto end = std::min(rest_.find('}'), rest_.size() - 1);
      const std::string_view least = rest_.substr(1, std::min(rest_.find(','), end) - 1);
      if (rest_[end] != '}' || least.empty() || least.size() > 2 ||
          least.find_first_not_of("0123456789") != std::string_view::npos) {
        failed_ = true;
        return times;
      }
      times.least = 0;
      for (const char c : least) times.least = times.least * 10 + static_cast<std::size_t>(c - '0');
      times.wanted = times.least;
      rest_.remove_prefix(end + 1);
    }
    take("?");  // as few as can be: the same to a whole text
    return times;
  }

  // Letters and digits in their order, so that people see that any will do.
  char next_of(const Characters& set) {
    static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz";
    static constexpr std::string_view kDigits = "123456789";
    if (const char c = turn(set, kLetters, letter_); c != 0) return c;
    if (const char c = turn(set, kSmall, letter_); c != 0) return c;
    if (const char c = turn(set, kDigits, digit_); c != 0) return c;
    for (std::size_t c = ' '; c < set.size(); ++c) {
      if (set.test(c)) return static_cast<char>(c);
    }
    failed_ = true;
    return ' ';
  }

  static char turn(const Characters& set, std::string_view from, std::size_t& next) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      const char c = from[(next + i) % from.size()];
      if (!set.test(static_cast<std::size_t>(c))) continue;
      // A single character of a literal does not count.
      if (set.count() > 1) ++next;
      return c;
    }
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
  std::size_t letter_ = 0;
  std::size_t digit_ = 0;
};

}  // namespace

std::optional<std::string> example_of(const Pattern& pattern) {
  if (pattern.text().size() > kMaxPattern) return std::nullopt;
  std::optional<std::string> text = Writer(pattern.text()).write();
  if (!text || text->empty() || text->size() > kMaxExample || !is_printable(*text) ||
      trim(*text) != *text || !pattern.matches_all(*text)) {
    return std::nullopt;
  }
  return text;
}

}  // namespace trunkgate
