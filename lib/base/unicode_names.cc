// The names of code points that are mistaken for others, cannot be seen or must not be printed.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/unicode.h"

namespace trunkgate {
namespace {

struct NamedCodePoint {
  char32_t value;
  std::string_view name;
};

// Sorted by value.
constexpr NamedCodePoint kNames[] = {
    {0x00, "NULL"},
    {0x07, "BELL"},
    {0x08, "BACKSPACE"},
    {0x09, "TAB"},
    {0x0A, "LINE FEED"},
    {0x0B, "VERTICAL TAB"},
    {0x0C, "FORM FEED"},
    {0x0D, "CARRIAGE RETURN"},
    {0x1B, "ESCAPE"},
    {0x20, "SPACE"},
    {0x7F, "DELETE"},
    {0x85, "NEXT LINE"},
    {0xA0, "NO-BREAK SPACE"},
    {0xAD, "SOFT HYPHEN"},
    {0x2D0, "MODIFIER LETTER TRIANGULAR COLON"},
    {0x2F8, "MODIFIER LETTER RAISED COLON"},
    {0x34F, "COMBINING GRAPHEME JOINER"},
    {0x589, "ARMENIAN FULL STOP"},
    {0x5C3, "HEBREW PUNCTUATION SOF PASUQ"},
    {0x61C, "ARABIC LETTER MARK"},
    {0x703, "SYRIAC SUPRALINEAR COLON"},
    {0x704, "SYRIAC SUBLINEAR COLON"},
    {0x115F, "HANGUL CHOSEONG FILLER"},
    {0x1160, "HANGUL JUNGSEONG FILLER"},
    {0x1680, "OGHAM SPACE MARK"},
    {0x180E, "MONGOLIAN VOWEL SEPARATOR"},
    {0x2000, "EN QUAD"},
    {0x2001, "EM QUAD"},
    {0x2002, "EN SPACE"},
    {0x2003, "EM SPACE"},
    {0x2004, "THREE-PER-EM SPACE"},
    {0x2005, "FOUR-PER-EM SPACE"},
    {0x2006, "SIX-PER-EM SPACE"},
    {0x2007, "FIGURE SPACE"},
    {0x2008, "PUNCTUATION SPACE"},
    {0x2009, "THIN SPACE"},
    {0x200A, "HAIR SPACE"},
    {0x200B, "ZERO WIDTH SPACE"},
    {0x200C, "ZERO WIDTH NON-JOINER"},
    {0x200D, "ZERO WIDTH JOINER"},
    {0x200E, "LEFT-TO-RIGHT MARK"},
    {0x200F, "RIGHT-TO-LEFT MARK"},
    {0x2028, "LINE SEPARATOR"},
    {0x2029, "PARAGRAPH SEPARATOR"},
    {0x202A, "LEFT-TO-RIGHT EMBEDDING"},
    {0x202B, "RIGHT-TO-LEFT EMBEDDING"},
    {0x202C, "POP DIRECTIONAL FORMATTING"},
    {0x202D, "LEFT-TO-RIGHT OVERRIDE"},
    {0x202E, "RIGHT-TO-LEFT OVERRIDE"},
    {0x202F, "NARROW NO-BREAK SPACE"},
    {0x205A, "TWO DOT PUNCTUATION"},
    {0x205F, "MEDIUM MATHEMATICAL SPACE"},
    {0x2060, "WORD JOINER"},
    {0x2066, "LEFT-TO-RIGHT ISOLATE"},
    {0x2067, "RIGHT-TO-LEFT ISOLATE"},
    {0x2068, "FIRST STRONG ISOLATE"},
    {0x2069, "POP DIRECTIONAL ISOLATE"},
    {0x2236, "RATIO"},
    {0x2982, "Z NOTATION TYPE COLON"},
    {0x3000, "IDEOGRAPHIC SPACE"},
    {0x3164, "HANGUL FILLER"},
    {0xA789, "MODIFIER LETTER COLON"},
    {0xFE13, "PRESENTATION FORM FOR VERTICAL COLON"},
    {0xFE30, "PRESENTATION FORM FOR VERTICAL TWO DOT LEADER"},
    {0xFE55, "SMALL COLON"},
    {0xFEFF, "BYTE ORDER MARK"},
    {0xFF01, "FULLWIDTH EXCLAMATION MARK"},
    {0xFF08, "FULLWIDTH LEFT PARENTHESIS"},
    {0xFF09, "FULLWIDTH RIGHT PARENTHESIS"},
    {0xFF1A, "FULLWIDTH COLON"},
    {0xFFA0, "HALFWIDTH HANGUL FILLER"},
    {0xFFFD, "REPLACEMENT CHARACTER"},
};

struct LookAlike {
  char32_t value;
  char ascii;
};

// Sorted by value. Letters only; full-width forms are computed.
constexpr LookAlike kLookAlikes[] = {
    {0x131, 'i'}, {0x251, 'a'}, {0x261, 'g'}, {0x3B1, 'a'}, {0x3B9, 'i'}, {0x3BD, 'v'},
    {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3C5, 'u'}, {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'},
    {0x41A, 'K'}, {0x41C, 'M'}, {0x41D, 'H'}, {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'},
    {0x422, 'T'}, {0x425, 'X'}, {0x430, 'a'}, {0x435, 'e'}, {0x43A, 'k'}, {0x43C, 'm'},
    {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'},
    {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x4BB, 'h'}, {0x501, 'd'}, {0x51B, 'q'},
    {0x51D, 'w'},
};

std::string_view script_of(char32_t c) {
  if (c >= 0x370 && c <= 0x3FF) return " (a Greek letter)";
  if (c >= 0x400 && c <= 0x52F) return " (a Cyrillic letter)";
  if (c >= 0xFF01 && c <= 0xFF5E) return " (a full-width form)";
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return " (a control character)";
  if (c >= 0xE0000 && c <= 0xE0FFF) return " (an invisible tag or variation selector)";
  return {};
}

}  // namespace

char32_t ascii_look_alike(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + 0x21;
  const auto* found =
      std::lower_bound(std::begin(kLookAlikes), std::end(kLookAlikes), c,
                       [](const LookAlike& entry, char32_t value) { return entry.value < value; });
  if (found == std::end(kLookAlikes) || found->value != c) return 0;
  return static_cast<char32_t>(found->ascii);
}

std::string describe_code_point(char32_t c) {
  const auto* found = std::lower_bound(
      std::begin(kNames), std::end(kNames), c,
      [](const NamedCodePoint& entry, char32_t value) { return entry.value < value; });
  const auto number = static_cast<unsigned long>(c);
  if (found != std::end(kNames) && found->value == c) {
    return fmt::format("U+{:04X} {}", number, found->name);
  }
  if (c > 0x20 && c < 0x7F) return fmt::format("'{}'", static_cast<char>(c));
  return fmt::format("U+{:04X}{}", number, script_of(c));
}

}  // namespace trunkgate
