// One look at everything that a push brought in packs, before rules are asked about it: whether its
// trees can be trusted, in what they differ, and which files rules need not read.
#pragma once

#include <vector>

#include "git/pushed_scan.h"
#include "git/repository.h"
#include "policy/content_sieve.h"
#include "policy/policy.h"
#include "rules/finding.h"

namespace trunkgate {

class PackScan {
 public:
  // Starts it. `rules` are those that will be asked about files. All must outlive this object.
  PackScan(const Repository& repository, const std::vector<const ActiveRule*>& rules);

  // Waits. Null when trees must be read to be compared.
  const TreeChanges* changes() { return scan_.changes(); }
  // Waits.
  const ContentSieve& sieve();
  // Waits. One finding for each tree that is refused; when the scan itself failed, one that says so
  // (undecided). To be called once.
  std::vector<Finding> findings();

 private:
  ContentSieve sieve_;
  PushedScan scan_;
};

}  // namespace trunkgate
