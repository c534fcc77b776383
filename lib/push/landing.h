// How a push lands on a protected branch: what it brings in, and from which branches of the server.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "git/commit.h"
#include "git/object_id.h"
#include "push/push.h"

namespace trunkgate {

// A landing may add this many commits to the first-parent chain.
inline constexpr std::size_t kMaxLandingSteps = 1000;

// The line from the new tip along first parents, down to what the branch holds now.
struct FirstParentChain {
  std::vector<Commit> commits;  // newest first, without the old tip
  bool reaches_old = false;     // always true when the branch is created: down to the root
  bool too_long = false;        // kMaxLandingSteps
};

FirstParentChain first_parent_chain(const Push& push, const PushedRef& ref);

// A branch of the server, as it is before this push.
struct SourceBranch {
  std::string name;  // "refs/heads/feature/x"
  ObjectId tip;
};

// All branches of the server but `ref` itself and symbolic ones.
std::vector<SourceBranch> other_branches(const Push& push, const PushedRef& ref);

// Those of `branches` that hold `commit`: as their tip, or, when none has it as its tip, somewhere
// in their history. In the order of `branches`.
std::vector<SourceBranch> branches_with(const Repository& repository,
                                        const std::vector<SourceBranch>& branches,
                                        const ObjectId& commit);

// What the ref update brings to the branch from elsewhere: the second and further parents of the
// merges on its first-parent chain when every commit there is a merge, else the new tip itself.
std::vector<ObjectId> brought_in(const FirstParentChain& chain, const PushedRef& ref);

// Short names of the branches ("feature/x") that `ref` lands, for `only: {source: …}`: all branches
// whose tip is something that is brought in. Empty when it lands nothing.
std::vector<std::string> landed_sources(const Push& push, const PushedRef& ref);

}  // namespace trunkgate
