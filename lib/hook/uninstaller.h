// Takes the gate off a bare repository. As with installing, a repository is never left with half a
// hook.
#pragma once

#include <string>
#include <vector>

namespace trunkgate {

struct RemovedHook {
  std::string name;
  bool removed = false;  // false: none of ours was there
  std::string restored;  // the earlier hook that is back in force, "hooks/update.d/50-previous"
  std::string left;      // a folder of earlier hooks that nothing runs any more, "hooks/update.d"
};

// Takes our hooks away and puts earlier ones back; of kQueueHook nothing is said where it is not
// ours. The setting that hands landings to it goes as well. Policy, state and events stay. Throws
// Error.
std::vector<RemovedHook> uninstall_gate(const std::string& path, bool dry_run);

}  // namespace trunkgate
