#include "rules/file/secrets/assignment.h"

#include <array>

namespace trunkgate {
namespace {

constexpr std::size_t kMaxHead = 64;
constexpr std::size_t kMaxTail = 40;
constexpr std::size_t kMaxGap = 40;  // blanks, quotes, a type between name and value
constexpr std::size_t kMaxValue = 210;
constexpr std::size_t kMaxLogin = 400;
constexpr std::size_t kMaxKeyHead = 1000;
constexpr std::size_t kMinKeyLine = 32;

bool in_set(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// A set of characters that is asked for every byte of a value.
class CharSet {
 public:
  explicit constexpr CharSet(std::string_view members) {
    for (const char c : members) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> has_{};
};

constexpr CharSet kNameChars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
constexpr CharSet kEndsOfPlainValue("\"'`,;<>(){}[]&|\\");
constexpr CharSet kEndsOfLogin("/?#\"'<>\\`,;|");

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool alnum(char c) { return upper(c) || lower(c) || (c >= '0' && c <= '9'); }
bool blank(char c) { return c == ' ' || c == '\t'; }
bool name_char(char c) { return kNameChars.has(c); }

// Walks over at most `limit` bytes of a text.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at, std::size_t limit)
      : text_(text.substr(0, at + limit < text.size() ? at + limit : text.size())), at_(at) {}

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool done() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  void move(std::size_t n = 1) { at_ += n; }
  bool take(std::string_view set) {
    if (done() || !in_set(text_[at_], set)) return false;
    ++at_;
    return true;
  }
  template <typename Wanted>
  std::string_view take_while(Wanted&& wanted) {
    const std::size_t from = at_;
    while (at_ < text_.size() && wanted(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

// "= ", ": ", ":=", "=>", ": str = ", ": &str = ", and ", " behind the first argument of a call.
bool take_separator(Cursor& cursor, bool argument) {
  cursor.take_while(blank);
  if (argument && cursor.take(",")) {
    cursor.take_while(blank);
    return true;
  }
  if (cursor.take("=")) {
    cursor.take("=>");
  } else if (cursor.take(":")) {
    cursor.take("=");
    Cursor type = cursor;
    const std::string_view text =
        type.take_while([](char c) { return name_char(c) || blank(c) || in_set(c, "&<>[]|?*"); });
    // Without the blank it is a value that ends with "=".
    if (text.ends_with(' ') && type.take("=")) cursor = type;
  } else if (!cursor.take(">")) {
    return false;
  }
  cursor.take_while(blank);
  return true;
}

}  // namespace

std::optional<Assignment> assignment_around(std::string_view content, std::size_t begin,
                                            std::size_t end) {
  std::size_t first = begin;
  while (first > 0 && begin - first < kMaxHead && name_char(content[first - 1])) --first;
  Assignment result;
  result.head = content.substr(first, begin - first);
  Cursor name(content, end, kMaxTail);
  result.tail = name.take_while(name_char);

  Cursor gap(content, name.at(), kMaxGap);
  const bool argument = first >= 2 && content[first - 2] == '(';
  gap.take_while([](char c) { return in_set(c, "\"'`\\])"); });
  if (!take_separator(gap, argument)) return std::nullopt;
  while (gap.take("@rbuRBUfF")) {
    // The letters in front of a string; given back below when no string follows.
  }
  Cursor value(content, gap.at(), kMaxValue);
  value.take("\\");
  const char quote = value.peek();
  if (quote == '"' || quote == '\'' || quote == '`') {
    value.move();
    const std::size_t from = value.at();
    value.take_while([&](char c) { return c != quote && c != '\n'; });
    if (value.peek() != quote) return std::nullopt;
    result.value = content.substr(from, value.at() - from);
    if (result.value.ends_with('\\')) result.value.remove_suffix(1);
    result.quoted = true;
    return result;
  }
  std::size_t from = gap.at();
  while (from > 0 && in_set(content[from - 1], "rbuRBUfF")) --from;
  Cursor plain(content, from, kMaxValue);
  result.value =
      plain.take_while([](char c) { return c > ' ' && c < '\x7f' && !kEndsOfPlainValue.has(c); });
  // A call, an element, a template: code, and no value.
  if (in_set(plain.peek(), "([{")) return std::nullopt;
  return result;
}

std::optional<Login> login_behind(std::string_view content, std::size_t end) {
  if (end < 4 || !alnum(content[end - 4])) return std::nullopt;
  const auto part = [&](char c) { return c > ' ' && c != '\x7f' && !kEndsOfLogin.has(c); };
  Cursor cursor(content, end, kMaxLogin);
  const std::string_view all = cursor.take_while(part);
  const auto at = all.rfind('@');
  const auto colon = all.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon >= at) {
    return std::nullopt;
  }
  Login login{all.substr(0, colon), all.substr(colon + 1, at - colon - 1), all.substr(at + 1)};
  if (login.host.empty() || (!alnum(login.host[0]) && login.host[0] != '[')) return std::nullopt;
  return login;
}

std::optional<std::size_t> key_body_end(std::string_view content, std::size_t from) {
  Cursor cursor(content, from, kMaxKeyHead);
  while (!cursor.done()) {
    cursor.take_while([](char c) { return in_set(c, " \t\r\n\"'+,\\*#|"); });
    Cursor line = cursor;
    const std::string_view run =
        line.take_while([](char c) { return alnum(c) || in_set(c, "+/="); });
    if (run.size() >= kMinKeyLine) return line.at();
    if (run == "n" || run == "r") {  // the letter of an escaped line end
      cursor = line;
      continue;
    }
    line.take_while([](char c) { return alnum(c) || c == '-'; });
    if (!line.take(":")) return std::nullopt;
    line.take_while([](char c) { return c != '\n' && c != '\\'; });
    cursor = line;
  }
  return std::nullopt;
}

}  // namespace trunkgate
