// One hook's view of one push: repository, folders, policy, and the records it leaves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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
#include "policy/exemption_claims.h"
#include "policy/verdict.h"
#include "push/push.h"
#include "push/ref_update.h"

namespace trunkgate {

// Which hook is asking: only pre-receive sees objects in quarantine, and push options in its
// environment. `landing` is proc-receive, which makes ref updates itself.
enum class Stage { pre_receive, update, landing };

class Gate {
 public:
  // Opens the repository of the environment (GIT_DIR, the quarantine, GIT_NAMESPACE). Throws
  // Error(repository). `options`: push options that do not stand in the environment.
  Gate(const Invocation& call, Stage stage, std::vector<std::string> options = {});

  // Judges the updates. A policy that cannot be loaded is an undecided verdict; once it is loaded,
  // all further updates are judged by the same one. Nothing is kept but claims on the exemptions
  // that let refs in, and those only until accept(): whatever ends the push before releases them.
  Verdict judge(const RefUpdates& received);

  // Leaves the verdict for `update`, and the intent for the deliverer: from now on the push counts.
  // A landing is added to what the push has left so far. Throws Error(delivery): then the push must
  // be refused. Where the policy says so, an intent that cannot be written is a warning.
  void accept(const Verdict& verdict);
  // The last landing has come about.
  void keep_claims();
  // Or it has not: takes back its intent.
  void withdraw();
  // Leaves the rejection for the deliverer. Never throws: the push is refused anyway.
  void reject(const Verdict& verdict) noexcept;

  // What the pusher reads: text, or JSON when the push option policy.format=json asks for it.
  std::string report(const Verdict& verdict) const;

  // The push option policy=check: judge, change nothing.
  bool check_only() const;

  const GatePaths& paths() const { return paths_; }
  const Repository& repository() const { return *repository_; }
  const Environment& environment() const { return environment_; }
  const Sharing& sharing() const { return sharing_; }
  const PushKey& key() const { return key_; }
  // Once judge() has found a policy.
  const Policy& policy() const { return *in_force_->policy; }
  // What rules are asked about, without any ref update; likewise.
  Push push() const;

  // Other refs of the push may be let in, whatever becomes of those judged here.
  void judge_partly() { partly_ = true; }

 private:
  // Nothing once the policy is loaded; else a verdict that says why it is not.
  std::optional<Verdict> load(const RefUpdates& received, const std::vector<PolicyRoot>& roots);
  SpoolRecord record(SpoolRecord::Kind kind, const Verdict& verdict) const;
  void record_rejection(const Verdict& verdict) noexcept;
  bool claim(const Verdict& verdict, const Policy& policy, std::int64_t now);
  void warn_of_crowd(Verdict& verdict) const;
  void leave_intent(const Spool& spool, const SpoolRecord& intent) const;

  Stage stage_;
  Environment environment_;
  std::unique_ptr<Repository> repository_;
  GatePaths paths_;
  Sharing sharing_;
  PushKey key_;
  Pusher pusher_;
  std::vector<std::string> options_;
  std::optional<PolicyInForce> in_force_;
  std::optional<SpoolRecord> intent_before_;  // what accept() has added a landing to
  std::int64_t now_ = 0;                      // seconds since 1970, when the policy was loaded
  std::int64_t looked_ = 0;                   // microseconds since 1970, before refs were read
  bool partly_ = false;
  std::size_t waiting_ = 0;  // records in the spool, when judge() was called; see spool_room.h
  std::unique_ptr<ExemptionClaims> claims_;
};

}  // namespace trunkgate
