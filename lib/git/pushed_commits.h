// Looks at every commit that a push has brought, reachable or not, for what no honest Git makes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

struct CommitFault {
  ObjectId commit;
  std::string what;  // "commit 5d6e7f81 is malformed: it has no tree"; not printable
};

inline constexpr std::size_t kMaxCommitFaults = 20;

// At most kMaxCommitFaults, none outside a quarantine. Costs a look at every object of the push:
// for pushes whose commits no rule has read. Throws Error(repository) when one cannot be read.
std::vector<CommitFault> pushed_commit_faults(const Repository& repository);

}  // namespace trunkgate
