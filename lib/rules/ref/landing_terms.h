// What a direct-push rule asks of a landing, for those who make one: the merge queue.
#pragma once

#include <string>
#include <vector>

#include "base/match.h"
#include "rules/rule.h"

namespace trunkgate {

struct LandingTerms {
  bool merge = false;  // may land by
  bool fast_forward = false;
  GlobSet from;                 // branches that may land, without refs/heads/
  bool anybody = false;         // may land them; else
  std::vector<std::string> by;  // only these, sorted
};

// `rule` must be a direct-push rule.
LandingTerms landing_terms(const Rule& rule);

}  // namespace trunkgate
