// SHA-256, for policy digests, push ids and event ids.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace trunkgate
