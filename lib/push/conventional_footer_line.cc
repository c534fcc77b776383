// The form of a footer line, and the slips that make it body text.
#include "push/conventional_footer_line.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/unicode.h"
#include "push/conventional_lines.h"
#include "push/conventional_title_characters.h"

namespace trunkgate {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_alpha(c) || (c >= '0' && c <= '9'); }

// The length of the token at the start of the line; 0 when there is none.
std::size_t token_size(std::string_view line) {
  const auto end =
      std::find_if_not(line.begin(), line.end(), [](char c) { return is_alnum(c) || c == '-'; });
  const auto size = static_cast<std::size_t>(end - line.begin());
  if (size == 0 || !is_alnum(line.front()) || !is_alnum(line[size - 1])) return 0;
  return size;
}

bool starts_with_breaking(std::string_view line) { return line.starts_with("BREAKING CHANGE:"); }

// Words that stand before a reference or a name, in lower case.
bool is_known_token(std::string_view token) {
  constexpr std::array<std::string_view, 27> kKnown = {
      "refs",  "ref",      "references", "closes",    "close",    "closed",  "fixes",
      "fixed", "resolves", "resolve",    "resolved",  "see",      "related", "relates",
      "issue", "issues",   "bug",        "ticket",    "author",   "authors", "cc",
      "link",  "pr",       "jira",       "reviewers", "reviewer", "task"};
  return std::find(kKnown.begin(), kKnown.end(), ascii_lower(token)) != kKnown.end();
}

bool looks_like_reference(std::string_view value) {
  const std::size_t open = value.find('<');
  return value.starts_with('#') || value.starts_with('@') || value.starts_with("http") ||
         (value.ends_with('>') && open != std::string_view::npos &&
          value.find('@', open) != std::string_view::npos);
}

// "Reviewed by: Z", "See also: x": a token with spaces where hyphens belong.
bool is_spaced_token(std::string_view head, std::string_view value) {
  if (head.size() > 40 || head.find(' ') == std::string_view::npos) return false;
  if (!std::all_of(head.begin(), head.end(),
                   [](char c) { return is_alpha(c) || c == ' ' || c == '-'; })) {
    return false;
  }
  const auto spaces = std::count(head.begin(), head.end(), ' ');
  if (spaces > 2 || head.find("  ") != std::string_view::npos) return false;
  const std::string lower = ascii_lower(head);
  constexpr std::array<std::string_view, 5> kPairs = {"see also", "change id", "external id",
                                                      "issue id", "part of"};
  return lower.ends_with(" by") || looks_like_reference(value) ||
         std::find(kPairs.begin(), kPairs.end(), lower) != kPairs.end();
}

// The head before the first colon of any kind, and that colon.
struct Head {
  std::string_view text;  // with white space at its end
  char32_t colon = 0;     // 0: there is none near
  std::string_view rest;  // after the colon
};

Head head_of(std::string_view line) {
  constexpr std::size_t kLongest = 80;
  for (std::size_t at = 0; at < line.size() && at <= kLongest;) {
    const CodePoint next = next_code_point(line.substr(at));
    if (next.value == ':' || is_colon_look_alike(next.value)) {
      return {line.substr(0, at), next.value, line.substr(at + next.size)};
    }
    at += next.size;
  }
  return {};
}

std::optional<NearFooter> read_odd_token(std::string_view head, std::string_view value) {
  const std::u32string token = decode_utf8(head);
  const bool word = std::all_of(token.begin(), token.end(), [](char32_t c) {
    return c == '-' || c == '_' || is_letter(c) || is_mark(c) || is_number(c);
  });
  if (!word || token.empty() || !is_letter(token.front())) return std::nullopt;
  const bool foreign =
      std::none_of(token.begin(), token.end(), [](char32_t c) { return c < 0x80 && is_letter(c); });
  const bool ascii = std::all_of(token.begin(), token.end(), [](char32_t c) { return c < 0x80; });
  if (!foreign && !ascii && !looks_like_reference(value)) return std::nullopt;
  if (token.back() == '-') return std::nullopt;
  return NearFooter{"footer-token-charset",
                    "a footer's token may hold ASCII letters, digits and '-' only"};
}

}  // namespace

std::optional<FooterStart> read_footer_start(std::string_view line) {
  const std::size_t size = starts_with_breaking(line) ? 15 : token_size(line);
  if (size == 0) return std::nullopt;
  const std::string_view rest = line.substr(size);
  const bool hash = rest.starts_with(" #");
  if (!hash && !rest.starts_with(": ")) return std::nullopt;
  const std::string_view value = trim_both(rest.substr(2));
  if (value.empty()) return std::nullopt;
  return FooterStart{line.substr(0, size), value, hash};
}

std::optional<NearFooter> read_near_footer(std::string_view line) {
  const Head head = head_of(line);
  if (head.colon == 0 || head.text.empty()) return std::nullopt;
  const std::string_view token = trim_right(head.text);
  const std::string_view value = trim_both(head.rest);
  const bool plain = !token.empty() && is_alpha(token.front()) && token_size(token) == token.size();
  const std::size_t after_token = count_code_points(token) + 1;
  if (head.colon != ':') {
    if (!plain || value.empty()) return std::nullopt;
    return NearFooter{"footer-fullwidth-colon",
                      "the colon after the token is no ASCII ':'; write ': '", after_token};
  }
  if (plain && value.empty()) {
    return NearFooter{"footer-empty-value", "the footer has no value on its line", after_token};
  }
  if (value.empty() || value.front() == ':') return std::nullopt;
  if (plain && token.size() < head.text.size()) {
    return NearFooter{"footer-space-before-colon", "nothing may stand before ':' in a footer",
                      after_token};
  }
  if (plain && !head.rest.starts_with(' ')) {
    // "https://..." and "C:\..." are no footers.
    if (value.front() == '/' || value.front() == '\\') return std::nullopt;
    return NearFooter{"footer-missing-space", "no space after ':' in a footer; put one there",
                      after_token + 1};
  }
  if (plain) return std::nullopt;
  if (is_spaced_token(token, value)) {
    return NearFooter{"footer-token-space", "write '-' instead of a space in a footer's token",
                      1 + std::min(token.find(' '), token.size())};
  }
  if (!head.rest.starts_with(' ')) return std::nullopt;
  return read_odd_token(token, value);
}

bool is_trailer_like(const FooterStart& footer) {
  return footer.hash || footer.token.find('-') != std::string_view::npos ||
         is_known_token(footer.token) || looks_like_reference(footer.value);
}

bool names_a_person(std::string_view token) {
  const std::string lower = ascii_lower(token);
  return lower.ends_with("-by") || lower == "cc";
}

}  // namespace trunkgate
