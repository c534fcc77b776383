#include "base/confusable.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

struct LookAlike {
  char32_t value;
  char ascii;
};

// Sorted by value; what ascii_look_alike() does not know because it serves messages, where a guess
// would be wrong. Accented letters are no look-alikes: they are other letters to their readers.
constexpr LookAlike kMore[] = {
    {0x17F, 's'},  {0x269, 'i'},  {0x26A, 'i'},  {0x299, 'b'},  {0x29C, 'h'},  {0x391, 'a'},
    {0x392, 'b'},  {0x395, 'e'},  {0x396, 'z'},  {0x397, 'h'},  {0x399, 'i'},  {0x39A, 'k'},
    {0x39C, 'm'},  {0x39D, 'n'},  {0x39F, 'o'},  {0x3A1, 'p'},  {0x3A4, 't'},  {0x3A5, 'y'},
    {0x3A7, 'x'},  {0x3BA, 'k'},  {0x3C4, 't'},  {0x3C7, 'x'},  {0x3C9, 'w'},  {0x3F2, 'c'},
    {0x3F3, 'j'},  {0x405, 's'},  {0x406, 'i'},  {0x408, 'j'},  {0x423, 'y'},  {0x432, 'b'},
    {0x433, 'r'},  {0x437, '3'},  {0x43D, 'h'},  {0x43F, 'n'},  {0x44C, 'b'},  {0x475, 'v'},
    {0x4AF, 'y'},  {0x4C0, 'l'},  {0x4CF, 'l'},  {0x50C, 'g'},  {0x50D, 'g'},  {0x555, 'o'},
    {0x56B, 'h'},  {0x578, 'n'},  {0x57D, 'u'},  {0x585, 'o'},  {0x2010, '-'}, {0x2011, '-'},
    {0x2012, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2015, '-'}, {0x2044, '/'}, {0x2212, '-'},
    {0x2215, '/'},
};

char32_t latin(char32_t c) {
  if (c < 0x80) return c;
  if (const char32_t ascii = ascii_look_alike(c); ascii != 0) return ascii;
  const auto* found =
      std::lower_bound(std::begin(kMore), std::end(kMore), c,
                       [](const LookAlike& entry, char32_t value) { return entry.value < value; });
  if (found != std::end(kMore) && found->value == c) return static_cast<char32_t>(found->ascii);
  return c;
}

char32_t folded(char32_t c) {
  c = latin(c);
  // Before the case is folded: I is a stroke, i is not one; L is none, l is.
  if (c == 'I' || c == '1' || c == '|') return 'l';
  if (c == '0') return 'o';
  return latin(to_lower(c));
}

void replace_all(std::string& text, std::string_view from, char to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    text.replace(at, from.size(), 1, to);
  }
}

}  // namespace

std::string skeleton(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const CodePoint point = next_code_point(name);
    if (!point.valid) {
      text.append(name.substr(0, point.size));
    } else if (!is_invisible(point.value) && !is_bidi_control(point.value)) {
      append_utf8(text, folded(point.value));
    }
    name.remove_prefix(point.size);
  }
  // "I" and "i" differ in case only, and so must have one skeleton as well.
  std::replace(text.begin(), text.end(), 'i', 'l');
  replace_all(text, "rn", 'm');
  replace_all(text, "vv", 'w');
  return text;
}

}  // namespace trunkgate
