// The check of all pushed trees, beside the rules: on a thread of its own when there are many.
#pragma once

#include <future>
#include <vector>

#include "git/pushed_trees.h"
#include "git/repository.h"
#include "rules/finding.h"

namespace trunkgate {

class TreeScan {
 public:
  // Starts it. `repository` must outlive this object.
  explicit TreeScan(const Repository& repository);

  // Waits for it. One finding for each tree that is refused; when the scan itself failed, one that
  // says so (undecided).
  std::vector<Finding> findings();

 private:
  std::future<std::vector<TreeFault>> scan_;
};

}  // namespace trunkgate
