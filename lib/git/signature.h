// Who made a commit or a tag, and when; and where the header ends in which that stands.
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

// Reads "Name <email> 1700000000 +0100", in no other form than Git writes it: whatever fsck_ident()
// of Git calls an error is a mistake here. The name may be empty, with a space behind it. Returns
// what is wrong, to stand behind "has" ("no date"), or nullptr.
const char* read_signature(std::string_view text, Signature& signature);

// The bytes of a commit or a tag up to the empty line before its message.
std::string_view header_of(std::string_view raw);

}  // namespace trunkgate
