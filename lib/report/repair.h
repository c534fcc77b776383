// What mends the commits of a ref: one rewriting for all of them, for two would undo each other.
#pragma once

#include <string>
#include <vector>

#include "policy/verdict.h"

namespace trunkgate {

// A command to paste, or what has to be done by hand in between.
struct RepairStep {
  std::string text;
  bool command = true;

  bool operator==(const RepairStep&) const = default;
};

struct Repair {
  std::vector<RepairStep> steps;
  std::vector<ObjectId> commits;  // that are at fault
};

// The steps, in order, after which every commit of `ref` is as its findings want it: an amendment
// of the tip, or one rebase from the oldest commit that is at fault. None when nothing has to be
// rewritten, or when that is no matter of a branch. Made for what refuses the ref; for all that is
// shown when nothing does.
Repair repair_of(const RefVerdict& ref);

// The finding's own commands. After a repair of the commits they speak of HEAD where they spoke of
// the tip that was pushed.
std::vector<std::string> commands_of(const RefVerdict& ref, const Finding& finding,
                                     const Repair& repair);

}  // namespace trunkgate
