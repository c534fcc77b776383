// Turns the bytes of a commit message into UTF-8, by the commit's encoding header.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

struct DecodedMessage {
  std::string text;  // valid UTF-8; what could not be decoded stands as U+FFFD
  // Why it could not be decoded, printable; empty when all is well.
  std::string problem;
  // Where in `text` the first undecodable part stands, in bytes.
  std::size_t problem_offset = 0;
};

// UTF-8, US-ASCII, ISO-8859-1, ISO-8859-15, windows-1252 and UTF-16 are decoded here; for any other
// encoding the program `iconv` is run. An empty encoding means UTF-8.
DecodedMessage decode_message(std::string_view bytes, std::string_view encoding);

}  // namespace trunkgate
