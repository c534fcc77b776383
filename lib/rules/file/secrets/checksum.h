// The checksum at the end of tokens of GitHub and npm.
#pragma once

#include <string_view>

namespace trunkgate {

// `body` is a token without its prefix: random characters and six more, which are the CRC-32 of
// them in base 62 (digits, upper case, lower case).
bool has_crc32_checksum(std::string_view body);

}  // namespace trunkgate
