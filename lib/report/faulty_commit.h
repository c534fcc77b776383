// A commit with everything that its findings want of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/finding.h"

namespace trunkgate {

struct FaultyCommit {
  ObjectId id;
  bool root = false;
  std::size_t newer = 0;  // how many commits of the push come after it
  Amendment wanted = {};  // of all findings together
  bool reword = false;
  std::optional<std::string> title = {};  // what it is reworded to, when that is certain and safe
  std::vector<std::string> dropped = {};  // paths to be taken out, printable

  // Commands that change the index before the commit is made anew.
  std::vector<std::string> changes() const;
  // What is wanted of it beside what `everywhere` does anyway.
  Amendment wanted_beside(const Amendment& everywhere) const;
  // Whether a rebase has to stop at it, since that and other words are not enough.
  bool needs_stop(const Amendment& everywhere) const;
  // The command that does all that is wanted, and words it anew.
  std::string amend_command(const Amendment& wanted) const;
};

// "git commit --amend --no-edit -s"
std::string amend_command(const Amendment& wanted);

// Those that have to be made anew, in the order of the findings.
std::vector<FaultyCommit> faulty_commits(const std::vector<const Finding*>& findings);

}  // namespace trunkgate
