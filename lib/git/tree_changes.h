// In what pushed trees differ from those they are stored as deltas of, so that two trees can be
// compared without their bytes. A tree of a thousand names differs in one or two of them.
#pragma once

#include <climits>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "git/object_id.h"
#include "git/pushed_packs.h"
#include "git/pushed_place.h"
#include "git/tree_compare.h"

namespace trunkgate {

struct TreeFacts {
  std::size_t size = 0;  // in bytes
  // No two of its names are one when folded (base/fold.h); false, too, when nobody asked for it.
  bool names_apart = false;
};

// Several threads may record different trees at once; comparing comes after all of that.
class TreeChanges {
 public:
  // `packs` must outlive it.
  explicit TreeChanges(const PushedPacks& packs);

  // Keeps what one thread records.
  class Recorder {
   public:
    explicit Recorder(TreeChanges& changes) : changes_(changes) {}

    // A tree without a base, or whose differences are too many to be worth keeping. Trees and bases
    // are numbers in the order of ids.
    void record(std::size_t pack, std::size_t tree, const TreeFacts& facts);
    // A tree and what it is based on, which must have been recorded. `found` is what
    // find_differences() says of the two.
    void record(std::size_t pack, std::size_t tree, const TreeFacts& facts, std::size_t base,
                const std::vector<TreeEntry>& found);

   private:
    char* room(std::size_t size);

    TreeChanges& changes_;
    char* room_ = nullptr;  // what is left of the block that was begun last
    std::size_t left_ = 0;
  };

  // Nothing for a tree that was not recorded.
  std::optional<PushedPlace> find(const ObjectId& tree) const;
  TreeFacts facts(const PushedPlace& tree) const;
  // What find_differences() says of `own` and all of `others`; false when that cannot be told
  // without reading them.
  bool compare(const PushedPlace& own, const std::vector<ObjectId>& others,
               std::vector<TreeEntry>& found) const;

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // A name that a tree and its base do not have with the same id and mode. A history of 80,000
  // commits makes half a million of them, so what both entries share is held once.
  struct Pair {
    static constexpr unsigned kGone = UINT_MAX;

    TreeEntry entry;  // the tree's; the base's where the tree has none
    ObjectId base_id;
    unsigned base_mode = 0;  // 0 where only the tree has the name, kGone where only the base has

    // With an empty name where there is none.
    TreeEntry own() const { return base_mode == kGone ? TreeEntry{} : entry; }
    TreeEntry base() const {
      if (base_mode == kGone) return entry;
      return base_mode == 0 ? TreeEntry{} : TreeEntry{base_mode, entry.name, base_id};
    }
  };
  struct Tree {
    const Pair* changes = nullptr;
    std::uint16_t count = 0;  // of them
    bool names_apart = false;
    std::uint32_t base = kNone;
    std::uint32_t depth = 0;  // how many bases stand below it
    std::uint32_t size = kNone;
  };
  // A name that differs somewhere between two trees, on the way from one of them to the tree that
  // both are based on.
  struct Step {
    const Pair* pair = nullptr;
    bool other = false;  // on the way from the other tree
    std::uint32_t order = 0;
    const TreeEntry& name() const { return pair->entry; }
  };

  // Of two trees: pairs that differ, in Git's order.
  bool compare(const PushedPlace& own, const PushedPlace& other,
               std::vector<TreeEntry>& found) const;
  static void put_together(std::vector<Step>& steps, std::vector<TreeEntry>& found);
  std::span<char> block(std::size_t size);

  const PushedPacks& packs_;
  std::vector<std::vector<Tree>> trees_;  // by pack and number
  std::mutex mutex_;                      // guards what follows
  std::deque<std::unique_ptr<char[]>> blocks_;
  std::size_t block_bytes_ = 0;
};

}  // namespace trunkgate
