// Which changed paths still need the word of an owner.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/evidence/requirements/landed_work.h"
#include "rules/evidence/requirements/owners.h"

namespace trunkgate {

// Paths that one line of the file of owners decides about.
struct OwnedPaths {
  std::size_t line = 0;
  std::vector<std::string> owners;  // users, sorted
  std::string first;                // raw bytes
  std::size_t count = 0;
};

struct Ownership {
  std::vector<OwnedPaths> owned;  // what changes, in the order of paths
  std::string mistake;            // why the owners cannot be told, printable; else empty
};

// Reads the file at `path` as the branch (of a new reference, the default branch) has it before the
// push. It is a mistake, too, when the landing breaks the file or takes it away: nothing could land
// after that.
Ownership ownership_of(const LandingView& view, const std::string& path, const Groups& groups,
                       const Users& users);

}  // namespace trunkgate
