// SHA-256, for policy digests, push ids, event ids and signatures of webhooks.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

// The 32 bytes of HMAC-SHA-256 (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace trunkgate
