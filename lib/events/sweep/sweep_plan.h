// What is to happen to one branch next: a notice, the archive, or nothing yet.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "git/object_id.h"
#include "policy/sweep_policy.h"

namespace trunkgate {

// Times are in seconds since 1970.
struct SweptBranch {
  std::string ref;  // full name
  ObjectId tip;
  std::int64_t last_commit = 0;  // when the tip was committed, by its own word
  std::int64_t moved = 0;        // when something last moved it; 0 when nobody knows
};

// A notice that was given.
struct GivenNotice {
  ObjectId tip;  // of the branch then
  std::int64_t given = 0;
  std::int64_t archive_after = 0;  // what it said

  bool operator==(const GivenNotice&) const = default;
};

struct SweepStep {
  enum class Kind {
    notice,   // is to be given
    waiting,  // was given, and the time is not over
    archive,
  };

  Kind kind = Kind::notice;
  const SweepEntry* entry = nullptr;
  std::int64_t since = 0;          // nothing new from then on
  std::int64_t archive_after = 0;  // it goes at this time or later
};

// Since when a branch has been merged into one of the entry's branches: 0 when it was long ago or
// nobody knows, nothing when it has not been.
using MergedSince =
    std::function<std::optional<std::int64_t>(const SweepEntry&, const SweptBranch&)>;

// `notice` may be null. A branch that several entries are for goes by the one that is over first.
// The time runs from the last commit or move, whichever came later; for merged branches not before
// the merge. A commit from the future says nothing about time. A notice counts only for the tip it
// was given for, and not when the branch has moved meanwhile.
std::optional<SweepStep> next_step(std::span<const SweepEntry> entries, const SweptBranch& branch,
                                   const GivenNotice* notice, const MergedSince& merged,
                                   std::int64_t now);

}  // namespace trunkgate
