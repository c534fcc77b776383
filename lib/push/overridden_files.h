// Work that a merge throws away: files at which it has what one parent has, although merging would
// have given what another one has. Rules about who may change what must see these, for such a merge
// changes a file as surely as any other commit; rules about contents need not, for they have seen
// both.
#pragma once

#include <functional>

#include "git/change_walk.h"
#include "git/commit.h"
#include "git/repository.h"

namespace trunkgate {

// Visits each such file once, as if the merge had changed it from what the overridden parent has
// (deleted or added, where one of the two has none). A side counts as kept when the other one has
// not changed the file since a merge base of the two; looking for these costs most, so it is done
// only for files that concern anybody. `walk` must be of the same repository.
void visit_overridden_files(const Repository& repository, ChangeWalk& walk, const Commit& merge,
                            const std::function<bool(const ChangedFile&)>& concerns,
                            const std::function<void(const ChangedFile&)>& visitor);

}  // namespace trunkgate
