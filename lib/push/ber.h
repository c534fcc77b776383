// Takes ASN.1 in BER or DER apart, as certificates and signatures of X.509 are written (X.690).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trunkgate {

struct BerItem {
  std::uint8_t tag = 0;  // class, constructed or not, and number in one byte: 0x30 is a SEQUENCE
  std::string_view content;  // of the bytes it was taken from
};

inline constexpr std::uint8_t kBerInteger = 0x02;
inline constexpr std::uint8_t kBerOctets = 0x04;
inline constexpr std::uint8_t kBerObjectId = 0x06;
inline constexpr std::uint8_t kBerIa5Text = 0x16;
inline constexpr std::uint8_t kBerSequence = 0x30;
inline constexpr std::uint8_t kBerSet = 0x31;

// What stands at the front of `bytes`, which loses it; nothing, and `bytes` as it was, when there
// is no whole item. Tags of several bytes and more than 16 levels of unknown length are refused.
std::optional<BerItem> take_ber(std::string_view& bytes);

// The same when it has this tag.
std::optional<std::string_view> take_ber(std::string_view& bytes, std::uint8_t tag);

}  // namespace trunkgate
