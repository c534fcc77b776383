// Looks at every tree that a push has brought, reachable or not, for what no honest Git makes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

struct TreeFault {
  ObjectId object;   // the tree, or the file in it that Git reads
  std::string what;  // printable: "'a' stands in it twice"
};

inline constexpr std::size_t kMaxTreeFaults = 20;
inline constexpr std::size_t kMaxGitmodulesBytes = std::size_t{1} << 20U;
// Git LFS keeps a line for each of many files there.
inline constexpr std::size_t kMaxGitattributesBytes = std::size_t{16} << 20U;

// At most kMaxTreeFaults, none outside a quarantine. Throws Error(repository) when an object cannot
// be read. Uses nothing of the repository that another thread may not use meanwhile when the push
// came as packs.
std::vector<TreeFault> pushed_tree_faults(const Repository& repository);

// How many objects the push has brought as packs.
std::size_t pushed_packed_objects(const Repository& repository);

}  // namespace trunkgate
