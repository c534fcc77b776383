// Which branches go when nobody works on them any more: an entry of `sweep` in the policy.
#pragma once

#include <cstdint>
#include <string>

#include "base/ref_patterns.h"

namespace trunkgate {

struct SweepEntry {
  std::string name;         // printable; may be empty
  RefPatterns refs;         // branches it is for
  RefPatterns except;       // and those among them that stay
  RefPatterns merged_into;  // only what one of these has got goes; empty: all of it
  std::int64_t after = 0;   // seconds without anything new
  std::int64_t notice = 0;  // seconds between the notice and the end; not more than `after`
  bool archive = true;      // kept in refs/archive/heads/; else only deleted
};

}  // namespace trunkgate
