// The policy of a title: reject what is not accepted, warn about style.
#include "push/conventional_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/match.h"
#include "base/text.h"
#include "base/unicode.h"
#include "push/conventional_types.h"

namespace trunkgate {
namespace {

void check_type(const ConventionalHeader& header, std::size_t line, const MessageOptions& options,
                ProblemList& problems) {
  const MessagePlace place{line, header.type_column, header.type.size()};
  if (is_accepted_type(header.type, options.types)) {
    if (to_lower(header.type) == header.type) return;
    const std::string message = "the type is not in lower case";
    if (options.strict_type_case) {
      problems.reject("type-case", place, message);
    } else {
      problems.warn("type-case", place, message);
    }
    return;
  }
  const std::string name = quoted(header.type);
  std::string message =
      name.empty() ? "this type is not allowed" : "type " + name + " is not allowed";
  if (name.empty()) {
    const auto odd = std::find_if(header.type.begin(), header.type.end(),
                                  [](char32_t c) { return ascii_look_alike(c) != 0 && c >= 0x80; });
    if (odd != header.type.end()) message += ", it holds " + describe_code_point(*odd);
  }
  if (const auto meant = meant_type(header.type, options.types)) {
    message += "; did you mean '" + meant->type + "'?";
  } else {
    message += "; allowed: " + join(options.types, ", ");
  }
  problems.reject("type-not-allowed", place, printable(message, 400));
}

// The accepted scopes; letter case does not count. A text that is no glob matches nothing.
GlobSet scope_globs(const std::vector<std::string>& accepted) {
  std::vector<Glob> globs;
  for (const std::string& pattern : accepted) {
    std::string lower = ascii_lower(pattern);
    if (!Glob::mistake(lower)) globs.emplace_back(std::move(lower));
  }
  return GlobSet(std::move(globs));
}

// The whole scope, or each part of it between ',', '/' and '\'.
bool is_accepted_scope(std::string_view scope, const GlobSet& accepted) {
  const std::string whole = ascii_lower(trim(scope));
  if (accepted.matches(whole)) return true;
  std::string_view rest = whole;
  while (true) {
    const std::size_t end = rest.find_first_of(",/\\");
    if (!accepted.matches(trim(rest.substr(0, end)))) return false;
    if (end == std::string_view::npos) return true;
    rest.remove_prefix(end + 1);
  }
}

// White space other than one space after a comma.
bool has_odd_white_space(std::u32string_view scope) {
  for (std::size_t i = 0; i < scope.size(); ++i) {
    if (!is_white_space(scope[i])) continue;
    const bool after_comma = scope[i] == ' ' && i > 0 && scope[i - 1] == ',';
    if (!after_comma || i + 1 == scope.size()) return true;
  }
  return false;
}

void check_scope(const ConventionalHeader& header, std::size_t line, const MessageOptions& options,
                 ProblemList& problems) {
  if (!header.scope) {
    if (options.scope_required) {
      problems.reject("missing-scope", {line, header.type_column, header.type.size()},
                      "the title needs a scope, as in 'feat(api): ...'");
    }
    return;
  }
  const MessagePlace place{line, header.scope_column, header.scope->size()};
  if (has_odd_white_space(*header.scope)) {
    problems.warn("scope-whitespace", place, "white space in the scope; write it without");
  }
  if (options.scopes.empty() ||
      is_accepted_scope(encode_utf8(*header.scope), scope_globs(options.scopes))) {
    return;
  }
  const std::string name = quoted(*header.scope);
  problems.reject("scope-not-allowed", place,
                  printable((name.empty() ? "this scope" : "scope " + name) +
                                " is not allowed; allowed: " + join(options.scopes, ", "),
                            400));
}

// "feat: ...", "fix(api)!: ..." in front of a description.
bool starts_with_header(std::u32string_view text) {
  constexpr std::array<std::u32string_view, 11> kTypes = {U"build",  U"chore", U"ci",   U"docs",
                                                          U"feat",   U"fix",   U"perf", U"refactor",
                                                          U"revert", U"style", U"test"};
  const std::size_t end = text.find_first_of(U"(!:");
  if (end == std::u32string_view::npos || end > 8) return false;
  const std::u32string word = to_lower(text.substr(0, end));
  if (std::find(kTypes.begin(), kTypes.end(), word) == kTypes.end()) return false;
  text.remove_prefix(end);
  if (text.front() == '(') {
    const std::size_t close = text.find(U')');
    if (close == std::u32string_view::npos) return false;
    text.remove_prefix(close + 1);
  }
  if (text.starts_with(U'!')) text.remove_prefix(1);
  return text == U":" || text.starts_with(U": ");
}

bool is_word(std::string_view words, std::string_view word) {
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

// "<description>", "your commit message here": left over from a template.
bool is_template_text(std::u32string_view description) {
  constexpr std::string_view kWords =
      "a the your of what you short brief one-line commit message description subject summary "
      "title "
      "text here goes change changes changed ticket type scope imperative";
  constexpr std::string_view kCore = "description subject summary message";
  if (description.size() > 60) return false;
  std::string text = ascii_lower(encode_utf8(description));
  const bool bracketed = (text.starts_with('<') && text.ends_with('>')) ||
                         (text.starts_with('[') && text.ends_with(']')) ||
                         (text.starts_with('{') && text.ends_with('}'));
  const bool asks = text.starts_with("your ") || text.starts_with("short ") ||
                    text.ends_with(" here") || text.ends_with(" goes here");
  if (!bracketed && !asks) return false;
  if (bracketed) text = text.substr(1, text.size() - 2);
  bool core = false;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of(" _");
    const std::string_view word = rest.substr(0, end);
    if (!word.empty() && !is_word(kWords, word)) return false;
    core = core || is_word(kCore, word);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return core;
}

// "wip", "WIP: ...", "[wip] ..."
bool is_work_in_progress(std::u32string_view description) {
  if (!description.empty() && (description.front() == '[' || description.front() == '(')) {
    description.remove_prefix(1);
  }
  if (to_lower(description.substr(0, 3)) != U"wip") return false;
  return description.size() == 3 || !(is_letter(description[3]) || is_number(description[3]) ||
                                      description[3] == '-' || description[3] == '_');
}

void check_description(const ConventionalHeader& header, std::size_t line, ProblemList& problems) {
  const std::u32string& text = header.description;
  const std::size_t column = header.description_column;
  const MessagePlace whole{line, column, text.size()};
  if (const std::size_t length = breaking_words_in_front(text); length > 0) {
    problems.reject("breaking-not-a-footer", {line, column, length},
                    "no tool reads 'BREAKING CHANGE:' in a title; write '!' before the ':', or a "
                    "footer 'BREAKING CHANGE: ...'");
  }
  if (to_lower(header.type) != U"revert" && starts_with_header(text)) {
    problems.warn("doubled-prefix", whole, "the description starts with a second prefix");
  }
  if (is_work_in_progress(text)) {
    problems.warn("wip", {line, column, text.size()}, "the description says work in progress");
  }
  if (is_template_text(text)) {
    problems.warn("template-text", whole, "the description is a template's, not yours");
  }
  const std::size_t tab = text.find(U'\t');
  if (tab != std::u32string::npos) {
    problems.warn("tab-in-header", {line, column + tab, 1}, "a TAB in the title; use a space");
  }
  if (ends_with_full_stop(text)) {
    problems.warn("description-full-stop", {line, column + text.size() - 1, 1},
                  "a title needs no full stop at its end");
  }
}

}  // namespace

void check_header_policy(const ConventionalHeader& header, std::size_t line,
                         const MessageOptions& options, ProblemList& problems) {
  check_type(header, line, options, problems);
  check_scope(header, line, options, problems);
  check_description(header, line, problems);
}

void check_title_length(std::u32string_view title, std::size_t line, const MessageOptions& options,
                        ProblemList& problems) {
  const std::size_t limit = options.title_length;
  if (limit == 0 || title.size() <= limit) return;
  problems.reject("header-too-long", {line, limit + 1, title.size() - limit},
                  fmt::format("the title has {} characters, {} are allowed", title.size(), limit));
}

void check_breaking(const ConventionalHeader& header, bool footer, std::u32string_view title,
                    std::size_t line, const MessageOptions& options, ProblemList& problems) {
  if (!header.breaking && !footer) return;
  const BreakingMarks wanted = options.breaking;
  // The "!", or where it would have to stand.
  const std::size_t colon = title.rfind(U':', header.description_column - 1);
  const MessagePlace place{line, header.breaking && colon > 0 ? colon : colon + 1, 1};
  if (wanted == BreakingMarks::none) {
    problems.reject("breaking-change", header.breaking ? place : MessagePlace{line, 1, colon},
                    "a breaking change is not allowed here");
  } else if (!header.breaking && (wanted == BreakingMarks::mark || wanted == BreakingMarks::both)) {
    problems.reject(std::string(kMissingBreakingMark), place,
                    "a footer announces a breaking change, but no '!' stands before the ':'");
  } else if (!footer && (wanted == BreakingMarks::footer || wanted == BreakingMarks::both)) {
    problems.reject("breaking-footer-missing", place,
                    "'!' needs a footer 'BREAKING CHANGE: ...' that says what breaks");
  }
}

std::size_t breaking_words_in_front(std::u32string_view description) {
  for (const std::u32string_view words : {U"BREAKING CHANGE:", U"BREAKING-CHANGE:"}) {
    if (description.starts_with(words)) return words.size();
  }
  return 0;
}

bool ends_with_full_stop(std::u32string_view description) {
  if (description.empty()) return false;
  const char32_t last = description.back();
  if (last == 0x3002 || last == 0xFF0E || last == 0xFF61) return true;
  return last == '.' && !description.ends_with(U"...");
}

}  // namespace trunkgate
