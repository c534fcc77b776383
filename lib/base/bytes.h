// Bytes that nobody changes and that several owners may share, in any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace trunkgate {

class Bytes {
 public:
  Bytes() = default;
  Bytes(std::shared_ptr<const char[]> bytes, std::size_t size)
      : bytes_(std::move(bytes)), size_(size) {}

  static Bytes copy_of(std::string_view text) {
    auto bytes = std::make_shared_for_overwrite<char[]>(text.size());
    std::copy(text.begin(), text.end(), bytes.get());
    return {std::move(bytes), text.size()};
  }

  std::size_t size() const { return size_; }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::shared_ptr<const char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace trunkgate
