// Where the entries of a tree begin, so that only what a delta brings is read of a tree's versions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "git/delta.h"
#include "git/tree.h"

namespace trunkgate {

// In what a tree differs from its base. The caller's, so that memory is asked for once.
struct TreeDelta {
  std::vector<TreeEntry> found;  // what find_differences() says of the two
  std::vector<TreeEntry> own;    // entries that do not stand in the base as they are
  std::vector<TreeEntry> gone;   // the other way round
};

class TreeIndex {
 public:
  // With `folds_names` it knows, too, whether names are one when folded (base/fold.h).
  explicit TreeIndex(bool folds_names) : folds_names_(folds_names) {}

  // False when `tree` is no list of entries in Git's order; the index is then of no use. Of trees
  // below 4 GiB.
  bool read(std::string_view tree);

  // Indexes `tree`, of which `fresh` are the parts that do not follow each other in `base_tree`,
  // which `base` indexes. Costs little more than a copy of `base`, and what the entries cost that
  // differ. False when `tree` is no list of entries in order.
  bool derive(const TreeIndex& base, std::string_view base_tree, std::string_view tree,
              const std::vector<FreshPart>& fresh, TreeDelta& delta);

  // True when no two names are one. It may be false where all are apart.
  bool names_apart() const { return names_apart_; }
  // Bytes of memory that it holds.
  std::size_t held() const {
    return (starts_.capacity() + hashes_.capacity()) * sizeof(std::uint32_t);
  }

 private:
  void begin();
  void add(std::size_t start, const TreeEntry& entry);
  bool all_apart() const;
  bool new_names_are_apart(const std::vector<TreeEntry>& found) const;

  bool folds_names_;
  bool names_apart_ = false;
  std::vector<std::uint32_t> starts_;  // of all entries, and where the last one ends
  std::vector<std::uint32_t> hashes_;  // of all names, folded; with folds_names_ only
};

}  // namespace trunkgate
