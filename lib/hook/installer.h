// Puts the gate on a bare repository. The order of the steps is chosen so that a repository is
// never left with a hook that was there before and runs no more, nor with half a hook.
#pragma once

#include <string>
#include <vector>

#include "hook/git_program.h"

namespace trunkgate {

struct InstallSettings {
  std::string programs;        // folder with the hook programs, absolute
  std::string default_policy;  // file copied into a repository that has no policy
  std::string system_policy;   // kSystemPolicy
  // For the git program: where configuration is read from, "HOME=/home/git".
  std::vector<std::string> git_environment;
  bool init = false;     // create a repository that does not exist
  bool replace = false;  // set foreign hooks aside instead of chaining them
  bool dry_run = false;  // look, change nothing
};

enum class HookChange { unchanged, installed, updated };

struct HookReport {
  std::string name;
  HookChange change = HookChange::unchanged;
  // A foreign hook that stood there: its new place, "hooks/pre-receive.d/50-previous", and whether
  // our hook runs it. Empty when there was none.
  std::string kept;
  bool chained = false;
  std::vector<std::string> runs_after;  // everything that our hook runs, names in `<hook>.d`
};

struct InstallReport {
  std::string repository;  // absolute, as it is on disk
  bool created = false;
  bool policy_copied = false;
  bool baseline_recorded = false;
  std::vector<std::string> configured;  // "receive.fsckObjects=true"
  bool evidence_hidden = false;         // just now, from fetches
  std::vector<HookReport> hooks;
  // The policy has the merge queue on; `queue_obstacle` says why it works all the same not.
  bool queue = false;
  std::string queue_obstacle;
  // What is wrong with the policy, with positions, several lines; empty when nothing is. The gate
  // is installed all the same, and refuses every push.
  std::string policy_mistakes;

  bool changed() const;
  bool newly_installed() const;
};

// Throws Error: it cannot be done, and why. Nothing that was in force before is lost then.
InstallReport install_gate(const std::string& path, const InstallSettings& settings);

}  // namespace trunkgate
