// What killed pushes and damage have left in a repository, and how an admin gets rid of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hook/gate_paths.h"

namespace trunkgate {

struct Remain {
  std::string what;  // printable: what is there and what comes of it
  std::string fix;   // a command for a shell, printable; empty when there is none to give
};

// Looks for locks of Git that nobody holds any more (older than ten minutes, while no process works
// in the repository), quarantines older than two weeks, as git-prune(1) takes them away, records
// that wait in the spool for more than 15 minutes, and files that were set aside because they were
// damaged. `now` is in seconds since 1970. Changes nothing. What this account may not read is left
// out.
std::vector<Remain> find_remains(const GatePaths& paths, std::int64_t now);

}  // namespace trunkgate
