// Recognizes generated titles by exact form, never by a word somewhere in the message.
#include "push/conventional_exemptions.h"

#include <algorithm>

#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool starts_like_revert(std::string_view title) {
  return title.starts_with("Revert \"") || title.starts_with("Reapply \"");
}

// Exactly what Git writes: nothing after the closing quote.
bool is_revert_title(std::string_view title) {
  return starts_like_revert(title) && title.ends_with('"') && title.find('"') + 1 < title.size();
}

// "fixup! x", or the mark alone; "fixup!x" and "fixup!: x" are none.
bool is_autosquash_title(std::string_view title) {
  for (const std::string_view mark : {"fixup!", "squash!", "amend!"}) {
    if (title.starts_with(mark)) return title.size() == mark.size() || title[mark.size()] == ' ';
  }
  return false;
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Dot-separated identifiers after `mark`; `at` when there are none.
std::size_t skip_suffix(std::string_view text, std::size_t at, char mark) {
  if (at >= text.size() || text[at] != mark) return at;
  const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, text.end(),
                                    [](char c) { return is_identifier(c) || c == '.'; });
  const auto stop = static_cast<std::size_t>(end - text.begin());
  return stop == at + 1 ? at : stop;
}

// "1.2.3", "v1.2.3-rc.1+build", and the same before "[skip ci]".
bool is_version_title(std::string_view title) {
  if (title.starts_with('v') || title.starts_with('V')) title.remove_prefix(1);
  std::size_t at = 0;
  for (int part = 0; part < 3; ++part) {
    if (part > 0) {
      if (at >= title.size() || title[at] != '.') return false;
      ++at;
    }
    const std::size_t end = skip_digits(title, at);
    if (end == at) return false;
    at = end;
  }
  at = skip_suffix(title, at, '-');
  at = skip_suffix(title, at, '+');
  std::string_view rest = title.substr(at);
  if (rest.empty()) return true;
  if (!rest.starts_with(" [") || !rest.ends_with(']')) return false;
  rest = rest.substr(2, rest.size() - 3);
  return rest.find_first_of("[]") == std::string_view::npos;
}

}  // namespace

std::optional<std::string> reverted_commit(std::span<const std::string_view> lines_after_title) {
  constexpr std::string_view kStart = "This reverts commit ";
  for (const std::string_view line : lines_after_title) {
    if (!line.starts_with(kStart)) continue;
    const std::string_view rest = line.substr(kStart.size());
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_hex);
    const auto size = static_cast<std::size_t>(end - rest.begin());
    const bool ended = end == rest.end() || (!is_identifier(*end) && *end != '_');
    if (ended && (size == 40 || size == 64)) return ascii_lower(rest.substr(0, size));
  }
  return std::nullopt;
}

std::string exemption_of(std::string_view title, bool separate_body,
                         const std::optional<std::string>& reverted, const MessageOptions& options,
                         const MessageFacts& facts) {
  if (facts.parents >= 2) return "merge-commit";
  if (separate_body && reverted && is_revert_title(title)) return "git-revert";
  if (facts.parents == 0 && title == "Initial commit") return "initial-commit";
  if (options.allow_autosquash && is_autosquash_title(title)) return "autosquash";
  return {};
}

bool report_known_title(std::string_view title, std::size_t line, ProblemList& problems) {
  const MessagePlace whole{line, 1, count_code_points(title)};
  if (starts_like_revert(title)) {
    problems.reject("git-revert", whole,
                    "Git's own title of a revert needs the line 'This reverts commit <full id>.' "
                    "in the body; or write 'revert: ...'");
  } else if (is_autosquash_title(title)) {
    problems.reject("autosquash", {line, 1, title.find('!') + 1},
                    "this commit waits to be squashed; run 'git rebase -i --autosquash' first");
  } else if (is_version_title(title)) {
    problems.reject("version-bump", whole,
                    "a version alone is no title; write it as in 'chore(release): 1.2.3'");
  } else if (ascii_lower(title) == "wip") {
    problems.reject("wip", whole, "work in progress needs a type and a description");
  } else {
    return false;
  }
  return true;
}

}  // namespace trunkgate
