// Writes the header again from its parts, and judges the result before it is offered.
#include "push/conventional_repair.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"
#include "base/unicode.h"
#include "push/conventional_policy.h"
#include "push/conventional_title_characters.h"
#include "push/conventional_types.h"

namespace trunkgate {
namespace {

bool holds_code(const std::vector<MessageProblem>& problems, std::string_view code) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const MessageProblem& problem) { return problem.code == code; });
}

bool is_plain(char32_t c) {
  return c != 0 && c != 0xFFFD && !is_forbidden_control(c) && !is_bidi_control(c);
}

// Tabs become spaces, what cannot be seen goes (but not what holds an emoji together).
std::u32string cleaned(std::u32string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool in_emoji = i > 0 && is_emoji(text[i]) && text[i - 1] >= 0x80;
    if (is_invisible(text[i]) && !in_emoji) continue;
    out += text[i] == '\t' ? U' ' : text[i];
  }
  return std::u32string(trim_white_space(out));
}

std::optional<std::u32string> written_again(const ConventionalHeader& header,
                                            const MessageOptions& options) {
  if (!header.repairable) return std::nullopt;
  std::u32string out = to_lower(header.type);
  if (!options.types.empty()) {
    const auto meant = meant_type(header.type, options.types);
    if (!meant || !meant->certain) return std::nullopt;
    out = decode_utf8(meant->type);
  }
  if (header.scope) out += U"(" + cleaned(*header.scope) + U")";
  std::u32string description = header.description;
  const std::size_t breaking_words = breaking_words_in_front(description);
  description.erase(0, breaking_words);
  if (header.breaking || breaking_words > 0) out += U'!';
  if (ends_with_full_stop(description)) description.pop_back();
  return out + U": " + cleaned(description);
}

// "* feat: x" and "# feat: x"
std::u32string_view without_list_mark(std::u32string_view title) {
  if (title.size() < 3 || title[1] != ' ') return title;
  constexpr std::u32string_view kMarks = U"*-+#>";
  return kMarks.find(title[0]) == std::u32string_view::npos ? title : title.substr(2);
}

std::u32string_view without_quotes(std::u32string_view title) {
  if (title.size() < 3 || title.front() != title.back()) return title;
  constexpr std::u32string_view kQuotes = U"\"'`";
  if (kQuotes.find(title.front()) == std::u32string_view::npos) return title;
  return title.substr(1, title.size() - 2);
}

// "[feat] x", "[feat]: x", "feat; x", "feat= x", "feat - x"
std::u32string with_colon(std::u32string_view title) {
  const bool bracketed = title.starts_with(U'[');
  if (bracketed) title.remove_prefix(1);
  const auto is_word = [](char32_t c) { return is_letter(c) || is_number(c); };
  const auto word_end = std::find_if_not(title.begin(), title.end(), is_word);
  const auto size = static_cast<std::size_t>(word_end - title.begin());
  std::u32string_view rest = title.substr(size);
  constexpr std::array<std::u32string_view, 2> kClosings = {U"]: ", U"] "};
  constexpr std::array<std::u32string_view, 6> kSeparators = {U"; ", U"= ",  U", ",
                                                              U". ", U" - ", U" -- "};
  const auto replaced = [&](const auto& separators) -> std::u32string {
    for (const std::u32string_view separator : separators) {
      if (!rest.starts_with(separator)) continue;
      return std::u32string(title.substr(0, size)) + U": " +
             std::u32string(rest.substr(separator.size()));
    }
    return {};
  };
  return bracketed ? replaced(kClosings) : replaced(kSeparators);
}

bool is_improvement(std::u32string_view title, const MessageOptions& options,
                    const std::vector<MessageProblem>& found) {
  ProblemList problems;
  const ConventionalHeader header = scan_header(title, 1, options, problems);
  if (header.valid) check_header_policy(header, 1, options, problems);
  check_title_length(title, 1, options, problems);
  const std::vector<MessageProblem> left = problems.finish();
  return verdict_of(left) != MessageVerdict::reject &&
         std::all_of(left.begin(), left.end(), [&](const MessageProblem& problem) {
           return holds_code(found, problem.code);
         });
}

}  // namespace

std::optional<std::string> repaired_title(std::u32string_view line,
                                          const ConventionalHeader& header,
                                          const MessageOptions& options,
                                          const std::vector<MessageProblem>& found) {
  // Long titles are no slip of the keyboard, and hostile ones are not to be repaired.
  constexpr std::size_t kLongest = 1000;
  const std::u32string_view title = trim_white_space(line);
  if (line.size() > kLongest || !std::all_of(title.begin(), title.end(), is_plain)) {
    return std::nullopt;
  }
  std::optional<std::u32string> repaired = written_again(header, options);
  if (!repaired && !header.valid) {
    std::u32string meant(without_quotes(without_list_mark(title)));
    if (const std::u32string replaced = with_colon(meant); !replaced.empty()) meant = replaced;
    ProblemList unused;
    if (meant != title && !meant.empty()) {
      repaired = written_again(scan_header(meant, 1, options, unused), options);
    }
  }
  if (!repaired || *repaired == line || !is_improvement(*repaired, options, found)) {
    return std::nullopt;
  }
  std::string text = encode_utf8(*repaired);
  if (!is_printable(text)) return std::nullopt;
  return text;
}

}  // namespace trunkgate
