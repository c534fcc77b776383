#include "base/file_digest.h"

#include <mbedtls/sha256.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {

std::optional<std::string> file_sha256(const std::string& path) {
  std::error_code none;
  // A FIFO would be waited for.
  if (!std::filesystem::is_regular_file(path, none)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  mbedtls_sha256_context context;
  ::mbedtls_sha256_init(&context);
  bool good = file && ::mbedtls_sha256_starts_ret(&context, 0) == 0;
  std::vector<char> buffer(std::size_t{1} << 20U);
  while (good && file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    good = !file.bad() && ::mbedtls_sha256_update_ret(
                              &context, reinterpret_cast<const unsigned char*>(buffer.data()),
                              static_cast<std::size_t>(file.gcount())) == 0;
  }
  std::array<unsigned char, 32> digest{};
  good = good && ::mbedtls_sha256_finish_ret(&context, digest.data()) == 0;
  ::mbedtls_sha256_free(&context);
  if (!good) throw Error(ErrorKind::usage, "cannot read " + printable(path, 1000));
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace trunkgate
