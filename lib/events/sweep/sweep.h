// Gives notice of branches that nobody works on any more, and puts them into the archive.
//
// Everything is told through the spool: a notice is a record of its own, and what goes into the
// archive is told as a push is, by an intent before and a result after. So a sweep that is killed
// at any point is recovered as a push would be.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/push_key.h"
#include "events/sweep/sweep_plan.h"
#include "git/repository.h"
#include "policy/policy.h"

namespace trunkgate {

struct SweepSettings {
  std::string folder;                 // <repo>/trunkgate
  PushKey key;                        // of this process
  std::function<std::int64_t()> now;  // microseconds since 1970
};

// What became, or would become, of one branch.
struct SweepRow {
  enum class Outcome { noticed, waiting, archived, deleted, in_use, moved, failed };

  Outcome outcome = Outcome::waiting;
  SweptBranch branch;
  SweepStep step;
  std::string archive = {};  // the full name there
  std::string words = {};    // in_use: what serves; failed: why. Printable
};

// The rows of a sweep, sorted by branch. With `dry_run` nothing is written. `policy` is settled.
// Throws Error, and Error(delivery) when another sweep is at work.
std::vector<SweepRow> sweep(const Repository& repository, const Policy& policy,
                            const SweepSettings& settings, bool dry_run);

// Puts a branch back with what the archive holds of it, which stays there. `branch` is a name as
// people say it. Returns the name in the archive; throws Error(usage) when it cannot be. `by` is
// who wants it.
std::string restore(const Repository& repository, const SweepSettings& settings,
                    const std::string& branch, const std::string& by);

}  // namespace trunkgate
