// Commits held against what Git itself makes of the same parents, to prove that nothing was added.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "git/automatic_merge.h"
#include "git/commit.h"
#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// Paths whose content is not what Git makes without help.
struct MergeComparison {
  bool equal = false;
  bool conflict = false;           // it does not merge without help
  bool unrelated = false;          // nor with any: the histories have nothing in common
  std::vector<std::string> paths;  // in order, raw bytes; up to 20
  std::size_t paths_total = 0;
};

// A merge of more parents than this is not equal to anything, unseen.
inline constexpr std::size_t kMaxComparedParents = 17;

// Whether `merge` holds exactly what merging its further parents into its first one gives, one
// after the other. Throws what AutomaticMerger throws.
MergeComparison compare_with_automatic_merge(const Repository& repository,
                                             const std::string& scratch, const Commit& merge);

// Holds a tree against what a merge gave.
MergeComparison compare(const AutomaticMerger& merger, const AutomaticMerge& merged,
                        const ObjectId& tree);

}  // namespace trunkgate
