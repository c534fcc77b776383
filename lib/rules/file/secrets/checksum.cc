#include "rules/file/secrets/checksum.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace trunkgate {
namespace {

constexpr std::size_t kDigits = 6;
constexpr std::string_view kAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// IEEE 802.3, bit by bit: thirty bytes need no table.
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t sum = 0xffffffffU;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1U) ^ (0xedb88320U & (0U - (sum & 1U)));
  }
  return ~sum;
}

}  // namespace

bool has_crc32_checksum(std::string_view body) {
  if (body.size() <= kDigits) return false;
  std::uint32_t sum = crc32(body.substr(0, body.size() - kDigits));
  std::array<char, kDigits> digits{};
  for (std::size_t i = kDigits; i-- > 0; sum /= 62U) digits[i] = kAlphabet[sum % 62U];
  return body.substr(body.size() - kDigits) == std::string_view(digits.data(), kDigits);
}

}  // namespace trunkgate
