// What is in service, as the newest deployment of each service says it, and which commits it was
// made from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "events/sqlite.h"
#include "git/repository.h"

namespace trunkgate {

struct ServedCommit {
  std::string commit;   // hexadecimal
  std::string version;  // its best tag, else dev-<eight digits>; printable
};

struct InService {
  std::string service;                     // "prod/ranker", UTF-8
  std::string revision;                    // "rev17"
  std::vector<ServedCommit> commits = {};  // the nearest first, five at most
  std::string left_by = {};                // printable; empty when nobody knows
  std::int64_t recorded = 0;               // microseconds since 1970; 0 when nobody knows
};

// By service. Of two deployments of one service the one that was left later counts.
std::vector<InService> in_service(const Database& lineage, const Repository& repository);

// A line for each, printable.
std::string in_service_text(const std::vector<InService>& services);
// One line of JSON, valid UTF-8.
std::string in_service_json(const std::vector<InService>& services);

}  // namespace trunkgate
