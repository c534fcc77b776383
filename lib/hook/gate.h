// One hook's view of one push: repository, folders, policy, and the records it leaves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/push_key.h"
#include "events/spool.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "hook/handover.h"
#include "hook/invocation.h"
#include "hook/policy_source.h"
#include "policy/evaluator.h"
#include "policy/verdict.h"
#include "push/ref_update.h"

namespace trunkgate {

// Which hook is asking: only pre-receive sees objects in quarantine and push options.
enum class Stage { pre_receive, update };

class Gate {
 public:
  // Opens the repository of the environment (GIT_DIR, the quarantine, GIT_NAMESPACE). Throws
  // Error(repository).
  Gate(const Invocation& call, Stage stage);

  // Judges the updates and keeps nothing. A policy that cannot be loaded is an undecided verdict.
  Verdict judge(const RefUpdates& received);

  // Leaves the verdict for `update`, and the intent for the deliverer: from now on the push counts.
  // Throws Error(delivery): then the push must be refused.
  void accept(const Verdict& verdict);
  // Leaves the rejection for the deliverer. Never throws: the push is refused anyway.
  void reject(const Verdict& verdict) noexcept;

  // What the pusher reads: text, or JSON when the push option policy.format=json asks for it.
  std::string report(const Verdict& verdict) const;

  // The push option policy=check: judge, change nothing.
  bool check_only() const;

  const GatePaths& paths() const { return paths_; }

 private:
  SpoolRecord record(SpoolRecord::Kind kind, const Verdict& verdict) const;

  Stage stage_;
  Environment environment_;
  std::unique_ptr<Repository> repository_;
  GatePaths paths_;
  Sharing sharing_;
  PushKey key_;
  Pusher pusher_;
  std::vector<std::string> options_;
};

}  // namespace trunkgate
