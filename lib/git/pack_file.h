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
  // Nothing when the object is not in the pack.
  std::optional<std::size_t> number(const ObjectId& id) const;
  std::optional<std::uint64_t> find(const ObjectId& id) const;  // its offset

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

}  // namespace trunkgate
