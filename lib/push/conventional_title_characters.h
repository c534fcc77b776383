// The characters of a title's prefix, and the ones that are mistaken for them.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/unicode.h"

namespace trunkgate {

constexpr char32_t kFullwidthColon = 0xFF1A;
constexpr char32_t kFullwidthBang = 0xFF01;
constexpr char32_t kFullwidthOpen = 0xFF08;
constexpr char32_t kFullwidthClose = 0xFF09;
constexpr char32_t kByteOrderMark = 0xFEFF;

// A character that looks like ':' and is none; U+FF1A is one of them.
bool is_colon_look_alike(char32_t c);

// These take the ASCII character and its look-alikes.
inline bool is_colon(char32_t c) { return c == ':' || is_colon_look_alike(c); }
inline bool is_bang(char32_t c) { return c == '!' || c == kFullwidthBang; }
inline bool is_open(char32_t c) { return c == '(' || c == kFullwidthOpen; }
inline bool is_close(char32_t c) { return c == ')' || c == kFullwidthClose; }

inline bool is_blank(char32_t c) { return is_white_space(c) || c == kByteOrderMark; }

// The end of a title's first word.
inline bool ends_word(char32_t c) {
  return is_white_space(c) || is_colon(c) || is_bang(c) || is_open(c);
}

inline bool is_type_character(char32_t c) {
  return c == '-' || c == '_' || is_letter(c) || is_mark(c) || is_number(c);
}

// The parenthesis that ends the scope which starts at `open`, or the one that must not be in it;
// npos without either.
std::size_t find_scope_end(std::u32string_view title, std::size_t open);

std::u32string_view trim_white_space(std::u32string_view text);

}  // namespace trunkgate
