// A SHA-1 object id as a value.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

class ObjectId {
 public:
  static constexpr std::size_t kSize = 20;  // bytes
  static constexpr std::size_t kHexSize = 40;

  ObjectId() = default;  // the zero id
  explicit ObjectId(const std::uint8_t* bytes) { std::memcpy(bytes_.data(), bytes, kSize); }

  // Exactly 40 hexadecimal digits, lower or upper case.
  static std::optional<ObjectId> parse(std::string_view hex);

  bool is_zero() const { return *this == ObjectId(); }
  std::string hex() const;
  // The first eight digits, for people.
  std::string brief() const { return hex().substr(0, 8); }
  const std::uint8_t* bytes() const { return bytes_.data(); }

  auto operator<=>(const ObjectId&) const = default;

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

// Ids are hashes already: their first bytes serve.
struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes(), sizeof value);
    return value;
  }
};

}  // namespace trunkgate

template <>
struct std::hash<trunkgate::ObjectId> : trunkgate::ObjectIdHash {};
