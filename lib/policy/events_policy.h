// What events tell besides what happened to each reference: `received`, `releases` and `hotfixes`
// below `events` in the policy; how long they are kept, and what is done when they cannot be.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ref_patterns.h"

namespace trunkgate {

// How long the journal keeps events.
struct JournalPolicy {
  std::chrono::seconds keep_for = std::chrono::hours(24 * 400);
  std::uint64_t max_bytes = std::uint64_t{1} << 30U;

  bool operator==(const JournalPolicy&) const = default;
};

struct EventsPolicy {
  bool received = false;  // push.received is told, too
  // Tags that are releases.
  RefPatterns releases{GlobSet({Glob("refs/tags/v*")})};
  // Branches that are hotfixes, and the branches that must get them once they have landed: full
  // names, inside of the namespace. None without `hotfixes` in the policy.
  RefPatterns hotfixes;
  std::vector<std::string> hotfixes_into;
  JournalPolicy journal;
  // A push goes through although its record cannot be written: what it did to refs is told, not who
  // made it.
  bool best_effort = false;
  // A spool that takes no more records refuses pushes.
  bool blocks_when_full = false;
};

}  // namespace trunkgate
