// The packs that a push has brought: what is in the quarantine, read without libgit2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/object_id.h"
#include "git/object_type.h"
#include "git/pack_file.h"
#include "git/pack_reader.h"
#include "git/pushed_place.h"

namespace trunkgate {

class PushedPacks {
 public:
  // `objects` is the quarantine. Throws Error(repository) when a pack cannot be read.
  explicit PushedPacks(const std::string& objects);

  std::optional<PushedPlace> find(const ObjectId& id) const;
  const std::vector<std::unique_ptr<PackFile>>& packs() const { return packs_; }

  // The objects of a pack by offset: the order in which they can be read at least cost.
  static std::vector<std::pair<std::uint64_t, std::size_t>> in_order(const PackFile& pack);

 private:
  std::vector<std::unique_ptr<PackFile>> packs_;
};

// Reads from all of them. For one thread.
class PushedReader {
 public:
  explicit PushedReader(const PushedPacks& packs);

  std::pair<ObjectType, std::uint64_t> header(const PushedPlace& place) {
    return readers_[place.pack].header(place.offset);
  }
  // As PackReader::read.
  PackReader::Object read(const PushedPlace& place, std::size_t limit) {
    return readers_[place.pack].read(place.offset, limit);
  }
  PackReader& of(std::size_t pack) { return readers_[pack]; }

 private:
  std::vector<PackReader> readers_;
};

}  // namespace trunkgate
