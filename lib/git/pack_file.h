// One pack and its index, read as `git index-pack` left them a moment ago. libgit2 reads packs,
// too, but at several times the cost for small objects: it looks them up in each store first,
// locks, caches and hashes; and libdeflate inflates a commit in 2.1 us where zlib takes 3.3. The
// objects of a push are read by the thousand.
//
// Format: gitformat-pack(5), pack version 2 and index version 2 (what index-pack writes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "git/object_id.h"
#include "git/object_type.h"

struct libdeflate_decompressor;

namespace trunkgate {

// Immutable once open; any number of readers may use it, from any thread.
class PackFile {
 public:
  // `stem` is the path without its ".pack". Throws Error(repository) when the pair cannot be opened
  // or is not what index-pack writes.
  explicit PackFile(const std::string& stem);
  ~PackFile();
  PackFile(const PackFile&) = delete;
  PackFile& operator=(const PackFile&) = delete;

  std::size_t count() const { return count_; }
  // Of the object with this number, in the order of ids.
  ObjectId id(std::size_t number) const;
  std::uint64_t offset(std::size_t number) const;
  std::optional<std::uint64_t> find(const ObjectId& id) const;

  // What stands at an offset. A delta has one base: an offset before its own, or an id.
  struct Entry {
    ObjectType type = ObjectType::missing;  // missing for a delta
    std::uint64_t size = 0;                 // of the object or of the delta, inflated
    std::optional<std::uint64_t> base;      // offset of a delta's base
    std::string_view deflated;              // starts with the entry's zlib stream
  };
  // Throws Error(repository) when the pack is damaged there.
  Entry entry(std::uint64_t offset) const;

  [[noreturn]] void damaged(const char* how) const;

 private:
  class Mapping;
  std::string stem_;
  std::unique_ptr<Mapping> pack_;
  std::unique_ptr<Mapping> index_;
  std::size_t count_ = 0;
};

class ObjectTooLarge : public Error {
 public:
  ObjectTooLarge() : Error(ErrorKind::repository, "an object is larger than the limit") {}
};

// Reads objects of one pack. Keeps what deltas are based on for a while, so reading in the order of
// offsets inflates each entry once. For one thread.
class PackReader {
 public:
  explicit PackReader(const PackFile& pack);

  ObjectType type(std::uint64_t offset);
  // Type and size. Costs a delta's inflation, not the object's.
  std::pair<ObjectType, std::uint64_t> header(std::uint64_t offset);

  struct Object {
    ObjectType type = ObjectType::missing;
    Bytes bytes;
  };
  // Throws Error(repository) when the pack is damaged, ObjectTooLarge when the object has more than
  // `limit` bytes.
  Object read(std::uint64_t offset, std::size_t limit);
  // The bytes of an object that has been read lately; nothing when they are no longer here.
  std::optional<Bytes> kept(std::uint64_t offset) const;

 private:
  struct FreeInflater {
    void operator()(libdeflate_decompressor* inflater) const;
  };
  struct Kept {
    std::uint64_t offset = 0;  // 0 when nothing is kept here: no object stands there
    Object object;
  };
  struct Delta {
    std::uint64_t offset = 0;
    PackFile::Entry entry;
  };

  Bytes inflate(const PackFile::Entry& entry);
  // Valid until the next call.
  std::string_view inflate_delta(const PackFile::Entry& entry);
  void inflate_into(const PackFile::Entry& entry, char* out);
  Kept& slot(std::uint64_t offset);
  void keep(std::uint64_t offset, const Object& object);

  const PackFile* pack_;
  std::unique_ptr<libdeflate_decompressor, FreeInflater> inflater_;
  // One place for each remainder of an offset; the latest comer takes it.
  std::vector<Kept> kept_;
  std::size_t kept_bytes_ = 0;
  std::vector<Delta> chain_;
  std::string delta_;
  const char* delta_of_ = nullptr;  // where the entry begins that delta_ was inflated from
};

}  // namespace trunkgate
