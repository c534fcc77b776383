// Finds the branch of the server that was squashed or rebased into what is pushed, and proves it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "git/automatic_merge.h"
#include "git/commit.h"
#include "git/object_id.h"
#include "push/landing.h"
#include "push/likely_branches.h"
#include "push/push.h"

namespace trunkgate {

// The proof is that Git makes the same files again: of a squash by merging the branch, of a rebase
// by putting each of its commits on top of the one before. Unlike equal patches (git patch-id) that
// minds white space, and a change that was moved to another place with the same lines around it.
class RewrittenSearch {
 public:
  // The most branches that are looked at for one commit; and of those for which nothing speaks.
  static constexpr std::size_t kMaxBranches = 64;
  static constexpr std::size_t kMaxUnlikely = 16;
  // The most runs of Git for all of them.
  static constexpr std::size_t kMaxMerges = 64;
  static constexpr std::size_t kMaxReplays = 256;
  // A search that takes longer is ended: on its way the pusher waits.
  static constexpr auto kMaxTime = std::chrono::seconds(10);
  // Of more commits none is taken for a squash.
  static constexpr std::size_t kMaxSquashes = 16;

  // All must outlive it. `branches`: those that may have been the source.
  RewrittenSearch(const Push& push, const std::vector<SourceBranch>& branches,
                  const FirstParentChain& chain, const PushedRef& ref);

  // Both fill in `landing` and say whether they found what they looked for; each commit of the
  // chain has one parent.
  bool find_rebase(Landing& landing);
  bool find_squashes(Landing& landing);

 private:
  // The commits of a branch that the old tip has not, oldest first.
  struct Line {
    std::vector<Commit> commits;
    std::optional<ObjectId> merge;  // the newest of them that is one
    bool complete = false;
  };

  // Those worth a try, the likeliest first; counts the others.
  std::vector<LikelyBranch> candidates(const Commit& pushed, const Commit& parent,
                                       Landing& landing) const;
  bool in_time() const { return std::chrono::steady_clock::now() < end_; }
  Line line_of(const ObjectId& tip) const;
  bool rebases(const LikelyBranch& likely, Landing& landing);
  std::optional<LandedSource> squashed_into(const Commit& commit, Landing& landing);
  LandedSource source(const ObjectId& tip, const ObjectId& by) const;

  const Repository& repository_;
  const std::vector<SourceBranch>& branches_;
  const FirstParentChain& chain_;
  const PushedRef& ref_;
  AutomaticMerger merger_;
  std::unordered_set<ObjectId, ObjectIdHash> history_;  // of the old tip
  std::chrono::steady_clock::time_point end_;
  std::size_t merges_ = 0;
  std::size_t replays_ = 0;
};

}  // namespace trunkgate
