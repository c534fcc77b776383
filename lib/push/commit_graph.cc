#include "push/commit_graph.h"

#include <algorithm>

namespace trunkgate {

std::size_t IdTable::slot(const ObjectId& id) const {
  std::size_t at = ObjectIdHash()(id) & (slots_.size() - 1);
  while (slots_[at] != kFree && ids_[slots_[at]] != id) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void IdTable::grow() {
  constexpr std::size_t kFirst = 64;
  slots_.assign(std::max(kFirst, 4 * ids_.size()), kFree);
  for (std::size_t number = 0; number < ids_.size(); ++number) {
    slots_[slot(ids_[number])] = static_cast<std::uint32_t>(number);
  }
}

std::pair<std::uint32_t, bool> IdTable::add(const ObjectId& id) {
  if (2 * ids_.size() >= slots_.size()) grow();
  std::uint32_t& there = slots_[slot(id)];
  if (there != kFree) return {there, false};
  there = static_cast<std::uint32_t>(ids_.size());
  ids_.push_back(id);
  return {there, true};
}

std::optional<std::uint32_t> IdTable::find(const ObjectId& id) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t there = slots_[slot(id)];
  return there == kFree ? std::nullopt : std::optional(there);
}

std::pair<std::uint32_t, bool> CommitGraph::add(const ObjectId& id) {
  const auto added = ids_.add(id);
  if (added.second) nodes_.emplace_back();
  return added;
}

void CommitGraph::set_parents(std::uint32_t number, const std::vector<ObjectId>& parents) {
  if (nodes_[number].belongs) return;
  const auto first = static_cast<std::uint32_t>(parents_.size());
  for (const ObjectId& parent : parents) parents_.push_back(add(parent).first);
  nodes_[number] = {first, static_cast<std::uint32_t>(parents.size()), true};
  ++commits_;
}

std::vector<ObjectId> CommitGraph::children_first(const std::vector<ObjectId>& tips) const {
  std::vector<ObjectId> order;  // parents first, until it is turned round
  order.reserve(commits_);
  std::vector<bool> entered(nodes_.size());
  struct Step {
    std::uint32_t number = 0;
    std::uint32_t done = 0;  // of its parents
  };
  std::vector<Step> path;
  const auto enter = [&](std::uint32_t number) {
    if (!nodes_[number].belongs || entered[number]) return;
    entered[number] = true;
    path.push_back({number, 0});
  };
  for (auto tip = tips.rbegin(); tip != tips.rend(); ++tip) {
    if (const auto number = ids_.find(*tip)) enter(*number);
    while (!path.empty()) {
      Step& last = path.back();
      const Node& node = nodes_[last.number];
      if (last.done == node.count) {
        order.push_back(ids_.id(last.number));
        path.pop_back();
      } else {
        enter(parents_[node.first + last.done++]);
      }
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace trunkgate
