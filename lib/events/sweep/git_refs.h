// What the sweep needs the git program for: it alone moves references as others expect it, and
// knows worktrees.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

// Full names of references that symbolic references name, and of branches that worktrees have
// checked out. Throws Error(repository).
std::set<std::string> used_branches(const std::string& repository);

// A reference that holds `before` is to hold `after`; zero for none. The same value twice: it must
// hold that.
struct RefChange {
  std::string ref;  // full name on disk
  ObjectId before;
  ObjectId after;
};

// All of them in one transaction, or none. Nothing when it is done, else Git's words, printable.
std::optional<std::string> change_refs(const std::string& repository,
                                       const std::vector<RefChange>& changes,
                                       const std::string& reason);

}  // namespace trunkgate
