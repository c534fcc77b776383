// One direction of a lineage as a tree.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "events/lineage/lineage_graph.h"

namespace trunkgate {

struct TreeBranch {
  std::size_t node = 0;
  std::size_t statement = 0;  // that ties it to its parent
};

// What stands below each node. An edge that other edges explain is left out - a serving that names
// the commit of its weights, too -, so that each thing stands where it was used.
class TraceTree {
 public:
  // `graph` outlives this.
  TraceTree(const LineageGraph& graph, LineageDirection direction);

  // In the order of the graph.
  const std::vector<TreeBranch>& below(std::size_t node) const { return below_[node]; }

 private:
  const std::vector<bool>& reached_from(std::size_t node);
  bool explained(std::size_t parent, std::size_t node);

  std::vector<std::vector<TreeBranch>> all_;
  std::vector<std::vector<TreeBranch>> below_;
  std::map<std::size_t, std::vector<bool>> reached_;
};

}  // namespace trunkgate
