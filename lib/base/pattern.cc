// Regular expressions. The only user of RE2.
#include <re2/re2.h>

#include <cassert>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/match.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPatternBytes = 4096;
constexpr std::size_t kMaxKnown = 1000;
constexpr std::int64_t kMaxMemory = 8 * 1024 * 1024;

re2::RE2::Options options() {
  re2::RE2::Options result;
  result.set_encoding(re2::RE2::Options::EncodingLatin1);
  // RE2 would write to standard error, which the pusher reads.
  result.set_log_errors(false);
  result.set_never_nl(false);
  result.set_max_mem(kMaxMemory);
  return result;
}

std::string quoted(const std::string& argument) {
  return argument.empty() ? std::string() : " '" + argument + "'";
}

std::string reason(const re2::RE2& compiled) {
  const std::string argument = quoted(compiled.error_arg());
  switch (compiled.error_code()) {
    case re2::RE2::ErrorBadEscape:
      return "unknown escape" + argument + " (back references are not supported)";
    case re2::RE2::ErrorBadCharClass:
    case re2::RE2::ErrorBadCharRange:
      return "bad character class" + argument;
    case re2::RE2::ErrorMissingBracket:
      return "a '[' is never closed:" + argument;
    case re2::RE2::ErrorMissingParen:
      return "a '(' is never closed:" + argument;
    case re2::RE2::ErrorUnexpectedParen:
      return "a ')' closes nothing:" + argument;
    case re2::RE2::ErrorTrailingBackslash:
      return "the '\\' at the end quotes nothing";
    case re2::RE2::ErrorRepeatArgument:
      return "nothing to repeat before" + argument;
    case re2::RE2::ErrorRepeatSize:
      return "too many repeats in" + argument + " (at most 1000)";
    case re2::RE2::ErrorRepeatOp:
      return "two repeats in a row:" + argument;
    case re2::RE2::ErrorBadPerlOp:
      return "unknown group" + argument + " (lookaheads and lookbehinds are not supported)";
    case re2::RE2::ErrorBadNamedCapture:
      return "bad name of a group" + argument;
    case re2::RE2::ErrorPatternTooLarge:
      return "the pattern takes too much memory; are its repeats too large?";
    default:
      return "not a pattern: " + compiled.error();
  }
}

// What a text is compiled to. Policies say the same expression in many places, and each one is
// asked for its mistake before it is used; compiling it is most of what loading a policy costs.
std::shared_ptr<const re2::RE2> compiled_from(std::string_view text) {
  static std::mutex mutex;
  static std::unordered_map<std::string, std::shared_ptr<const re2::RE2>> known;
  const std::lock_guard<std::mutex> lock(mutex);
  if (const auto found = known.find(std::string(text)); found != known.end()) return found->second;
  if (known.size() == kMaxKnown) known.clear();
  auto compiled =
      std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options());
  known.emplace(text, compiled);
  return compiled;
}

}  // namespace

std::optional<std::string> Pattern::mistake(std::string_view text) {
  if (text.size() > kMaxPatternBytes) return "a pattern must not be longer than 4096 bytes";
  const auto compiled = compiled_from(text);
  if (compiled->ok()) return std::nullopt;
  return reason(*compiled);
}

Pattern::Pattern(std::string text) : text_(std::move(text)), compiled_(compiled_from(text_)) {
  assert(compiled_->ok());
}

bool Pattern::matches_all(std::string_view text) const {
  return compiled_ != nullptr &&
         re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

bool Pattern::matches_anywhere(std::string_view text) const {
  return compiled_ != nullptr &&
         re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::optional<PatternMatch> Pattern::find(std::string_view text, std::size_t from) const {
  re2::StringPiece found;
  if (compiled_ == nullptr || from > text.size() ||
      !compiled_->Match(re2::StringPiece(text.data(), text.size()), from, text.size(),
                        re2::RE2::UNANCHORED, &found, 1)) {
    return std::nullopt;
  }
  return PatternMatch{static_cast<std::size_t>(found.data() - text.data()), found.size()};
}

}  // namespace trunkgate
