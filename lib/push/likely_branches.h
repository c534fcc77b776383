// Which branches of the server a pushed commit may be made from, the likeliest first.
#pragma once

#include <cstddef>
#include <unordered_set>
#include <vector>

#include "git/commit.h"
#include "git/object_id.h"
#include "git/repository.h"
#include "push/landing.h"

namespace trunkgate {

// Commits reachable from `tip`, newest first by their dates, `most` of them.
std::unordered_set<ObjectId, ObjectIdHash> recent_history(const Repository& repository,
                                                          const ObjectId& tip, std::size_t most);

struct LikelyBranch {
  SourceBranch branch;  // the first of those with this tip
  Commit tip;
  // 0 when nothing speaks for it: neither files of its tip, nor title, author or message.
  unsigned likeness = 0;
  bool same_work = false;  // more than the author speaks for it
};

// Reads the tips of all branches and, in each, up to sixteen of the files that `pushed` changes
// against `parent`: some ten microseconds for each. Tips among `known` are left out.
std::vector<LikelyBranch> likely_branches(const Repository& repository,
                                          const std::vector<SourceBranch>& branches,
                                          const std::unordered_set<ObjectId, ObjectIdHash>& known,
                                          const Commit& pushed, const Commit& parent);

}  // namespace trunkgate
