#include "git/object_id.h"

namespace trunkgate {
namespace {

// The value of each hexadecimal digit, -1 for every other byte: ids are most of what a walk parses.
constexpr std::array<std::int8_t, 256> kDigitValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  std::int8_t value = 0;
  for (const unsigned char digit : {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}) {
    values[digit] = value++;
  }
  for (std::size_t i = 0; i < 6; ++i, ++value) {
    values['a' + i] = value;
    values['A' + i] = value;
  }
  return values;
}();

int digit(char c) { return kDigitValues[static_cast<unsigned char>(c)]; }

}  // namespace

std::optional<ObjectId> ObjectId::parse(std::string_view hex) {
  if (hex.size() != kHexSize) return std::nullopt;
  ObjectId id;
  for (std::size_t i = 0; i < kSize; ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

std::string ObjectId::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(kHexSize);
  for (const std::uint8_t byte : bytes_) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace trunkgate
