// What `trunkgate sink test` does, in two programs like run_delivery().
#pragma once

#include <string>

#include "events/local_sinks.h"

namespace trunkgate {

struct SinkTrial {
  std::string sink;  // its name in the policy
  std::string repository;
};

// Sends one event that tells nothing and says what the receiver answered. Returns the exit code: 0
// it has taken it, 1 it has not. `network` is the program that knows all sinks; empty in that
// program itself. Throws Error.
int try_sink(const SinkTrial& test, const SinkMaker& make, const std::string& network);

}  // namespace trunkgate
