#include "push/ber.h"

#include <cstddef>

namespace trunkgate {
namespace {

constexpr std::size_t kMaxLevels = 16;
constexpr std::size_t kMaxLengthBytes = 4;
constexpr std::uint8_t kUnknownLength = 0x80;
constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kLongTag = 0x1f;
constexpr std::string_view kEnd("\0\0", 2);  // of something of unknown length

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::optional<BerItem> take(std::string_view& bytes, std::size_t levels) {
  if (bytes.size() < 2) return std::nullopt;
  const std::uint8_t tag = byte_at(bytes, 0);
  if ((tag & kLongTag) == kLongTag) return std::nullopt;
  const std::uint8_t first = byte_at(bytes, 1);
  std::size_t start = 2;
  std::size_t length = first;
  if (first == kUnknownLength) {
    if ((tag & kConstructed) == 0 || levels == 0) return std::nullopt;
    std::string_view rest = bytes.substr(start);
    while (!rest.starts_with(kEnd)) {
      if (!take(rest, levels - 1)) return std::nullopt;
    }
    const BerItem item{tag, bytes.substr(start, bytes.size() - start - rest.size())};
    bytes = rest.substr(kEnd.size());
    return item;
  }
  if (first > kUnknownLength) {
    const std::size_t count = first & 0x7fU;
    if (count > kMaxLengthBytes || bytes.size() - start < count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8U | byte_at(bytes, start + i);
    start += count;
  }
  if (bytes.size() - start < length) return std::nullopt;
  const BerItem item{tag, bytes.substr(start, length)};
  bytes.remove_prefix(start + length);
  return item;
}

}  // namespace

std::optional<BerItem> take_ber(std::string_view& bytes) { return take(bytes, kMaxLevels); }

std::optional<std::string_view> take_ber(std::string_view& bytes, std::uint8_t tag) {
  if (bytes.empty() || byte_at(bytes, 0) != tag) return std::nullopt;
  const auto item = take_ber(bytes);
  if (!item) return std::nullopt;
  return item->content;
}

}  // namespace trunkgate
