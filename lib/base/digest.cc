#include "base/digest.h"

#include <mbedtls/sha256.h>

#include <array>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  if (mbedtls_sha256_ret(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                         digest.data(), 0) != 0) {
    throw Error(ErrorKind::internal, "SHA-256 failed");
  }
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace trunkgate
