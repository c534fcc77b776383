#include "git/delta.h"

#include <algorithm>
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

// Where the object is put together.
class Output {
 public:
  Output(char* out, const StandingVersion& standing) : out_(out), standing_(standing) {
    if (standing_.moved != nullptr) standing_.moved->clear();
  }

  void copy(std::size_t at, std::string_view base, std::size_t from, std::size_t size) {
    if (from != at) return write(at, base.substr(from, size));
    if (standing_.stale == nullptr) {
      std::memcpy(out_ + at, base.data() + at, size);
      return;
    }
    const std::vector<Extent>& stale = *standing_.stale;
    for (; next_ < stale.size() && stale[next_].begin < at + size; ++next_) {
      const std::size_t begin = std::max(stale[next_].begin, at);
      const std::size_t end = std::min(stale[next_].end, at + size);
      if (begin < end) std::memcpy(out_ + begin, base.data() + begin, end - begin);
      if (stale[next_].end > at + size) return;
    }
  }

  // What the base does not have here.
  void write(std::size_t at, std::string_view piece) {
    std::memcpy(out_ + at, piece.data(), piece.size());
    if (standing_.moved == nullptr) return;
    constexpr std::size_t kMaxExtents = 1000;  // then the last one takes in all that follows
    std::vector<Extent>& moved = *standing_.moved;
    if (moved.size() < kMaxExtents && (moved.empty() || moved.back().end != at)) {
      moved.push_back({at, at});
    }
    moved.back().end = at + piece.size();
  }

 private:
  char* out_;
  const StandingVersion& standing_;
  std::size_t next_ = 0;  // of standing_.stale: the first that does not end before the next piece
};

}  // namespace

std::optional<DeltaSizes> delta_sizes(std::string_view delta) { return take_sizes(delta); }

bool apply_delta(std::string_view delta, std::string_view base, char* out,
                 std::vector<FreshPart>* fresh, const StandingVersion& standing) {
  const auto sizes = take_sizes(delta);
  if (!sizes || sizes->base != base.size()) return false;
  FreshParts parts(fresh);
  Output output(out, standing);
  const std::size_t size = sizes->object;
  std::size_t at = 0;
  while (!delta.empty()) {
    const auto op = static_cast<std::uint8_t>(delta[0]);
    delta.remove_prefix(1);
    std::size_t length = op;
    if ((op & 0x80U) != 0) {
      std::size_t from = 0;
      if (!take_copy(delta, op, from, length)) return false;
      if (from > base.size() || length > base.size() - from) return false;
      if (length > size - at) return false;
      output.copy(at, base, from, length);
      parts.copied(at, from, length);
    } else {
      if (op == 0 || op > delta.size()) return false;
      if (length > size - at) return false;
      output.write(at, delta.substr(0, op));
      delta.remove_prefix(op);
      parts.inserted(at, op);
    }
    at += length;
  }
  parts.end(at, base.size());
  return at == size;
}

}  // namespace trunkgate
