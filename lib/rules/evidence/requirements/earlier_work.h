// Finds the commits that a branch had before a clean rebase.
#pragma once

#include <vector>

#include "git/object_id.h"
#include "rules/evidence/requirements/landed_work.h"

namespace trunkgate {

// Commits, other than those of the work itself, that somebody has approved or vetoed and that hold
// the same work: the same patch against where they leave the branch (patch_id()), in commits of the
// same authors and messages, one after the other without merges. Empty when the reference is new,
// and for work that is no such line.
std::vector<ObjectId> earlier_work(const LandedWork& work);

}  // namespace trunkgate
