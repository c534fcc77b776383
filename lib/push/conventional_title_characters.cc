// Look-alikes of the colon, and the search for the end of a scope.
#include "push/conventional_title_characters.h"

#include <algorithm>
#include <array>

namespace trunkgate {

bool is_colon_look_alike(char32_t c) {
  constexpr std::array<char32_t, 14> kLookAlikes = {kFullwidthColon, 0x2F8,  0x589,  0x5C3,  0x703,
                                                    0x704,           0x16EC, 0x205A, 0x2236, 0x2982,
                                                    0xA789,          0xFE13, 0xFE30, 0xFE55};
  return c >= 0x80 && std::find(kLookAlikes.begin(), kLookAlikes.end(), c) != kLookAlikes.end();
}

std::size_t find_scope_end(std::u32string_view title, std::size_t open) {
  if (title[open] == kFullwidthOpen) {
    constexpr char32_t kAny[] = {'(', ')', kFullwidthOpen, kFullwidthClose, 0};
    return title.find_first_of(kAny, open + 1);
  }
  // Full-width parentheses may stand in a scope, unless nothing else closes it.
  const std::size_t ascii = title.find_first_of(U"()", open + 1);
  if (ascii != std::u32string_view::npos && title[ascii] == ')') return ascii;
  return std::min(ascii, title.find(kFullwidthClose, open + 1));
}

std::u32string_view trim_white_space(std::u32string_view text) {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace trunkgate
