// Reads `sweep` of a policy: which branches go after a time, and what becomes of them.
#pragma once

#include <set>
#include <string>

#include "config/diagnostics.h"
#include "config/document.h"
#include "config/option_reader.h"
#include "policy/policy.h"

namespace trunkgate {

class SweepReader {
 public:
  // `diagnostics` takes the mistakes and outlives the reader.
  explicit SweepReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Of one layer; entries of all layers count.
  void read(const Node& list, Policy& policy);

 private:
  SweepEntry read_entry(const Node& node);
  RefPatterns read_branches(const OptionReader& reader, const Option<RefPatterns>& option);
  void read_times(const OptionReader& reader, SweepEntry& entry);

  Diagnostics& diagnostics_;
  std::set<std::string> names_;
};

}  // namespace trunkgate
