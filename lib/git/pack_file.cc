#include "git/pack_file.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/error.h"

namespace trunkgate {
namespace {

constexpr std::size_t kFanout = 256;
constexpr std::size_t kIndexHeader = 8;
constexpr std::size_t kIds = kIndexHeader + kFanout * 4;
constexpr std::size_t kPackHeader = 12;
constexpr std::size_t kTrailer = ObjectId::kSize;  // the checksum at the end of a pack
// Git allows 4095 with pack.depth; a longer chain is no pack of its making.
constexpr std::size_t kMaxChain = 10'000;
constexpr std::size_t kSlots = 1021;  // prime: offsets have patterns
constexpr std::size_t kKeptBytes = std::size_t{16} << 20U;
constexpr std::size_t kLargestKept = std::size_t{1} << 20U;
// Largest object that another one may be based on, whatever the limit on that one is.
constexpr std::size_t kLargestBase = std::size_t{64} << 20U;

std::uint32_t big_endian(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U |
         std::uint32_t{at[3]};
}

// The size at the front of a delta, seven bits a byte, lowest first. Nothing when it does not end.
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

// Nothing when it has none.
std::optional<std::uint64_t> result_size(std::string_view delta) {
  take_size(delta);
  return take_size(delta);
}

// Nothing when the delta does not fit the base or itself.
std::optional<Bytes> apply(std::string_view delta, std::string_view base) {
  const auto base_size = take_size(delta);
  const auto size = take_size(delta);
  if (!base_size || !size || *base_size != base.size()) return std::nullopt;
  auto result = std::make_shared_for_overwrite<char[]>(*size);
  char* out = result.get();
  std::size_t left = *size;
  while (!delta.empty()) {
    const auto op = static_cast<std::uint8_t>(delta[0]);
    delta.remove_prefix(1);
    std::string_view piece;
    if ((op & 0x80U) != 0) {
      std::size_t from = 0;
      std::size_t length = 0;
      if (!take_copy(delta, op, from, length)) return std::nullopt;
      if (from > base.size() || length > base.size() - from) return std::nullopt;
      piece = base.substr(from, length);
    } else {
      if (op == 0 || op > delta.size()) return std::nullopt;
      piece = delta.substr(0, op);
      delta.remove_prefix(op);
    }
    if (piece.size() > left) return std::nullopt;
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
    left -= piece.size();
  }
  if (left != 0) return std::nullopt;
  return Bytes(std::move(result), *size);
}

ObjectType type_of(unsigned number) {
  switch (number) {
    case 1:
      return ObjectType::commit;
    case 2:
      return ObjectType::tree;
    case 3:
      return ObjectType::blob;
    case 4:
      return ObjectType::tag;
    default:
      return ObjectType::missing;
  }
}

// Whether the entry's bytes begin as zlib does (RFC 1950): deflate, no dictionary. The checksum at
// the end is left alone, as index-pack has just computed more than that.
void check_stream(const PackFile& pack, const PackFile::Entry& entry) {
  const std::string_view in = entry.deflated;
  if (in.size() <= 2 || (in[0] & 0x0f) != 8 || (in[1] & 0x20) != 0) {
    pack.damaged("an object is not deflated");
  }
  // Deflate makes at most 1032 bytes of one; a size beyond that is made up and must not be
  // allocated.
  constexpr std::uint64_t kMaxRatio = 1040;
  if (entry.size / kMaxRatio > in.size()) pack.damaged("an object's size is too large");
}

constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kIdDelta = 7;

}  // namespace

class PackFile::Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    const bool open = fd >= 0 && ::fstat(fd, &status) == 0 && status.st_size > 0;
    if (open) {
      size_ = static_cast<std::size_t>(status.st_size);
      bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    const int error = errno;
    if (fd >= 0) ::close(fd);
    if (!open || bytes_ == MAP_FAILED) {
      bytes_ = MAP_FAILED;
      throw Error(ErrorKind::repository,
                  "cannot read " + path + ": " + (open ? std::strerror(error) : "no such pack"));
    }
  }
  ~Mapping() { ::munmap(bytes_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  const std::uint8_t* at(std::size_t offset) const {
    return static_cast<const std::uint8_t*>(bytes_) + offset;
  }
  std::size_t size() const { return size_; }

 private:
  void* bytes_ = MAP_FAILED;
  std::size_t size_ = 0;
};

PackFile::PackFile(const std::string& stem)
    : stem_(stem),
      pack_(std::make_unique<Mapping>(stem + ".pack")),
      index_(std::make_unique<Mapping>(stem + ".idx")) {
  static constexpr std::string_view kIndexMagic{"\377tOc\0\0\0\2", 8};
  static constexpr std::string_view kPackMagic{"PACK\0\0\0\2", 8};
  if (index_->size() < kIds + 2 * kTrailer ||
      std::memcmp(index_->at(0), kIndexMagic.data(), kIndexMagic.size()) != 0) {
    damaged("the index has another format");
  }
  if (pack_->size() < kPackHeader + kTrailer ||
      std::memcmp(pack_->at(0), kPackMagic.data(), kPackMagic.size()) != 0) {
    damaged("the pack has another format");
  }
  count_ = big_endian(index_->at(kIds - 4));
  // An id, a checksum and an offset for each object.
  if (count_ > (index_->size() - kIds - 2 * kTrailer) / (ObjectId::kSize + 8) ||
      count_ != big_endian(pack_->at(8))) {
    damaged("the index is too short");
  }
}

PackFile::~PackFile() = default;

void PackFile::damaged(const char* how) const {
  throw Error(ErrorKind::repository, "the pack " + stem_ + " is damaged: " + how);
}

ObjectId PackFile::id(std::size_t number) const {
  return ObjectId(index_->at(kIds + number * ObjectId::kSize));
}

std::uint64_t PackFile::offset(std::size_t number) const {
  const std::size_t offsets = kIds + count_ * (ObjectId::kSize + 4);
  const std::uint32_t offset = big_endian(index_->at(offsets + number * 4));
  if ((offset & 0x80000000U) == 0) return offset;
  // Beyond 2 GiB: a number of an eight-byte offset in the table that follows.
  const std::size_t at = offsets + count_ * 4 + std::size_t{offset & 0x7fffffffU} * 8;
  if (at + 8 > index_->size() - 2 * kTrailer) damaged("an offset lies outside of the index");
  return std::uint64_t{big_endian(index_->at(at))} << 32U | big_endian(index_->at(at + 4));
}

std::optional<std::uint64_t> PackFile::find(const ObjectId& id) const {
  const std::size_t first = id.bytes()[0];
  std::size_t low = first == 0 ? 0 : big_endian(index_->at(kIndexHeader + (first - 1) * 4));
  std::size_t high = big_endian(index_->at(kIndexHeader + first * 4));
  if (low > high || high > count_) damaged("the index is out of order");
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const int order =
        std::memcmp(index_->at(kIds + middle * ObjectId::kSize), id.bytes(), ObjectId::kSize);
    if (order == 0) return offset(middle);
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

PackFile::Entry PackFile::entry(std::uint64_t offset) const {
  const std::size_t end = pack_->size() - kTrailer;
  if (offset < kPackHeader || offset >= end) damaged("an object lies outside of the pack");
  std::size_t at = offset;
  const auto next = [&]() -> std::uint8_t {
    if (at >= end) damaged("an object's header does not end");
    return *pack_->at(at++);
  };
  std::uint8_t byte = next();
  const unsigned kind = (byte >> 4U) & 7U;
  Entry entry;
  entry.size = byte & 15U;
  for (unsigned shift = 4; (byte & 0x80U) != 0; shift += 7) {
    if (shift > 57) damaged("an object's size is too large");
    byte = next();
    entry.size |= std::uint64_t{byte & 0x7fU} << shift;
  }
  entry.type = type_of(kind);
  if (kind == kOffsetDelta) {
    byte = next();
    std::uint64_t back = byte & 0x7fU;
    while ((byte & 0x80U) != 0) {
      if (back > offset) damaged("a delta's base lies outside of the pack");
      byte = next();
      back = ((back + 1) << 7U) | (byte & 0x7fU);
    }
    if (back == 0 || back > offset - kPackHeader) {
      damaged("a delta's base lies outside of the pack");
    }
    entry.base = offset - back;
  } else if (kind == kIdDelta) {
    if (end - at < ObjectId::kSize) damaged("an object's header does not end");
    entry.base = find(ObjectId(pack_->at(at)));
    if (!entry.base) damaged("a delta's base is not in the pack");
    at += ObjectId::kSize;
  } else if (entry.type == ObjectType::missing) {
    damaged("an object has an unknown type");
  }
  entry.deflated = {reinterpret_cast<const char*>(pack_->at(at)), end - at};
  return entry;
}

void PackReader::FreeInflater::operator()(libdeflate_decompressor* inflater) const {
  ::libdeflate_free_decompressor(inflater);
}

PackReader::PackReader(const PackFile& pack)
    : pack_(&pack), inflater_(::libdeflate_alloc_decompressor()) {
  if (inflater_ == nullptr) throw std::bad_alloc();
}

void PackReader::inflate_into(const PackFile::Entry& entry, char* out) {
  constexpr std::size_t kHeader = 2;
  std::size_t size = 0;
  const libdeflate_result result = ::libdeflate_deflate_decompress_ex(
      inflater_.get(), entry.deflated.data() + kHeader, entry.deflated.size() - kHeader, out,
      entry.size, nullptr, &size);
  if (result != LIBDEFLATE_SUCCESS || size != entry.size) {
    pack_->damaged("an object cannot be inflated");
  }
}

Bytes PackReader::inflate(const PackFile::Entry& entry) {
  check_stream(*pack_, entry);
  auto bytes = std::make_shared_for_overwrite<char[]>(entry.size);
  inflate_into(entry, bytes.get());
  return {std::move(bytes), entry.size};
}

std::string_view PackReader::inflate_delta(const PackFile::Entry& entry) {
  // Whoever asks for the size asks for the object next.
  if (delta_of_ != entry.deflated.data()) {
    check_stream(*pack_, entry);
    if (delta_.size() < entry.size) delta_.resize(entry.size);
    delta_of_ = nullptr;
    inflate_into(entry, delta_.data());
    delta_of_ = entry.deflated.data();
  }
  return {delta_.data(), entry.size};
}

void PackReader::keep(std::uint64_t offset, const Object& object) {
  if (object.bytes.size() > kLargestKept) return;
  if (kept_bytes_ + object.bytes.size() > kKeptBytes) {
    kept_.clear();
    kept_bytes_ = 0;
  }
  Kept& kept = slot(offset);
  kept_bytes_ += object.bytes.size() - kept.object.bytes.size();
  kept = {offset, object};
}

PackReader::Kept& PackReader::slot(std::uint64_t offset) {
  if (kept_.empty()) kept_.resize(kSlots);
  return kept_[offset % kSlots];
}

std::optional<Bytes> PackReader::kept(std::uint64_t offset) const {
  if (kept_.empty() || kept_[offset % kSlots].offset != offset) return std::nullopt;
  return kept_[offset % kSlots].object.bytes;
}

ObjectType PackReader::type(std::uint64_t offset) {
  ObjectType type = ObjectType::missing;
  std::uint64_t at = offset;
  for (std::size_t steps = 0; type == ObjectType::missing; ++steps) {
    if (steps == kMaxChain) pack_->damaged("a chain of deltas does not end");
    const PackFile::Entry entry = pack_->entry(at);
    type = entry.type;
    if (entry.base) at = *entry.base;
  }
  return type;
}

std::pair<ObjectType, std::uint64_t> PackReader::header(std::uint64_t offset) {
  const PackFile::Entry entry = pack_->entry(offset);
  if (!entry.base) return {entry.type, entry.size};
  const auto size = result_size(inflate_delta(entry));
  if (!size) pack_->damaged("a delta has no size");
  return {type(offset), *size};
}

PackReader::Object PackReader::read(std::uint64_t offset, std::size_t limit) {
  const PackFile::Entry first = pack_->entry(offset);
  if (!first.base) {
    if (first.size > limit) throw ObjectTooLarge();
    if (const Kept& kept = slot(offset); kept.offset == offset) return kept.object;
    Object object{first.type, inflate(first)};
    // Deltas that are based on it stand behind it; commits are hardly ever stored as deltas.
    if (first.type != ObjectType::commit) keep(offset, object);
    return object;
  }
  chain_.clear();
  const std::size_t largest = std::max(limit, kLargestBase);
  Object object;
  std::uint64_t at = offset;
  while (true) {
    if (const Kept& kept = slot(at); kept.offset == at) {
      object = kept.object;
      break;
    }
    const PackFile::Entry entry = pack_->entry(at);
    if (entry.size > largest) pack_->damaged("a delta or its base is too large");
    if (!entry.base) {
      object = {entry.type, inflate(entry)};
      keep(at, object);
      break;
    }
    if (chain_.size() == kMaxChain) pack_->damaged("a chain of deltas does not end");
    chain_.push_back({at, entry});
    at = *entry.base;
  }
  for (; !chain_.empty(); chain_.pop_back()) {
    const std::size_t most = chain_.size() == 1 ? limit : largest;
    const std::string_view delta = inflate_delta(chain_.back().entry);
    if (result_size(delta).value_or(0) > most) throw ObjectTooLarge();
    auto bytes = apply(delta, object.bytes.view());
    if (!bytes) pack_->damaged("a delta does not fit its base");
    object.bytes = std::move(*bytes);
    keep(chain_.back().offset, object);
  }
  if (object.bytes.size() > limit) throw ObjectTooLarge();
  return object;
}

}  // namespace trunkgate
