// Reads `events` of a policy: where events go, how long they are kept, and which tags and
// branches they tell more about.
#pragma once

#include <map>
#include <set>
#include <string>

#include "config/concealed.h"
#include "config/diagnostics.h"
#include "config/document.h"
#include "policy/policy.h"
#include "policy/sink_reader.h"

namespace trunkgate {

class EventsReader {
 public:
  // `diagnostics` takes the mistakes and outlives the reader.
  explicit EventsReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Of one layer, the top one first. Sinks of all layers count; of everything else those of the
  // last layer that says them. A relative path starts at `folder`, which is empty or ends with
  // a slash.
  void read(const Node& node, const std::string& folder, Policy& policy);

  // What can be judged only when all layers are read.
  void check(const Policy& policy) const;

  // Values that must not be shown with mistakes.
  const Concealed& secrets() const { return secrets_; }

 private:
  void read_sink(const Node& node, const std::string& folder, Policy& policy);
  void read_hotfixes(const Node& node, EventsPolicy& events);
  void read_journal(const Node& node, JournalPolicy& journal);

  Diagnostics& diagnostics_;
  Concealed secrets_;
  SinkReader sinks_{diagnostics_, secrets_};
  std::set<std::string> names_;               // of sinks
  std::map<std::string, std::string> files_;  // their paths, and the sinks that write them
};

}  // namespace trunkgate
