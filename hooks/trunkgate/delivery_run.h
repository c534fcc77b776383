// What `trunkgate deliver` does. It stands in two programs: the tool itself, and
// libexec/trunkgate/deliver, which knows the sinks that need network libraries as well; the tool
// turns into that one where the policy has such sinks. A push starts the tool each time, and shared
// libraries would cost it more than all the rest.
#pragma once

#include <string>
#include <vector>

#include "events/local_sinks.h"

namespace trunkgate {

struct DeliveryRun {
  std::vector<std::string> repositories;
  // Started by a hook: leaves sinks to a process that is at them, stays for retries that are due
  // within ten minutes, and says nothing.
  bool woken = false;
  bool watch = false;  // goes on until it is stopped
};

// Returns the exit code: 0 fine, 2 when something could not be done. `network` is the program that
// knows all sinks; empty in that program itself.
int run_delivery(const DeliveryRun& run, const SinkMaker& make, const std::string& network);

}  // namespace trunkgate
