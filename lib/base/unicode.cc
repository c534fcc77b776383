// Code points: decoding, encoding, categories by table and by range, case.
#include "base/unicode.h"

#include <algorithm>

#include "base/text.h"

namespace trunkgate {
namespace {

bool contains(std::span<const CodePointRange> ranges, char32_t c) {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), c,
      [](char32_t value, const CodePointRange& range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

bool is_between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Upper and lower case alternate: even code points are the upper ones.
bool alternates_from_even(char32_t c) {
  return is_between(c, 0x100, 0x137) || is_between(c, 0x14A, 0x177) ||
         is_between(c, 0x1E00, 0x1E95) || is_between(c, 0x1EA0, 0x1EFF) ||
         is_between(c, 0x460, 0x481) || is_between(c, 0x48A, 0x4BF) || is_between(c, 0x4D0, 0x52F);
}

// The same with odd code points as the upper ones.
bool alternates_from_odd(char32_t c) {
  return is_between(c, 0x139, 0x148) || is_between(c, 0x179, 0x17E) || is_between(c, 0x4C1, 0x4CE);
}

constexpr CodePointRange kInvisible[] = {
    {0xAD, 0xAD},     {0x34F, 0x34F},     {0x115F, 0x1160},   {0x17B4, 0x17B5},
    {0x180B, 0x180F}, {0x200B, 0x200D},   {0x2060, 0x2065},   {0x206A, 0x206F},
    {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF9, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

constexpr CodePointRange kEmoji[] = {
    {0x200D, 0x200D},   {0x203C, 0x203C},   {0x2049, 0x2049},   {0x20E3, 0x20E3},
    {0x2139, 0x2139},   {0x2190, 0x21FF},   {0x2300, 0x23FF},   {0x25A0, 0x27BF},
    {0x2934, 0x2935},   {0x2B00, 0x2BFF},   {0x3030, 0x3030},   {0x303D, 0x303D},
    {0x3297, 0x3297},   {0x3299, 0x3299},   {0xFE0E, 0xFE0F},   {0x1F000, 0x1F0FF},
    {0x1F170, 0x1F251}, {0x1F260, 0x1FAFF}, {0xE0020, 0xE007F},
};

}  // namespace

std::u32string decode_utf8(std::string_view bytes) {
  std::u32string out;
  out.reserve(bytes.size());
  while (true) {
    const std::string_view plain = bytes.substr(0, ascii_prefix(bytes));
    out.append(plain.begin(), plain.end());
    bytes.remove_prefix(plain.size());
    if (bytes.empty()) break;
    const CodePoint next = next_wide_code_point(bytes);
    out += next.value;
    bytes.remove_prefix(next.size);
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || is_between(c, 0xD800, 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  if (c < 0x800) {
    out += static_cast<char>(0xC0U | c >> 6U);
  } else {
    if (c < 0x10000) {
      out += static_cast<char>(0xE0U | c >> 12U);
    } else {
      out += static_cast<char>(0xF0U | c >> 18U);
      out += static_cast<char>(0x80U | (c >> 12U & 0x3FU));
    }
    out += static_cast<char>(0x80U | (c >> 6U & 0x3FU));
  }
  out += static_cast<char>(0x80U | (c & 0x3FU));
}

std::string encode_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_letter(char32_t c) {
  if (c < 0x80) return is_between(c, 'a', 'z') || is_between(c, 'A', 'Z');
  return contains(letter_ranges(), c);
}

bool is_mark(char32_t c) { return c >= 0x300 && contains(mark_ranges(), c); }

bool is_number(char32_t c) {
  if (c < 0x80) return is_between(c, '0', '9');
  return contains(number_ranges(), c);
}

bool is_white_space(char32_t c) {
  if (c < 0x80) return c == ' ' || is_between(c, 0x9, 0xD);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || is_between(c, 0x2000, 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_forbidden_control(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n';
  return is_between(c, 0x7F, 0x9F) || c == 0x2028 || c == 0x2029;
}

bool is_bidi_control(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || is_between(c, 0x202A, 0x202E) ||
         is_between(c, 0x2066, 0x2069);
}

bool is_invisible(char32_t c) { return c >= 0xAD && contains(kInvisible, c); }

bool is_emoji(char32_t c) { return c >= 0x2000 && contains(kEmoji, c); }

char32_t to_lower(char32_t c) {
  if (is_between(c, 'A', 'Z')) return c + 0x20;
  if (c < 0xC0) return c;
  if (is_between(c, 0xC0, 0xDE)) return c == 0xD7 ? c : c + 0x20;
  if (alternates_from_even(c)) return c == 0x130 ? U'i' : c | 1U;
  if (alternates_from_odd(c)) return c % 2 == 1 ? c + 1 : c;
  if (c == 0x178) return 0xFF;
  if (c == 0x386) return 0x3AC;
  if (is_between(c, 0x388, 0x38A)) return c + 0x25;
  if (c == 0x38C) return 0x3CC;
  if (is_between(c, 0x38E, 0x38F)) return c + 0x3F;
  if (is_between(c, 0x391, 0x3AB)) return c == 0x3A2 ? c : c + 0x20;
  if (is_between(c, 0x400, 0x40F)) return c + 0x50;
  if (is_between(c, 0x410, 0x42F)) return c + 0x20;
  if (c == 0x4C0) return 0x4CF;
  if (is_between(c, 0x531, 0x556)) return c + 0x30;
  if (is_between(c, 0xFF21, 0xFF3A)) return c + 0x20;
  return c;
}

std::u32string to_lower(std::u32string_view text) {
  std::u32string out(text);
  for (char32_t& c : out) c = to_lower(c);
  return out;
}

}  // namespace trunkgate
