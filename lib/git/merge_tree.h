// The tree Git itself makes when it merges two commits, to prove that a merge adds nothing.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// Paths whose content in `merge` is not what merging its two parents gives, by path.
struct MergeComparison {
  bool equal = false;
  bool conflict = false;           // the parents do not merge without help
  std::vector<std::string> paths;  // raw bytes; up to 20
  std::size_t paths_total = 0;
};

// Runs `git merge-tree --write-tree` on the two parents of `merge` in a scratch folder below
// `scratch`, with the first parent's attributes and no configuration but Git's own defaults, as a
// developer's fresh clone would merge them. libgit2 merges some cases differently and is no proof.
// Throws Error(repository) when Git cannot be run or fails.
MergeComparison compare_with_automatic_merge(const Repository& repository,
                                             const std::string& scratch, const Commit& merge);

}  // namespace trunkgate
