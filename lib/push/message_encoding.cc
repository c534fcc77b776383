// Decoders for the encodings that need no tables to speak of, and iconv for the others.
#include "push/message_encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/child_process.h"
#include "base/text.h"
#include "base/unicode.h"

namespace trunkgate {
namespace {

enum class Charset {
  utf8,
  ascii,
  latin1,
  latin9,
  windows1252,
  utf16,
  utf16_big,
  utf16_little,
  other,
};

struct CharsetName {
  std::string_view name;  // lower case, without '-', '_' and ' '
  Charset charset;
};

constexpr CharsetName kCharsetNames[] = {
    {"utf8", Charset::utf8},
    {"usascii", Charset::ascii},
    {"ascii", Charset::ascii},
    {"ansix3.41968", Charset::ascii},
    {"iso646us", Charset::ascii},
    {"iso88591", Charset::latin1},
    {"latin1", Charset::latin1},
    {"l1", Charset::latin1},
    {"iso885915", Charset::latin9},
    {"latin9", Charset::latin9},
    {"windows1252", Charset::windows1252},
    {"cp1252", Charset::windows1252},
    {"utf16", Charset::utf16},
    {"utf16be", Charset::utf16_big},
    {"utf16le", Charset::utf16_little},
};

Charset charset_of(std::string_view encoding) {
  if (encoding.empty()) return Charset::utf8;
  std::string folded;
  for (const char c : ascii_lower(encoding)) {
    if (c != '-' && c != '_' && c != ' ') folded += c;
  }
  for (const CharsetName& known : kCharsetNames) {
    if (known.name == folded) return known.charset;
  }
  return Charset::other;
}

constexpr char32_t kUndecodable = 0x110000;

// Collects code points and remembers the first that could not be decoded.
class Output {
 public:
  explicit Output(std::size_t expected) { message_.text.reserve(expected); }

  void add(char32_t c) {
    if (c == kUndecodable) {
      if (!failed_) message_.problem_offset = message_.text.size();
      failed_ = true;
      c = 0xFFFD;
    }
    append_utf8(message_.text, c);
  }

  DecodedMessage finish(std::string_view problem) {
    if (failed_) message_.problem = problem;
    return std::move(message_);
  }

 private:
  DecodedMessage message_;
  bool failed_ = false;
};

DecodedMessage decode_utf8_message(std::string_view bytes, std::string_view problem) {
  if (is_utf8(bytes)) return {std::string(bytes), {}, 0};
  Output out(bytes.size());
  while (!bytes.empty()) {
    const CodePoint next = next_code_point(bytes);
    out.add(next.valid ? next.value : kUndecodable);
    bytes.remove_prefix(next.size);
  }
  return out.finish(problem);
}

// The upper half's first two columns in windows-1252; 0 where nothing is assigned.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t from_windows1252(unsigned char byte) {
  if (byte < 0x80 || byte > 0x9F) return byte;
  const std::uint16_t value = kWindows1252[byte - 0x80U];
  return value == 0 ? kUndecodable : value;
}

char32_t from_latin9(unsigned char byte) {
  switch (byte) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x160;
    case 0xA8:
      return 0x161;
    case 0xB4:
      return 0x17D;
    case 0xB8:
      return 0x17E;
    case 0xBC:
      return 0x152;
    case 0xBD:
      return 0x153;
    case 0xBE:
      return 0x178;
    default:
      return byte;
  }
}

char32_t from_ascii(unsigned char byte) { return byte < 0x80 ? char32_t{byte} : kUndecodable; }
char32_t from_latin1(unsigned char byte) { return byte; }

DecodedMessage decode_single_bytes(std::string_view bytes, char32_t (*decode)(unsigned char),
                                   std::string_view problem) {
  Output out(bytes.size());
  for (const char c : bytes) out.add(decode(static_cast<unsigned char>(c)));
  return out.finish(problem);
}

class Utf16Reader {
 public:
  Utf16Reader(std::string_view bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  bool more() const { return at_ < bytes_.size(); }

  char32_t next() {
    if (at_ + 1 == bytes_.size()) {
      ++at_;
      return kUndecodable;
    }
    const char32_t unit = unit_at(at_);
    at_ += 2;
    if (unit < 0xD800 || unit > 0xDFFF) return unit;
    if (unit > 0xDBFF || at_ + 1 >= bytes_.size()) return kUndecodable;
    const char32_t low = unit_at(at_);
    if (low < 0xDC00 || low > 0xDFFF) return kUndecodable;
    at_ += 2;
    return 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
  }

 private:
  char32_t unit_at(std::size_t at) const {
    const auto first = static_cast<unsigned char>(bytes_[at]);
    const auto second = static_cast<unsigned char>(bytes_[at + 1]);
    return big_endian_ ? char32_t{first} << 8U | second : char32_t{second} << 8U | first;
  }

  std::string_view bytes_;
  bool big_endian_;
  std::size_t at_ = 0;
};

// Without a byte order mark, the zero bytes of the ASCII part tell; else big endian.
bool looks_little_endian(std::string_view bytes) {
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') ++zeros[i % 2];
  }
  return zeros[1] > zeros[0];
}

DecodedMessage decode_utf16(std::string_view bytes, Charset charset, std::string_view problem) {
  bool big_endian = charset == Charset::utf16_big;
  if (charset == Charset::utf16) {
    const std::string_view mark = bytes.substr(0, 2);
    const bool marked = mark == "\xFE\xFF" || mark == "\xFF\xFE";
    big_endian = marked ? mark == "\xFE\xFF" : !looks_little_endian(bytes);
    if (marked) bytes.remove_prefix(2);
  }
  Output out(bytes.size());
  Utf16Reader reader(bytes, big_endian);
  while (reader.more()) out.add(reader.next());
  return out.finish(problem);
}

bool is_safe_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:+-").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 40 && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), plain);
}

DecodedMessage undecoded(std::string_view bytes, std::string problem) {
  return {lossy_utf8(bytes), std::move(problem), 0};
}

DecodedMessage decode_by_iconv(std::string_view bytes, std::string_view encoding) {
  if (!is_safe_name(encoding)) {
    return undecoded(bytes, "the commit's encoding header names no known encoding");
  }
  const std::string name(encoding);
  ChildRequest request;
  request.argv = {"/usr/bin/iconv", "-f", name, "-t", "UTF-8"};
  request.environment = {"LC_ALL=C", "PATH=/usr/bin:/bin"};
  request.working_directory = "/";
  request.input = bytes;
  request.output_limit = bytes.size() * 4 + 1024;
  const ChildResult result = run_child(request);
  if (!result.started) {
    return undecoded(bytes, "the encoding '" + name + "' needs iconv, which cannot be run here");
  }
  if (!result.succeeded() || !is_utf8(result.output)) {
    return undecoded(bytes, "the message cannot be decoded as '" + name +
                                "'; store it as UTF-8 and drop the encoding header");
  }
  return {result.output, {}, 0};
}

}  // namespace

DecodedMessage decode_message(std::string_view bytes, std::string_view encoding) {
  switch (const Charset charset = charset_of(encoding)) {
    case Charset::utf8:
      return decode_utf8_message(bytes, "these bytes are not valid UTF-8; re-encode the message");
    case Charset::ascii:
      return decode_single_bytes(bytes, from_ascii, "a byte above 0x7F is not US-ASCII");
    case Charset::latin1:
      return decode_single_bytes(bytes, from_latin1, {});
    case Charset::latin9:
      return decode_single_bytes(bytes, from_latin9, {});
    case Charset::windows1252:
      return decode_single_bytes(bytes, from_windows1252, "a byte has no meaning in windows-1252");
    case Charset::utf16:
    case Charset::utf16_big:
    case Charset::utf16_little:
      return decode_utf16(bytes, charset, "these bytes are not valid UTF-16");
    case Charset::other:
      break;
  }
  return decode_by_iconv(bytes, encoding);
}

}  // namespace trunkgate
