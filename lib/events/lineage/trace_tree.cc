#include "events/lineage/trace_tree.h"

#include <algorithm>

namespace trunkgate {

TraceTree::TraceTree(const LineageGraph& graph, LineageDirection direction)
    : all_(graph.nodes.size()), below_(graph.nodes.size()) {
  for (const TracedEdge& edge : graph.edges) {
    const bool up = direction == LineageDirection::up;
    all_[up ? edge.to : edge.from].push_back({up ? edge.from : edge.to, edge.statement});
  }
  for (std::size_t node = 0; node < all_.size(); ++node) {
    std::sort(all_[node].begin(), all_[node].end(),
              [](const TreeBranch& a, const TreeBranch& b) { return a.node < b.node; });
    for (const TreeBranch& branch : all_[node]) {
      if (!explained(node, branch.node)) below_[node].push_back(branch);
    }
  }
}

// Whether another branch leads there, by itself: what leads back, in a circle, explains nothing.
bool TraceTree::explained(std::size_t parent, std::size_t node) {
  return std::any_of(all_[parent].begin(), all_[parent].end(), [&](const TreeBranch& other) {
    return other.node != node && reached_from(other.node)[node] &&
           !reached_from(node)[other.node] && !reached_from(other.node)[parent];
  });
}

const std::vector<bool>& TraceTree::reached_from(std::size_t node) {
  const auto [known, is_new] = reached_.try_emplace(node);
  std::vector<bool>& reached = known->second;
  if (!is_new) return reached;
  reached.resize(all_.size());
  std::vector<std::size_t> open{node};
  while (!open.empty()) {
    const std::size_t next = open.back();
    open.pop_back();
    for (const TreeBranch& branch : all_[next]) {
      if (reached[branch.node]) continue;
      reached[branch.node] = true;
      open.push_back(branch.node);
    }
  }
  return reached;
}

}  // namespace trunkgate
