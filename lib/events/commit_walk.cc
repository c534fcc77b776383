#include "events/commit_walk.h"

#include <algorithm>

#include "base/error.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kClockSkew = 24 * 3600;  // seconds

}  // namespace

const std::optional<CommitLinks>& CommitWalk::links(const ObjectId& id) {
  const auto [entry, fresh] = links_.try_emplace(id);
  if (fresh) {
    try {
      entry->second = repository_->links(id);
    } catch (const Error&) {
      // Pruned, never arrived or malformed: an event is told without it.
    }
  }
  return entry->second;
}

void CommitWalk::Reachable::add(CommitWalk& walk, const ObjectId& tip) {
  if (seen_.contains(tip)) return;
  const auto& links = walk.links(tip);
  if (!links) return;
  seen_.insert(tip);
  open_.emplace(links->time, tip);
}

bool CommitWalk::Reachable::contains(CommitWalk& walk, const ObjectId& id, std::int64_t time) {
  while (!open_.empty() && steps_ < kMaxHidden && open_.top().first >= time - kClockSkew) {
    const ObjectId commit = open_.top().second;
    open_.pop();
    ++steps_;
    // A copy: reading the parents may move the entry.
    const std::vector<ObjectId> parents = walk.links(commit)->parents;
    for (const ObjectId& parent : parents) add(walk, parent);
  }
  return seen_.contains(id);
}

CommitRange CommitWalk::collect(const ObjectId& tip, Reachable& hidden,
                                const std::optional<Target>& target) {
  CommitRange range;
  std::priority_queue<Entry> open;
  std::unordered_set<ObjectId> seen;
  const auto add = [&](const ObjectId& id) {
    if (!seen.insert(id).second) return;
    if (const auto& found = links(id)) open.emplace(found->time, id);
  };
  add(tip);
  for (std::size_t steps = 0; !open.empty(); ++steps) {
    const auto [time, id] = open.top();
    open.pop();
    if (target && id == target->id) range.fast_forward = true;
    if (hidden.contains(*this, id, time)) continue;
    if (range.commits.size() == kMaxCommits) {
      // The list is full; what is left is whether `before` is an ancestor.
      range.complete = false;
      if (!target || range.fast_forward || steps > kMaxSearch || time < target->time - kClockSkew) {
        break;
      }
    } else {
      range.commits.push_back(id);
    }
    const std::vector<ObjectId> parents = links(id)->parents;
    for (const ObjectId& parent : parents) add(parent);
  }
  // Dates out of order: found on both sides only later.
  std::erase_if(range.commits, [&](const ObjectId& id) { return hidden.seen(id); });
  range.commits = sorted(range.commits);
  return range;
}

// Dates alone do not order commits: several of one rebase share a second.
std::vector<ObjectId> CommitWalk::sorted(const std::vector<ObjectId>& commits) {
  std::unordered_map<ObjectId, std::size_t> children;
  for (const ObjectId& id : commits) children[id];
  for (const ObjectId& id : commits) {
    for (const ObjectId& parent : links(id)->parents) {
      if (const auto found = children.find(parent); found != children.end()) ++found->second;
    }
  }
  std::priority_queue<Entry> ready;
  for (const ObjectId& id : commits) {
    if (children[id] == 0) ready.emplace(links(id)->time, id);
  }
  std::vector<ObjectId> order;
  order.reserve(commits.size());
  while (!ready.empty()) {
    const ObjectId id = ready.top().second;
    ready.pop();
    order.push_back(id);
    for (const ObjectId& parent : links(id)->parents) {
      const auto found = children.find(parent);
      if (found == children.end() || --found->second != 0) continue;
      ready.emplace(links(parent)->time, parent);
    }
  }
  return order;
}

CommitRange CommitWalk::between(const ObjectId& before, const ObjectId& after) {
  Reachable hidden;
  hidden.add(*this, before);
  const auto& old = links(before);
  return collect(after, hidden, old ? std::optional(Target{before, old->time}) : std::nullopt);
}

CommitRange CommitWalk::unhidden(const ObjectId& tip) {
  CommitRange range = collect(tip, hidden_, std::nullopt);
  if (hidden_.exhausted()) {
    // Too little is known of what was there before.
    range.commits.clear();
    range.complete = false;
  }
  return range;
}

std::optional<ObjectId> CommitWalk::start_of(const CommitRange& range) {
  if (range.commits.empty()) return std::nullopt;
  const std::unordered_set<ObjectId> fresh(range.commits.begin(), range.commits.end());
  ObjectId commit = range.commits.front();
  while (fresh.contains(commit)) {
    const auto& found = links(commit);
    if (!found || found->parents.empty()) return std::nullopt;
    commit = found->parents.front();
  }
  return commit;
}

std::optional<ObjectId> CommitWalk::nearest_ancestor(const ObjectId& tip,
                                                     const std::unordered_set<ObjectId>& wanted) {
  if (wanted.empty() || (wanted.size() == 1 && wanted.contains(tip))) return std::nullopt;
  std::priority_queue<Entry> open;
  std::unordered_set<ObjectId> seen;
  const auto add = [&](const ObjectId& id) {
    if (!seen.insert(id).second) return;
    if (const auto& found = links(id)) open.emplace(found->time, id);
  };
  add(tip);
  for (std::size_t steps = 0; !open.empty() && steps < kMaxSearch; ++steps) {
    const ObjectId id = open.top().second;
    open.pop();
    if (id != tip && wanted.contains(id)) return id;
    const std::vector<ObjectId> parents = links(id)->parents;
    for (const ObjectId& parent : parents) add(parent);
  }
  return std::nullopt;
}

}  // namespace trunkgate
