// Which commits a ref update brought, for events. The gate judges with push/new_commits; this walk
// answers a simpler question later, and is bounded because an event lists only a few commits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

struct CommitRange {
  std::vector<ObjectId> commits;  // a commit stands before its parents; the tip is first
  bool complete = true;           // false: there are more
  bool fast_forward = false;      // between(): `before` is an ancestor of `after`, or the same
};

// Commits of one repository with what the walks share: parents and dates read once.
class CommitWalk {
 public:
  static constexpr std::size_t kMaxCommits = 200'000;   // listed for one tip
  static constexpr std::size_t kMaxSearch = 500'000;    // looked at to find `before`
  static constexpr std::size_t kMaxHidden = 2'000'000;  // looked at below hidden tips

  // `repository` outlives the walk.
  explicit CommitWalk(const Repository& repository) : repository_(&repository) {}

  // Commits reachable from `after` and not from `before`.
  CommitRange between(const ObjectId& before, const ObjectId& after);

  // Commits reachable from `tip` and from no tip hidden so far. All calls together look at a hidden
  // commit once; when there are more than kMaxHidden of them the answer is an incomplete, empty
  // one.
  void hide(const ObjectId& tip) { hidden_.add(*this, tip); }
  CommitRange unhidden(const ObjectId& tip);

  // Where the first-parent line of an unhidden() range leaves it: the first commit there that is
  // not new. Nothing when it ends in a commit without parents.
  std::optional<ObjectId> start_of(const CommitRange& range);

  // The newest ancestor of `tip`, not itself, that is among `wanted`. Nothing when there is none
  // among the first kMaxSearch of them.
  std::optional<ObjectId> nearest_ancestor(const ObjectId& tip,
                                           const std::unordered_set<ObjectId>& wanted);

 private:
  using Entry = std::pair<std::int64_t, ObjectId>;  // newest first out of a queue

  // The commits reachable from some tips, found from the newest to the oldest as far as asked.
  class Reachable {
   public:
    void add(CommitWalk& walk, const ObjectId& tip);
    // Exact when no commit is dated more than a day after its children.
    bool contains(CommitWalk& walk, const ObjectId& id, std::int64_t time);
    bool seen(const ObjectId& id) const { return seen_.contains(id); }
    bool exhausted() const { return steps_ >= kMaxHidden; }

   private:
    std::priority_queue<Entry> open_;
    std::unordered_set<ObjectId> seen_;
    std::size_t steps_ = 0;
  };

  struct Target {
    ObjectId id;
    std::int64_t time = 0;
  };

  // Nothing for an object that is missing or no commit.
  const std::optional<CommitLinks>& links(const ObjectId& id);
  CommitRange collect(const ObjectId& tip, Reachable& hidden, const std::optional<Target>& target);
  std::vector<ObjectId> sorted(const std::vector<ObjectId>& commits);

  const Repository* repository_;
  std::unordered_map<ObjectId, std::optional<CommitLinks>> links_;
  Reachable hidden_;
};

}  // namespace trunkgate
