// Code points: decoding text, general categories, and the names of the ones worth naming.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace trunkgate {

struct CodePointRange {
  char32_t first = 0;
  char32_t last = 0;
};

// Sorted, without overlap.
std::span<const CodePointRange> letter_ranges();
std::span<const CodePointRange> mark_ranges();
std::span<const CodePointRange> number_ranges();

// Invalid sequences become U+FFFD, one for each part that cannot be continued.
std::u32string decode_utf8(std::string_view bytes);

// A surrogate or a value above U+10FFFF is written as U+FFFD.
void append_utf8(std::string& out, char32_t c);
std::string encode_utf8(std::u32string_view text);

// The number of code points of valid UTF-8.
std::size_t count_code_points(std::string_view text);

bool is_letter(char32_t c);
bool is_mark(char32_t c);
bool is_number(char32_t c);

// Unicode's White_Space; U+FEFF is none.
bool is_white_space(char32_t c);

// A control character, or a line or paragraph separator, that text on a terminal must not hold:
// all of C0, DEL and C1 but TAB and LF. A CR counts, the caller knows which ones end a line.
bool is_forbidden_control(char32_t c);

// Reorders the text around it.
bool is_bidi_control(char32_t c);

// Takes no room on the screen and is neither a control, a bidi control nor a combining mark.
bool is_invisible(char32_t c);

// A pictograph or a part of an emoji sequence that is no letter, digit or punctuation mark.
bool is_emoji(char32_t c);

// The lower case of a letter of the Latin, Greek, Cyrillic and Armenian scripts; others unchanged.
char32_t to_lower(char32_t c);
std::u32string to_lower(std::u32string_view text);

// The ASCII character that `c` is mistaken for (full-width forms, Cyrillic and Greek letters);
// 0 when there is none.
char32_t ascii_look_alike(char32_t c);

// "U+FF1A FULLWIDTH COLON"; "U+4E2D" for one without a name here. Printable ASCII always.
std::string describe_code_point(char32_t c);

}  // namespace trunkgate
