#include "git/delta.h"

#include <cstring>

namespace trunkgate {
namespace {

// Seven bits a byte, lowest first. Nothing when it does not end.
std::optional<std::uint64_t> take_size(std::string_view& bytes) {
  std::uint64_t size = 0;
  for (unsigned shift = 0; !bytes.empty() && shift < 63; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes[0]);
    bytes.remove_prefix(1);
    size |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return size;
  }
  return std::nullopt;
}

std::optional<DeltaSizes> take_sizes(std::string_view& delta) {
  const auto base = take_size(delta);
  const auto object = take_size(delta);
  if (!base || !object) return std::nullopt;
  return DeltaSizes{*base, *object};
}

// Four bytes of offset, three of size, each only when its bit is set.
bool take_copy(std::string_view& delta, std::uint8_t op, std::size_t& offset, std::size_t& size) {
  offset = size = 0;
  for (unsigned i = 0; i < 7; ++i) {
    if ((op & (1U << i)) == 0) continue;
    if (delta.empty()) return false;
    const std::size_t byte = static_cast<std::uint8_t>(delta[0]);
    delta.remove_prefix(1);
    if (i < 4) {
      offset |= byte << (8 * i);
    } else {
      size |= byte << (8 * (i - 4));
    }
  }
  if (size == 0) size = 0x10000;
  return true;
}

// Gathers the fresh parts of an object while it is put together from front to back.
class FreshParts {
 public:
  // With null, nothing is gathered.
  explicit FreshParts(std::vector<FreshPart>* parts) : parts_(parts) {
    if (parts_ != nullptr) parts_->clear();
  }

  // The base's bytes from `from` on come next, at `at`.
  void copied(std::size_t at, std::size_t from, std::size_t size) {
    if (parts_ != nullptr && from != follows_) {
      add(at, at);
      parts_->back().follows = from;
    }
    follows_ = from + size;
  }
  void inserted(std::size_t at, std::size_t size) {
    if (parts_ != nullptr) add(at, at + size);
    follows_ = kNowhere;
  }
  // The object and its base have so many bytes.
  void end(std::size_t at, std::size_t base) { copied(at, base, 0); }

 private:
  static constexpr std::size_t kNowhere = SIZE_MAX;

  void add(std::size_t begin, std::size_t end) {
    const bool apart = parts_->empty() || parts_->back().end != begin;
    if (apart && parts_->size() < kMaxFreshParts) return parts_->push_back({begin, end, 0});
    parts_->back().end = end;
  }

  std::vector<FreshPart>* parts_;
  std::size_t follows_ = 0;  // in the base: what would be no fresh part
};

}  // namespace

std::optional<DeltaSizes> delta_sizes(std::string_view delta) { return take_sizes(delta); }

bool apply_delta(std::string_view delta, std::string_view base, char* out,
                 std::vector<FreshPart>* fresh) {
  const auto sizes = take_sizes(delta);
  if (!sizes || sizes->base != base.size()) return false;
  FreshParts parts(fresh);
  const std::size_t size = sizes->object;
  std::size_t at = 0;
  while (!delta.empty()) {
    const auto op = static_cast<std::uint8_t>(delta[0]);
    delta.remove_prefix(1);
    std::string_view piece;
    if ((op & 0x80U) != 0) {
      std::size_t from = 0;
      std::size_t length = 0;
      if (!take_copy(delta, op, from, length)) return false;
      if (from > base.size() || length > base.size() - from) return false;
      piece = base.substr(from, length);
      parts.copied(at, from, length);
    } else {
      if (op == 0 || op > delta.size()) return false;
      piece = delta.substr(0, op);
      delta.remove_prefix(op);
      parts.inserted(at, op);
    }
    if (piece.size() > size - at) return false;
    std::memcpy(out + at, piece.data(), piece.size());
    at += piece.size();
  }
  parts.end(at, base.size());
  return at == size;
}

}  // namespace trunkgate
