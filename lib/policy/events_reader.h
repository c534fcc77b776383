// Reads `events` of a policy: where events go, and which tags and branches they tell more about.
#pragma once

#include <set>
#include <string>

#include "config/diagnostics.h"
#include "config/document.h"
#include "policy/policy.h"

namespace trunkgate {

class EventsReader {
 public:
  // `diagnostics` takes the mistakes and outlives the reader.
  explicit EventsReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Of one layer, the top one first. Sinks of all layers count; of releases and hotfixes those of
  // the last layer that says them. A relative path starts at `folder`, which is empty or ends with
  // a slash.
  void read(const Node& node, const std::string& folder, Policy& policy);

 private:
  void read_sink(const Node& node, const std::string& folder, Policy& policy);
  void read_hotfixes(const Node& node, EventsPolicy& events);

  Diagnostics& diagnostics_;
  std::set<std::string> names_;  // of sinks
};

}  // namespace trunkgate
