// What events tell besides what happened to each reference: `received`, `releases` and `hotfixes`
// below `events` in the policy.
#pragma once

#include <string>
#include <vector>

#include "base/ref_patterns.h"

namespace trunkgate {

struct EventsPolicy {
  bool received = false;  // push.received is told, too
  // Tags that are releases.
  RefPatterns releases{GlobSet({Glob("refs/tags/v*")})};
  // Branches that are hotfixes, and the branches that must get them once they have landed: full
  // names, inside of the namespace. None without `hotfixes` in the policy.
  RefPatterns hotfixes;
  std::vector<std::string> hotfixes_into;
};

}  // namespace trunkgate
