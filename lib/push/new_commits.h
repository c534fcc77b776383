// Which commits are new: reachable from what is pushed and not yet from anything that was judged.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"
#include "push/commit_graph.h"

namespace trunkgate {

struct NewCommitsQuery {
  std::vector<ObjectId> tips;  // commits
  // Commits known to be judged that are cheap to name and likely to end the walk: old values of the
  // refs, plainly named refs.
  std::vector<ObjectId> hidden;
  // Every other judged commit. Called at most once, and only when `hidden` leaves a doubt.
  std::function<std::vector<ObjectId>()> more_hidden;
  // A few of those that are found without a look at every ref. Called at most once, before the
  // other.
  std::function<std::vector<ObjectId>()> few_hidden = nullptr;
};

struct NewCommits {
  std::vector<ObjectId> ids;  // children before their parents along each line
  bool too_many = false;      // more than the limit; `ids` is cut
};

// A built-in ceiling: a push with more new commits than this is refused.
inline constexpr std::size_t kMaxNewCommits = 500'000;

// The commits that tips reach and that this push brought: new to whomever asks.
struct FreshCommits {
  std::vector<ObjectId> tips;
  NewCommits commits;
  CommitGraph graph;               // of them
  std::vector<ObjectId> frontier;  // the commits right behind them, which were there before
};

// A commit whose object this push brought cannot be reachable from any ref yet, so only commits
// that were in the store before need a search; an ordinary push costs its own commits, however many
// refs there are. Throws MissingObject when the push lacks a commit that it needs, and
// Error(repository) when the store itself cannot be read.
//
// Does not go beyond `hidden`.
FreshCommits find_fresh_commits(const Repository& repository, std::vector<ObjectId> tips,
                                const std::vector<ObjectId>& hidden = {},
                                std::size_t limit = kMaxNewCommits);

// The commits that `tips` reach and neither `hidden` nor `more_hidden` do. Never leaves out a new
// commit. When clocks of committers were off by far it may give a few that are not new. Throws as
// above.
NewCommits find_new_commits(const Repository& repository, const NewCommitsQuery& query,
                            std::size_t limit = kMaxNewCommits);
// The same for several who ask about the same tips: `fresh` is of these, without anything hidden.
NewCommits find_new_commits(const Repository& repository, const NewCommitsQuery& query,
                            const FreshCommits& fresh, std::size_t limit = kMaxNewCommits);

// Whether `descendant` is `ancestor` or reaches it through its parents.
bool reaches(const Repository& repository, const ObjectId& descendant, const ObjectId& ancestor);
// The best commits that both reach or are: none of them reaches another one. Several after merges
// in both directions, none for histories that have nothing in common.
std::vector<ObjectId> merge_bases(const Repository& repository, const ObjectId& a,
                                  const ObjectId& b);
// reaches() for any of several, in one walk.
bool any_reaches(const Repository& repository, const std::vector<ObjectId>& descendants,
                 const ObjectId& ancestor);

}  // namespace trunkgate
