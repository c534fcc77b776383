// Matches a type with the accepted ones: exactly, by synonym, by spelling.
#include "push/conventional_types.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/unicode.h"
#include "push/conventional_problems.h"

namespace trunkgate {
namespace {

// No type is longer; keeps the work per message bounded.
constexpr std::size_t kLongestGuess = 40;

struct Synonym {
  std::string_view word;
  std::string_view type;
  bool certain;
};

constexpr Synonym kSynonyms[] = {
    {"feature", "feat", true},
    {"features", "feat", true},
    {"feats", "feat", true},
    {"new-feature", "feat", true},
    {"enhancement", "feat", false},
    {"improvement", "feat", false},
    {"bug", "fix", true},
    {"bugs", "fix", true},
    {"bugfix", "fix", true},
    {"bug-fix", "fix", true},
    {"bugfixes", "fix", true},
    {"hotfix", "fix", true},
    {"hot-fix", "fix", true},
    {"fixes", "fix", true},
    {"fixed", "fix", true},
    {"security", "fix", false},
    {"doc", "docs", true},
    {"documentation", "docs", true},
    {"tests", "test", true},
    {"testing", "test", true},
    {"refactoring", "refactor", true},
    {"refactored", "refactor", true},
    {"refac", "refactor", true},
    {"cleanup", "refactor", false},
    {"performance", "perf", true},
    {"optimization", "perf", true},
    {"optimisation", "perf", true},
    {"chores", "chore", true},
    {"styles", "style", true},
    {"formatting", "style", false},
    {"format", "style", false},
    {"builds", "build", true},
    {"deps", "build", false},
    {"dependencies", "build", false},
    {"cicd", "ci", true},
    {"ci-cd", "ci", true},
    {"reverts", "revert", true},
    {"reverted", "revert", true},
};

const std::string* find_type(std::string_view lower, const std::vector<std::string>& types) {
  const auto found = std::find(types.begin(), types.end(), lower);
  return found == types.end() ? nullptr : &*found;
}

// The word with look-alike letters replaced and in lower case.
std::string in_ascii(std::u32string_view written) {
  std::u32string out;
  for (const char32_t c : written) {
    const char32_t ascii = ascii_look_alike(c);
    out += to_lower(ascii == 0 ? c : ascii);
  }
  return encode_utf8(out);
}

bool same_letters(std::string a, std::string b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

std::optional<MeantType> by_spelling(const std::string& word,
                                     const std::vector<std::string>& types) {
  std::optional<MeantType> best;
  std::size_t best_distance = 3;
  for (const std::string& type : types) {
    // Two letters are near everything, and another first letter is mostly another word.
    if (std::min(word.size(), type.size()) < 3 || word.front() != type.front()) continue;
    const std::size_t distance = edit_distance(word, type);
    const std::size_t allowed = type.size() >= 6 ? 2 : 1;
    if (distance > allowed || distance >= best_distance) continue;
    best_distance = distance;
    // A letter too many, too few or swapped is a slip; another letter may be another word.
    const bool slip = word.size() != type.size() || same_letters(word, type);
    best = MeantType{type, distance == 1 && slip};
  }
  return best;
}

}  // namespace

bool is_accepted_type(std::u32string_view written, const std::vector<std::string>& types) {
  return types.empty() || find_type(encode_utf8(to_lower(written)), types) != nullptr;
}

std::optional<MeantType> meant_type(std::u32string_view written,
                                    const std::vector<std::string>& types) {
  if (written.empty() || written.size() > kLongestGuess) return std::nullopt;
  const std::string lower = encode_utf8(to_lower(written));
  if (const std::string* type = find_type(lower, types)) return MeantType{*type, true};
  const std::string word = in_ascii(written);
  if (const std::string* type = find_type(word, types)) return MeantType{*type, true};
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.word != word) continue;
    if (const std::string* type = find_type(synonym.type, types)) {
      return MeantType{*type, synonym.certain};
    }
  }
  return by_spelling(word, types);
}

std::string missing_colon_message(std::u32string_view title, std::size_t word_size,
                                  const std::vector<std::string>& types) {
  const std::string no_prefix = "the title has no 'type: ' prefix; ";
  if (title.starts_with(U"BREAKING")) {
    return no_prefix + "a breaking change is marked as in 'feat!: ...'";
  }
  const auto is_filler = [](char32_t c) { return c < 0x80 && !is_letter(c) && !is_number(c); };
  const auto meant = meant_type(title.substr(0, word_size), types);
  std::u32string_view rest = title.substr(word_size);
  while (!rest.empty() && is_filler(rest.front())) rest.remove_prefix(1);
  std::string shown;
  if (meant && !rest.empty()) {
    shown = quoted(decode_utf8(meant->type) + U": " + std::u32string(rest));
  }
  if (!shown.empty()) return no_prefix + "did you mean " + shown + "?";
  return no_prefix + "write it as in 'feat: add a login page'";
}

}  // namespace trunkgate
