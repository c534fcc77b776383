#include "git/pack_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/large_pages.h"

namespace trunkgate {
namespace {

constexpr std::size_t kFanout = 256;
constexpr std::size_t kIndexHeader = 8;
constexpr std::size_t kIds = kIndexHeader + kFanout * 4;
constexpr std::size_t kPackHeader = 12;
constexpr std::size_t kTrailer = ObjectId::kSize;  // the checksum at the end of a pack

std::uint32_t big_endian(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U |
         std::uint32_t{at[3]};
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

constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kIdDelta = 7;

}  // namespace

class PackFile::Mapping {
 public:
  // Where `jumped_in`, looks at random places cost less.
  explicit Mapping(const std::string& path, bool jumped_in = false) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    const bool open = fd >= 0 && ::fstat(fd, &status) == 0 && status.st_size > 0;
    if (open) {
      size_ = static_cast<std::size_t>(status.st_size);
      if (jumped_in && size_ >= kWorthACopy && size_ <= kMostToCopy) copy(fd);
      if (bytes_ == MAP_FAILED) bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
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
  static constexpr std::size_t kWorthACopy = std::size_t{4} << 20U;
  static constexpr std::size_t kMostToCopy = std::size_t{64} << 20U;  // of 2,000,000 objects

  // A file lies in small pages, of which a processor knows the places of a few only. Without the
  // memory, or when the file cannot be read in one go, nothing is done.
  void copy(int fd) {
    void* const room =
        ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return;
    ask_for_large_pages(room, size_);
    if (::pread(fd, room, size_, 0) == static_cast<ssize_t>(size_)) {
      bytes_ = room;
    } else {
      ::munmap(room, size_);
    }
  }

  void* bytes_ = MAP_FAILED;
  std::size_t size_ = 0;
};

PackFile::PackFile(const std::string& stem)
    : stem_(stem),
      pack_(std::make_unique<Mapping>(stem + ".pack")),
      index_(std::make_unique<Mapping>(stem + ".idx", true)) {
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

std::optional<std::size_t> PackFile::number(const ObjectId& id) const {
  const std::size_t first = id.bytes()[0];
  std::size_t low = first == 0 ? 0 : big_endian(index_->at(kIndexHeader + (first - 1) * 4));
  std::size_t high = big_endian(index_->at(kIndexHeader + first * 4));
  if (low > high || high > count_) damaged("the index is out of order");
  // Ids are spread evenly, so places can be guessed by their next bytes; where somebody has made
  // them otherwise, halves are taken.
  constexpr int kGuesses = 8;
  const std::uint64_t wanted = big_endian(id.bytes() + 1);
  std::uint64_t low_key = 0;
  std::uint64_t high_key = std::uint64_t{1} << 32U;
  for (int round = 0; low < high; ++round) {
    std::size_t middle = low + (high - low) / 2;
    if (round < kGuesses && low_key <= wanted && wanted < high_key) {
      middle =
          low + static_cast<std::size_t>((wanted - low_key) * (high - low) / (high_key - low_key));
    }
    const std::uint8_t* const there = index_->at(kIds + middle * ObjectId::kSize);
    const std::uint64_t key = big_endian(there + 1);
    const int order =
        key != wanted ? (key < wanted ? -1 : 1) : std::memcmp(there, id.bytes(), ObjectId::kSize);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
      low_key = key;
    } else {
      high = middle;
      high_key = key;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> PackFile::find(const ObjectId& id) const {
  const auto found = number(id);
  return found ? std::optional(offset(*found)) : std::nullopt;
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

}  // namespace trunkgate
