// The objects of a pack in the order of their deltas: each one right behind what it is based on,
// which is then still at hand. Every object is put together once, where reading one after the other
// in any other order puts their bases together again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "git/delta.h"
#include "git/inflater.h"
#include "git/object_type.h"
#include "git/pack_file.h"

namespace trunkgate {

// Immutable: several threads may use it. Memory: about 30 bytes for each object.
class DeltaForest {
 public:
  // `pack` must outlive it. Throws Error(repository) when the pack is damaged.
  explicit DeltaForest(const PackFile& pack);

  const PackFile& pack() const { return *pack_; }
  // Objects are numbered by offset, from 0.
  std::uint64_t offset(std::size_t object) const { return offsets_[object]; }
  // In the order of ids, as PackFile counts.
  std::size_t number(std::size_t object) const { return numbers_[object]; }

  // The objects that are stored whole, in the order of offsets; all others are based on them.
  const std::vector<std::uint32_t>& roots() const { return roots_; }
  ObjectType type_of_root(std::size_t root) const { return pack_->entry(offsets_[root]).type; }
  // What is based on an object, in the order of offsets.
  std::span<const std::uint32_t> children(std::size_t object) const {
    return {children_.data() + first_child_[object],
            first_child_[object + 1] - first_child_[object]};
  }

 private:
  std::size_t at(std::uint64_t offset) const;

  const PackFile* pack_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> roots_;
  std::vector<std::uint32_t> first_child_;  // of each object, and one more; index into children_
  std::vector<std::uint32_t> children_;
};

struct PackedObject {
  std::size_t number = 0;  // in the order of ids
  std::uint64_t offset = 0;
  ObjectType type = ObjectType::missing;
  // Nothing when it is too large to be kept beside what it is based on; what is based on it is then
  // given without bytes, too. As long as the visit.
  std::optional<std::string_view> bytes;
};

// For one thread. Memory: what an object is based on, 32 MiB at most, and its delta.
class DeltaWalk {
 public:
  // `forest` must outlive it.
  explicit DeltaWalk(const DeltaForest& forest) : forest_(forest) {}

  // `base` is null for an object that is stored whole or given without bytes; else it has bytes,
  // and `fresh` are the parts of the object that it does not have.
  using Visitor = std::function<void(const PackedObject& object, const PackedObject* base,
                                     const std::vector<FreshPart>& fresh)>;
  // Visits a root and all that is based on it, bases first. Throws Error(repository) when the pack
  // is damaged.
  void visit(std::size_t root, const Visitor& visitor);

 private:
  struct Room {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  struct Step {
    PackedObject object;
    std::span<const std::uint32_t> left;  // what is based on it and not visited yet
  };

  PackedObject described(std::size_t object, ObjectType type) const;
  void read_root(PackedObject& object);
  void read_delta(PackedObject& object, std::size_t depth, const PackedObject& base);
  bool take_over(std::size_t depth, std::uint64_t size);
  // Null when it would be too much.
  char* room(std::size_t depth, std::uint64_t size);

  const DeltaForest& forest_;
  Inflater inflater_;
  std::vector<Room> rooms_;  // one for each step
  std::size_t held_ = 0;     // bytes of all rooms
  std::vector<Step> steps_;
  std::vector<FreshPart> fresh_;
  // Of the delta read last: its step, and where the object may differ from what it is based on.
  std::size_t moved_depth_ = 0;
  std::vector<Extent> moved_;
  std::vector<Extent> next_moved_;
  std::vector<char> delta_;
};

}  // namespace trunkgate
