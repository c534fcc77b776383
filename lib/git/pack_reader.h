// Reads single objects of a pack, in any order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "git/inflater.h"
#include "git/object_type.h"
#include "git/pack_file.h"

namespace trunkgate {

class ObjectTooLarge : public Error {
 public:
  ObjectTooLarge() : Error(ErrorKind::repository, "an object is larger than the limit") {}
};

// What an object is stored as a delta of: that it is large is no fault of the object.
class BaseTooLarge : public Error {
 public:
  BaseTooLarge() : Error(ErrorKind::repository, "a delta or its base is too large") {}
};

// Reads objects of one pack. Keeps what deltas are based on for a while, so reading in the order of
// offsets inflates each entry once. For one thread.
class PackReader {
 public:
  explicit PackReader(const PackFile& pack) : pack_(&pack) {}

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

 private:
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
  Kept& slot(std::uint64_t offset);
  void keep(std::uint64_t offset, const Object& object);

  const PackFile* pack_;
  Inflater inflater_;
  // One place for each remainder of an offset; the latest comer takes it.
  std::vector<Kept> kept_;
  std::size_t kept_bytes_ = 0;
  std::vector<Delta> chain_;
  std::string delta_;
  const char* delta_of_ = nullptr;  // where the entry begins that delta_ was inflated from
};

}  // namespace trunkgate
