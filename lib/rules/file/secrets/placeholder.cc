#include "rules/file/secrets/placeholder.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <string>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kLooked = 200;
// Of chance, such things do not happen in a token; each is far below one in ten thousand.
constexpr std::size_t kSameInARow = 6;
constexpr std::size_t kMasksInARow = 4;
constexpr std::size_t kSequence = 8;
constexpr std::size_t kFewCharacters = 4;
constexpr std::size_t kLongEnoughForMore = 14;

// Lower case.
constexpr std::string_view kWords[] = {
    "example",     "changeme",  "change-me", "change_me", "placeholder", "dummy",     "fake",
    "sample",      "redacted",  "replace",   "your-",     "your_",       "yourtoken", "yoursecret",
    "yourapi",     "yourkey",   "insert",    "foobar",    "deadbeef",    "qwerty",    "test",
    "mock",        "notreal",   "not-real",  "not_real",  "my-secret",   "my_secret", "mysecret",
    "my-password", "mypasswor", "todo",      "undefined", "demo"};
constexpr std::string_view kTemplates[] = {"${",
                                           "{{",
                                           "}}",
                                           "#{",
                                           "<%",
                                           "%s",
                                           "%(",
                                           "$(",
                                           "...",
                                           "***",
                                           "os.environ",
                                           "getenv",
                                           "process.env",
                                           "secrets.",
                                           "environ[",
                                           "env.",
                                           "enc[",
                                           "{cipher}",
                                           "op://",
                                           "vault:",
                                           "!vault",
                                           "ssm:",
                                           "secretsmanager"};
// Values out of documentation that nothing else here tells.
constexpr std::string_view kDocumented[] = {
    "eyJzdWIiOiIxMjM0NTY3ODkwI",  // the first token everybody sees at jwt.io
};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return c >= 'a' && c <= 'z'; }

// What follows `c` where people count through letters and digits.
bool follows(char c, char next) {
  if ((digit(c) && digit(next)) || (letter(c) && letter(next))) return next == c + 1;
  return (c == '9' && (next == '0' || next == 'a')) || (c == 'z' && (next == 'a' || next == '0')) ||
         (c == 'f' && next == '0');
}

bool has_run(std::string_view value) {
  std::size_t same = 1;
  std::size_t up = 1;
  std::size_t down = 1;
  for (std::size_t i = 1; i < value.size(); ++i) {
    same = value[i] == value[i - 1] ? same + 1 : 1;
    up = follows(value[i - 1], value[i]) ? up + 1 : 1;
    down = follows(value[i], value[i - 1]) ? down + 1 : 1;
    const bool mask = value[i] == 'x' || value[i] == '*' || value[i] == '.' || value[i] == '_';
    if (same >= (mask ? kMasksInARow : kSameInARow) || up >= kSequence || down >= kSequence) {
      return true;
    }
  }
  return false;
}

bool has_few_characters(std::string_view value) {
  std::bitset<256> seen;
  for (const char c : value) seen.set(static_cast<unsigned char>(c));
  return seen.count() <= (value.size() >= kLongEnoughForMore ? kFewCharacters : 1);
}

bool has_any(std::string_view value, auto& texts) {
  return std::any_of(std::begin(texts), std::end(texts), [&](std::string_view text) {
    return value.find(text) != std::string_view::npos;
  });
}

}  // namespace

double entropy(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_placeholder(std::string_view value) {
  if (has_any(value.substr(0, kLooked), kDocumented)) return true;
  const std::string lower = ascii_lower(value.substr(0, kLooked));
  if (lower.empty() || lower[0] == '$') return true;
  if (lower[0] == '%' && lower.back() == '%') return true;
  if (lower.find('>', lower.find('<')) != std::string::npos) return true;
  return has_few_characters(lower) || has_run(lower) || has_any(lower, kWords) ||
         has_any(lower, kTemplates);
}

}  // namespace trunkgate
