// SHA-256 of a file that may be larger than memory.
#pragma once

#include <optional>
#include <string>

namespace trunkgate {

// 64 lower-case hexadecimal digits; nothing when there is no regular file. Throws Error(usage) when
// it cannot be read. Takes some six seconds for each GB.
std::optional<std::string> file_sha256(const std::string& path);

}  // namespace trunkgate
