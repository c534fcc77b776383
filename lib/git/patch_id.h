// Tells whether two changes are the same one, made at different places of history.
#pragma once

#include <string>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// Equal for two pairs of trees when the same lines are added and removed between the same three
// lines of context in the same files, at whatever line numbers: what `git patch-id --verbatim`
// compares, white space and all. Of files that are binary or large, the whole content counts. Not
// Git's own ids. Throws what diff_trees() and Repository::blob() throw.
std::string patch_id(const Repository& repository, const ObjectId& before, const ObjectId& after);

}  // namespace trunkgate
