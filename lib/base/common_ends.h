// How many bytes two texts have in common at their beginnings and at their ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace trunkgate {

// At a machine word at a time: std::mismatch of libstdc++ 12 takes bytes.
inline std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t size = a.size() < b.size() ? a.size() : b.size();
  constexpr std::size_t kBlock = 256;
  std::size_t at = 0;
  while (size - at >= kBlock && std::memcmp(a.data() + at, b.data() + at, kBlock) == 0)
    at += kBlock;
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

inline std::size_t common_suffix(std::string_view a, std::string_view b) {
  const std::size_t size = a.size() < b.size() ? a.size() : b.size();
  constexpr std::size_t kBlock = 256;
  std::size_t common = 0;
  while (size - common >= kBlock &&
         std::memcmp(a.data() + a.size() - common - kBlock, b.data() + b.size() - common - kBlock,
                     kBlock) == 0) {
    common += kBlock;
  }
  while (common < size && a[a.size() - common - 1] == b[b.size() - common - 1]) ++common;
  return common;
}

}  // namespace trunkgate
