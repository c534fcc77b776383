// Turns hostile bytes into text that is safe to print, and other small text work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// What stands at the front of some bytes. Of invalid UTF-8, `size` covers the part that cannot be
// continued (at least one byte) and `value` is U+FFFD.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  // bytes
  bool valid = false;
};

// One that does not start with an ASCII byte; for next_code_point().
CodePoint next_wide_code_point(std::string_view bytes);

// `bytes` must not be empty.
inline CodePoint next_code_point(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return {first, 1, true};
  return next_wide_code_point(bytes);
}

// How many ASCII bytes stand at the front: nearly all of most texts, and passed over eight at a
// time.
std::size_t ascii_prefix(std::string_view bytes);

// Printable form of any bytes, for terminals and logs: control characters and invalid UTF-8 become
// `\xNN`, invisible and bidirectional characters `<U+202E>`. At most `limit` code points are kept;
// a cut is marked with "..." (three ASCII dots).
std::string printable(std::string_view bytes, std::size_t limit = 200);

// True when printable() would give the bytes back unchanged (apart from length).
bool is_printable(std::string_view bytes);

// Valid UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

// The bytes with each invalid sequence replaced by U+FFFD.
std::string lossy_utf8(std::string_view bytes);

// Terminal columns of valid UTF-8 text (wide East Asian and emoji characters take two).
std::size_t columns(std::string_view text);

// Words wrapped to at most `width` columns a line; a word longer than that stands alone, uncut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// One POSIX shell word: 'it'\''s'. Plain words ([A-Za-z0-9_./:=@%+,-]) stay as they are.
std::string shell_quote(std::string_view word);

// "1 commit", "3 commits"; "1 branch", "2 branches".
std::string count_of(std::size_t n, std::string_view singular, std::string_view plural);

// "1 byte", "512 bytes", "10.0 KiB", "212.4 MiB".
std::string size_text(std::uint64_t bytes);
// "12.5 MiB; the limit is 10.0 MiB"; in bytes when both would read the same.
std::string size_above(std::uint64_t bytes, std::uint64_t limit);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);  // spaces, tabs, CR and LF at both ends
std::string ascii_lower(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// Lower-case hexadecimal of the bytes.
std::string hex(std::string_view bytes);
// The bytes of lower- or upper-case hexadecimal; nothing when `text` is no such thing.
std::optional<std::string> unhex(std::string_view text);

// RFC 4648 base64 with padding.
std::string base64(std::string_view bytes);
// The bytes of base64 with padding; nothing when `text` is no such thing.
std::optional<std::string> unbase64(std::string_view text);

}  // namespace trunkgate
