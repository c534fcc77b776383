// One pass over all code points of a message, with their places.
#include "push/conventional_characters.h"

#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

constexpr char32_t kJoiner = 0x200D;
constexpr char32_t kNonJoiner = 0x200C;
constexpr char32_t kBlackFlag = 0x1F3F4;

bool is_tag(char32_t c) { return c >= 0xE0020 && c <= 0xE007F; }
bool is_variation_selector(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

bool shapes_text(char32_t c) {
  return c >= 0x80 && !is_white_space(c) && !is_bidi_control(c) &&
         (is_letter(c) || is_mark(c) || is_emoji(c)) && c != kJoiner;
}

// The character does what it is for: it joins or selects the form of its neighbours.
bool has_purpose(char32_t before, char32_t c, char32_t after) {
  if (c == kJoiner || c == kNonJoiner) return shapes_text(before) && shapes_text(after);
  if (is_variation_selector(c)) return before > 0x20 && !is_invisible(before);
  if (is_tag(c)) return before == kBlackFlag || is_tag(before);
  return false;
}

char32_t first_of(std::string_view text) {
  return text.empty() ? char32_t{0} : next_code_point(text).value;
}

// How many bytes at the front are ASCII that nothing can be wrong with.
std::size_t plain_run(std::string_view text) {
  std::size_t run = 0;
  while (run < text.size() && text[run] >= ' ' && text[run] <= '~') ++run;
  return run;
}

}  // namespace

bool check_characters(std::string_view text, ProblemList& problems) {
  bool has_nul = false;
  MessagePlace place;
  char32_t before = 0;
  while (!text.empty()) {
    if (const std::size_t run = plain_run(text); run > 0) {
      before = static_cast<unsigned char>(text[run - 1]);
      place.column += run;
      text.remove_prefix(run);
      continue;
    }
    const CodePoint next = next_code_point(text);
    const char32_t c = next.value;
    text.remove_prefix(next.size);
    if (c == '\n') {
      ++place.line;
      place.column = 1;
      before = 0;
      continue;
    }
    if (c == 0) {
      has_nul = true;
      problems.reject("nul-byte", place,
                      "a NUL byte hides what follows it; remove it and all after it");
    } else if (is_forbidden_control(c)) {
      if (c != '\r' || text.empty() || text.front() != '\n') {
        problems.reject("control-character", place,
                        describe_code_point(c) + " is not allowed in a message; remove it");
      }
    } else if (is_bidi_control(c)) {
      problems.reject("bidi-control", place,
                      describe_code_point(c) + " changes the order of the text; remove it");
    } else if (is_invisible(c) && !has_purpose(before, c, first_of(text))) {
      problems.warn("invisible-character", place,
                    describe_code_point(c) + " cannot be seen; remove it");
    }
    before = c;
    ++place.column;
  }
  return has_nul;
}

}  // namespace trunkgate
