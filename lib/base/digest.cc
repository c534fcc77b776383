#include "base/digest.h"

#include <mbedtls/md.h>
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

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string digest(32, '\0');
  if (mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256),
                      reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      reinterpret_cast<unsigned char*>(digest.data())) != 0) {
    throw Error(ErrorKind::internal, "HMAC-SHA-256 failed");
  }
  return digest;
}

}  // namespace trunkgate
