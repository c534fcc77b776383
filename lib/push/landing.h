// How a push lands on a protected branch: what it brings in, and from which branches of the server.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/commit.h"
#include "git/merge_tree.h"
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

// How a ref update lands what it brings in. The words of the policy, and `direct` for all else.
enum class LandingKind { direct, merge, fast_forward, squash, rebase };
std::string_view to_string(LandingKind kind);  // "fast-forward"

struct LandedSource {
  // What is brought in, the commit that evidence is about: a merge's second parent, the new tip of
  // a fast-forward, the tip of the branch that was squashed or rebased.
  ObjectId commit;
  // The commit on the branch's first-parent line that brings it: the merge, the squashed commit,
  // else the new tip.
  ObjectId by;
  // Branches of the server, before this push, that hold it, as branches_with() gives them.
  std::vector<SourceBranch> branches;
  // Of a squash or a rebase: tips of other branches that would have come out the same, say an
  // earlier push under another name. Evidence about any of them is about this very change; an
  // exception must hold for all.
  std::vector<LandedSource> others = {};
};

// A merge that is not what Git makes of its parents without help: nobody has seen all of it yet.
struct UnprovenMerge {
  ObjectId merge;
  MergeComparison found;
};

// A squash or a rebase that is none: the branch it looks like, and what is wrong with it.
struct NearLanding {
  enum class Fault {
    content,  // `found` says where it is not what Git makes of the branch
    author,
    message,
    merges,   // the branch has merges, `commit` is one; a rebase leaves them out
    missing,  // the branch's commit is not among those pushed
    extra,    // the pushed commit is not among the branch's
  };
  LandingKind kind = LandingKind::squash;
  Fault fault = Fault::content;
  ObjectId by;      // of the push
  ObjectId commit;  // of the branch: its tip, or the commit that was made anew
  SourceBranch branch;
  MergeComparison found = {};
};

// Ways to land that make the commits of a branch anew. It takes time to find out which branch that
// was, so it is done only where some rule takes the answer.
struct RewrittenWays {
  bool squash = false;
  bool rebase = false;
};

struct Landing {
  LandingKind kind = LandingKind::direct;
  // In the order of the first-parent chain, newest first. Of a direct push the new tip itself, with
  // the branches that hold it, maybe none. Empty where the ref gets no commit.
  std::vector<LandedSource> sources;
  // Where every commit on the chain is a merge: those that hold more than their parents. A push
  // with such a one is no merge, but may be a fast-forward; else it is direct, so that evidence is
  // about the new tip, the merge itself.
  std::vector<UnprovenMerge> unproven;
  // Where a squashed or rebased branch was looked for and not found.
  std::optional<NearLanding> near;
  std::size_t branches_passed_over = 0;  // there were too many

  // For landing_of(): nobody has asked yet, and what is to be looked for then.
  bool to_be_found = false;
  RewrittenWays looked_for;
};

// A landing may have this many merges; with more it is direct.
inline constexpr std::size_t kMaxLandedMerges = 64;

// Of more commits nobody finds out whether they are a branch that was rebased.
inline constexpr std::size_t kMaxRewrittenCommits = 64;

// Has landing_of() look for squashed and rebased branches, too. To be said before anybody asks it,
// so that all get the same answer.
void look_for_rewritten(const Push& push, const PushedRef& ref, RewrittenWays ways);

// What kind of landing the ref update is. Worked out once for each ref update of the push; a merge
// costs a run of git merge-tree, the search for a rewritten branch some dozens. Throws
// Error(repository).
std::shared_ptr<const Landing> landing_of(const Push& push, const PushedRef& ref);

// Short names of the branches ("feature/x") that `ref` lands, for `except: {source: …}`: all
// branches whose tip is something that is brought in. Empty when it lands nothing.
std::vector<std::string> landed_sources(const Push& push, const PushedRef& ref);
// The same for `only: {source: …}`, which must not be got around: with those of merges that hold
// more than their parents.
std::vector<std::string> claimed_sources(const Push& push, const PushedRef& ref);

}  // namespace trunkgate
