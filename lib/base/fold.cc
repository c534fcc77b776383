#include "base/fold.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/text.h"

namespace trunkgate {
namespace {

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/.
std::uint64_t hash_of(std::string_view text, bool lower) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    const char byte = lower && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3U;
  }
  return hash;
}

// To put marks in order takes time that grows with the square of their number. Thirty is what
// Unicode allows for streams (UAX #15, section 13); no language needs more.
bool has_too_many_marks(std::string_view name) {
  constexpr int kMaxMarks = 30;
  int marks = 0;
  while (!name.empty()) {
    utf8proc_int32_t letter = 0;
    const auto size = ::utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                         static_cast<utf8proc_ssize_t>(name.size()), &letter);
    if (size <= 0) return false;
    const bool mark = ::utf8proc_get_property(letter)->combining_class != 0;
    marks = mark ? marks + 1 : 0;
    if (marks > kMaxMarks) return true;
    name.remove_prefix(static_cast<std::size_t>(size));
  }
  return false;
}

}  // namespace

std::string fold_name(std::string_view name, const Folding& folding) {
  if (ascii_prefix(name) == name.size() || !is_utf8(name) || has_too_many_marks(name)) {
    return folding.letter_case ? ascii_lower(name) : std::string(name);
  }
  int options = UTF8PROC_STABLE;
  if (folding.unicode) options |= UTF8PROC_DECOMPOSE | UTF8PROC_IGNORE;
  if (folding.letter_case) options |= UTF8PROC_CASEFOLD;
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t size = ::utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
      static_cast<utf8proc_ssize_t>(name.size()), &raw, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owner(raw, std::free);
  if (size < 0) return std::string(name);
  return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size)};
}

std::uint64_t folded_hash(std::string_view name, const Folding& folding) {
  if (ascii_prefix(name) != name.size()) return hash_of(fold_name(name, folding), false);
  return hash_of(name, folding.letter_case);  // without an allocation
}

}  // namespace trunkgate
