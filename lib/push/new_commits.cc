#include "push/new_commits.h"

#include <algorithm>
#include <cstdint>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace trunkgate {
namespace {

using IdSet = std::unordered_set<ObjectId, ObjectIdHash>;

// Pops that the search may go on after it looks finished: clocks that were off let a hidden commit
// come late. `git rev-list` does the same with 5.
constexpr int kSlop = 64;
// The same where a wrong answer would refuse an honest push.
constexpr int kLongSlop = 10'000;
// How far the first search goes before every judged ref is brought in.
constexpr std::size_t kFirstSearch = 20'000;

// Walks candidates and hidden commits by date, newest first, and paints what hidden ones reach.
class Painter {
 public:
  explicit Painter(const Repository& repository, int slop = kSlop)
      : repository_(repository), slop_(slop) {}

  void add_candidate(const ObjectId& id) { paint(id, kCandidate); }
  void add_hidden(const ObjectId& id) { paint(id, kHidden); }

  // False when `pops` ran out first.
  bool run(std::size_t pops) {
    int slop = slop_;
    while (!queue_.empty()) {
      if (open_candidates_ == 0 && (queue_.top().first < oldest_candidate_ || !any_left())) {
        if (slop-- == 0 || !any_left()) break;
      }
      if (pops-- == 0) return false;
      const ObjectId id = queue_.top().second;
      queue_.pop();
      Node& node = nodes_.at(id);
      node.queued = false;
      // What a hidden commit reaches is hidden, whatever else the commit is.
      const unsigned flags = node.flags == kCandidate ? kCandidate : kHidden;
      if (flags == kCandidate) {
        --open_candidates_;
        oldest_candidate_ = std::min(oldest_candidate_, node.links.time);
      }
      // Copied: paint() may move the nodes.
      const std::vector<ObjectId> parents = node.links.parents;
      for (const ObjectId& parent : parents) paint(parent, flags);
    }
    return true;
  }

  std::vector<ObjectId> unpainted() const {
    std::vector<ObjectId> left;
    for (const ObjectId& id : candidates_) {
      if ((nodes_.at(id).flags & kHidden) == 0) left.push_back(id);
    }
    return left;
  }

 private:
  static constexpr unsigned kCandidate = 1;
  static constexpr unsigned kHidden = 2;

  struct Node {
    CommitLinks links;
    unsigned flags = 0;
    bool queued = false;
  };

  void paint(const ObjectId& id, unsigned flags) {
    auto [at, added] = nodes_.try_emplace(id);
    Node& node = at->second;
    if (added) node.links = repository_.links(id);
    const unsigned before = node.flags;
    if ((before | flags) == before) return;
    node.flags = before | flags;
    if ((flags & kCandidate) != 0 && (before & kCandidate) == 0) {
      candidates_.push_back(id);
      ++unpainted_;
    }
    if ((node.flags & kHidden) != 0 && (before & kHidden) == 0 && (node.flags & kCandidate) != 0) {
      --unpainted_;
    } else if ((before & kHidden) != 0 && (flags & kCandidate) != 0 && (before & kCandidate) == 0) {
      --unpainted_;
    }
    if (node.queued) {
      if (before == kCandidate && node.flags != kCandidate) --open_candidates_;
      return;
    }
    node.queued = true;
    if (node.flags == kCandidate) ++open_candidates_;
    queue_.emplace(node.links.time, id);
  }

  bool any_left() const { return unpainted_ > 0; }

  const Repository& repository_;
  int slop_;
  std::unordered_map<ObjectId, Node, ObjectIdHash> nodes_;
  std::priority_queue<std::pair<std::int64_t, ObjectId>> queue_;
  std::vector<ObjectId> candidates_;
  std::size_t open_candidates_ = 0;  // queued nodes that are nothing but candidates
  std::size_t unpainted_ = 0;        // candidates that no hidden commit reaches, so far
  std::int64_t oldest_candidate_ = INT64_MAX;
};

// Those commits at and below `frontier`, all in the store before, that nothing judged reaches.
std::vector<ObjectId> unjudged(const Repository& repository, const NewCommitsQuery& query,
                               const std::vector<ObjectId>& frontier) {
  Painter first(repository);
  for (const ObjectId& id : frontier) first.add_candidate(id);
  for (const ObjectId& id : query.hidden) first.add_hidden(id);
  if (query.few_hidden) {
    for (const ObjectId& id : query.few_hidden()) first.add_hidden(id);
  }
  const bool finished = first.run(kFirstSearch);
  if (finished && first.unpainted().empty()) return {};
  if (!query.more_hidden) {
    first.run(SIZE_MAX);
    return first.unpainted();
  }
  Painter second(repository);
  for (const ObjectId& id : frontier) second.add_candidate(id);
  for (const ObjectId& id : query.hidden) second.add_hidden(id);
  for (const ObjectId& id : query.more_hidden()) second.add_hidden(id);
  second.run(SIZE_MAX);
  return second.unpainted();
}

}  // namespace

FreshCommits find_fresh_commits(const Repository& repository, std::vector<ObjectId> tips,
                                const std::vector<ObjectId>& hidden, std::size_t limit) {
  FreshCommits fresh;
  const IdSet hides(hidden.begin(), hidden.end());
  std::vector<std::uint32_t> queue;
  const auto visit = [&](const ObjectId& id) {
    if (const auto [number, added] = fresh.graph.add(id); added) queue.push_back(number);
  };
  for (const ObjectId& tip : tips) visit(tip);
  for (std::size_t first = 0; first < queue.size(); ++first) {
    const ObjectId id = fresh.graph.id(queue[first]);
    if (hides.contains(id)) continue;
    if (repository.existed_before(id)) {
      fresh.frontier.push_back(id);
      continue;
    }
    if (fresh.commits.ids.size() == limit) {
      fresh.commits.too_many = true;
      return fresh;
    }
    fresh.commits.ids.push_back(id);
    const std::vector<ObjectId> parents = repository.links(id).parents;
    for (const ObjectId& parent : parents) visit(parent);
    fresh.graph.set_parents(queue[first], parents);
  }
  fresh.commits.ids = fresh.graph.children_first(tips);
  fresh.tips = std::move(tips);
  return fresh;
}

NewCommits find_new_commits(const Repository& repository, const NewCommitsQuery& query,
                            std::size_t limit) {
  return find_new_commits(repository, query,
                          find_fresh_commits(repository, query.tips, query.hidden, limit), limit);
}

NewCommits find_new_commits(const Repository& repository, const NewCommitsQuery& query,
                            const FreshCommits& fresh, std::size_t limit) {
  const IdSet hidden(query.hidden.begin(), query.hidden.end());
  std::vector<ObjectId> frontier = fresh.frontier;
  std::erase_if(frontier, [&](const ObjectId& id) { return hidden.contains(id); });
  if (fresh.commits.too_many || frontier.empty()) return fresh.commits;
  CommitGraph graph = fresh.graph;
  bool too_many = false;
  try {
    for (const ObjectId& id : unjudged(repository, query, frontier)) {
      if (graph.commits() == limit) {
        too_many = true;
        break;
      }
      graph.set_parents(graph.add(id).first, repository.links(id).parents);
    }
  } catch (const MissingObject& missing) {
    // Below what was there before the push nothing may be missing: that is no fault of the pusher.
    throw Error(ErrorKind::repository, std::string("the repository is damaged: ") + missing.what());
  }
  if (graph.commits() == fresh.graph.commits() && !too_many) return fresh.commits;
  return {graph.children_first(fresh.tips), too_many};
}

bool reaches(const Repository& repository, const ObjectId& descendant, const ObjectId& ancestor) {
  return any_reaches(repository, {descendant}, ancestor);
}

// Paints down from both, newest first, until only what lies below common commits is left (as `git
// merge-base` does it, paint_down_to_common in commit-reach.c).
std::vector<ObjectId> merge_bases(const Repository& repository, const ObjectId& a,
                                  const ObjectId& b) {
  constexpr unsigned kBoth = 3;
  constexpr unsigned kBelow = 4;
  struct Node {
    CommitLinks links;
    unsigned paint = 0;
    bool queued = false;
  };
  std::unordered_map<ObjectId, Node, ObjectIdHash> nodes;
  std::priority_queue<std::pair<std::int64_t, ObjectId>> queue;
  std::size_t open = 0;  // queued and not below a common commit
  const auto paint = [&](const ObjectId& id, unsigned colours) {
    auto [at, added] = nodes.try_emplace(id);
    Node& node = at->second;
    if (added) node.links = repository.links(id);
    if ((node.paint | colours) == node.paint) return;
    const bool was_open = node.queued && (node.paint & kBelow) == 0;
    node.paint |= colours;
    const bool is_open = (node.paint & kBelow) == 0;
    if (was_open && !is_open) --open;
    if (!was_open && is_open) ++open;
    if (node.queued) return;
    node.queued = true;
    queue.emplace(node.links.time, id);
  };
  paint(a, 1);
  paint(b, 2);
  std::vector<ObjectId> common;
  while (open > 0) {
    const ObjectId id = queue.top().second;
    queue.pop();
    Node& node = nodes.at(id);
    node.queued = false;
    if ((node.paint & kBelow) == 0) --open;
    unsigned colours = node.paint;
    if (colours == kBoth) {
      common.push_back(id);
      colours |= kBelow;
    }
    const std::vector<ObjectId> parents = node.links.parents;  // paint() may move the nodes
    for (const ObjectId& parent : parents) paint(parent, colours);
  }
  std::vector<ObjectId> bases;
  for (const ObjectId& id : common) {
    // Clocks that are wrong may have brought one before what reaches it.
    const bool below = (nodes.at(id).paint & kBelow) != 0 ||
                       std::any_of(common.begin(), common.end(), [&](const ObjectId& other) {
                         return other != id && reaches(repository, other, id);
                       });
    if (!below && std::find(bases.begin(), bases.end(), id) == bases.end()) bases.push_back(id);
  }
  return bases;
}

bool any_reaches(const Repository& repository, const std::vector<ObjectId>& descendants,
                 const ObjectId& ancestor) {
  if (descendants.empty()) return false;
  if (std::find(descendants.begin(), descendants.end(), ancestor) != descendants.end()) return true;
  // `ancestor` is a candidate; it is reached exactly when it gets painted.
  Painter painter(repository, kLongSlop);
  painter.add_candidate(ancestor);
  for (const ObjectId& id : descendants) painter.add_hidden(id);
  painter.run(SIZE_MAX);
  const std::vector<ObjectId> left = painter.unpainted();
  return std::find(left.begin(), left.end(), ancestor) == left.end();
}

}  // namespace trunkgate
