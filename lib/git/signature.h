// Who made a commit or a tag, and when.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trunkgate {

struct Signature {
  std::string name;        // raw bytes
  std::string email;       // raw bytes
  std::int64_t time = 0;   // seconds since 1970
  int offset_minutes = 0;  // of the author's clock against UTC
};

// Reads "Name <email> 1700000000 +0100". The name may be empty; the brackets and the date must be
// there. Returns what is missing ("no date"), or nullptr.
const char* read_signature(std::string_view text, Signature& signature);

}  // namespace trunkgate
