// Tips of all refs at the time the gate was installed, and when a rule was seen for the first time:
// what they reach is history and is never judged.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// On disk, in <repo>/trunkgate/state/baselines (kept: never change): `index` has a line "KEY N" for
// each rule; file N holds the zero id and then the ids of the commits, sorted, 20 bytes each.
// Baseline 0 is the installation's.
class Baselines {
 public:
  // `durability` of what is recorded: a hook does not make a pusher wait for the disk; what a power
  // cut takes away is recorded again with the next push.
  Baselines(std::string folder, Sharing sharing, Durability durability = Durability::synced);

  // The baseline of each rule key. Records the present tips once for all keys that are new (as
  // baseline 0 when there is none yet). Throws Error(delivery) when it cannot write.
  std::map<std::string, std::size_t> numbers(const Repository& repository,
                                             const std::vector<std::string>& keys);

  // The commits of a baseline; those that are no longer in the repository are left out.
  std::vector<ObjectId> tips(const Repository& repository, std::size_t number) const;

  // True once baseline 0 is recorded.
  bool recorded() const;

 private:
  std::map<std::string, std::size_t> read_index() const;

  std::string folder_;
  Sharing sharing_;
  Durability durability_;
};

}  // namespace trunkgate
