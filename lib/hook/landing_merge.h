// Makes what a landing puts on a branch, as a developer's own Git would.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/child_process.h"
#include "git/object_id.h"
#include "hook/gate.h"
#include "policy/landing_check.h"
#include "rules/finding.h"

namespace trunkgate {

struct LandingMerge {
  std::optional<Finding> obstacle;  // why there is none: a conflict, say
  ObjectId commit;                  // the merge, or the tip of what lands as it is
  std::string words;  // printable: "'feature/x' lands on 'main' by the merge 1a2b3c4d"
};

// A merge commit where the rules let merges in, by the pusher under the name and address that the
// policy knows; else a fast-forward. `objects`: where it is stored, as for MergeQueue::attempt().
// Throws Error(repository).
LandingMerge make_landing(const Gate& gate, const LandingPlan& plan, const ObjectId& commit,
                          const std::string& objects);

// Runs the git program in the repository with the hook's own environment. Names of references are
// full ones, a namespace's prefix included.
ChildResult run_git(std::vector<std::string> arguments, const Gate& gate, std::string_view input);

}  // namespace trunkgate
