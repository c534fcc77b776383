#include "base/literal.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace trunkgate {
namespace {

// What sources and prose have most of, the most frequent first. All others are rarer.
constexpr std::string_view kFrequent = " etaoinsrlcdupmh\t_.,()=;\"*gfbywv-/<>:'{}k0123456789x";

std::size_t rareness(char c) { return std::min(kFrequent.find(c), kFrequent.size()); }

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::optional<std::string> literal_of(std::string_view pattern) {
  // These quote no character: classes, and places between characters.
  static constexpr std::string_view kNoCharacter = "bBdDsSwWAz";
  std::string longest;
  std::string run;
  const auto end_run = [&] {
    if (run.size() > longest.size()) longest = run;
    run.clear();
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    switch (c) {
      case '|':
      case '(':
      case ')':
      case '[':
      case ']':
      case '{':
      case '}':
        return std::nullopt;
      case '*':
      case '?':
        if (!run.empty()) run.pop_back();
        end_run();
        continue;
      case '+':
      case '.':
      case '^':
      case '$':
        end_run();
        continue;
      case '\\':
        if (++i == pattern.size()) return std::nullopt;
        c = pattern[i];
        if (alphanumeric(c)) {
          if (kNoCharacter.find(c) == std::string_view::npos) return std::nullopt;
          end_run();
          continue;
        }
        break;
      default:
        break;
    }
    run += c;
  }
  end_run();
  return longest.empty() ? std::nullopt : std::optional(std::move(longest));
}

LiteralSet::LiteralSet(const std::vector<std::string>& literals) {
  for (const std::string& text : literals) {
    const auto rarest = std::max_element(text.begin(), text.end(),
                                         [](char a, char b) { return rareness(a) < rareness(b); });
    const auto at = static_cast<std::size_t>(rarest - text.begin());
    literals_.push_back({text, at, at > 0 ? at - 1 : text.size() - 1});
  }
}

bool LiteralSet::any_in(std::string_view text) const {
  return std::any_of(literals_.begin(), literals_.end(), [&](const Literal& literal) {
    const std::string_view wanted = literal.text;
    if (text.size() < wanted.size()) return false;
    const char* at = text.data() + literal.rarest;
    const char* const end = text.data() + text.size() - wanted.size() + literal.rarest + 1;
    const char byte = wanted[literal.rarest];
    // Most places with the byte fall at the next one, without a call.
    const std::ptrdiff_t beside =
        static_cast<std::ptrdiff_t>(literal.beside) - static_cast<std::ptrdiff_t>(literal.rarest);
    const char byte_beside = wanted[literal.beside];
    while (at != end) {
      at = static_cast<const char*>(std::memchr(at, byte, static_cast<std::size_t>(end - at)));
      if (at == nullptr) return false;
      if (at[beside] == byte_beside &&
          std::memcmp(at - literal.rarest, wanted.data(), wanted.size()) == 0) {
        return true;
      }
      ++at;
    }
    return false;
  });
}

}  // namespace trunkgate
