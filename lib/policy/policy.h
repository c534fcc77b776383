// A loaded policy: what every rule applies to, and everything else an admin decides.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "config/diagnostics.h"
#include "evidence/attestation_policy.h"
#include "policy/events_policy.h"
#include "policy/exemption.h"
#include "policy/scope.h"
#include "policy/sink_settings.h"
#include "policy/sweep_policy.h"
#include "push/people.h"
#include "push/pusher.h"
#include "rules/rule.h"

namespace trunkgate {

// One rule as one ruleset uses it.
struct ActiveRule {
  const RuleInfo* info = nullptr;
  std::unique_ptr<Rule> rule;
  std::string ruleset;
  Scope scope;
  Mode mode = Mode::enforce;
  std::int64_t mode_until = 0;  // seconds since 1970 from which it is enforced; 0 for never
  Location where;
  std::vector<std::string> valid;  // examples for the pusher, printable
  std::string hint;                // the admin's own, printable; may be empty

  // Names the rule for baselines: ruleset, rule id and refs. Hexadecimal; kept on disk.
  std::string key() const;
};

// A layer of the policy that lies in Git.
struct PolicyRef {
  std::string ref;                   // "refs/meta/policy"
  std::string file;                  // its path in the commit
  std::vector<std::string> writers;  // sorted names of users
  bool missing = false;              // the reference does not exist
};

struct Policy {
  IdentityPolicy identity;
  // A bad ref refuses only itself (on-violation: ref), not the whole push.
  bool ref_by_ref = false;
  // Further namespaces that may be pushed to, besides branches, tags and notes.
  GlobSet namespaces;
  // Pushes to refs/for/<branch> ask to land there: land: {queue: true}.
  bool queue = false;
  // Whom a pusher may ask; printable, may be empty.
  std::string contact;
  std::optional<PolicyRef> policy_ref;
  // nullptr where nobody may leave any.
  std::shared_ptr<const AttestationPolicy> attestations;
  std::vector<Exemption> exemptions;
  std::vector<SinkSettings> sinks;
  EventsPolicy events;
  std::vector<SweepEntry> sweep;
  Users users;
  std::vector<ActiveRule> rules;  // those that are off are left out

  // Every file it was made of, top layer first; then those that rules have read.
  std::vector<std::shared_ptr<const Source>> sources;
  std::string sha256;  // of them all, names and texts

  // What is right as far as it goes, and most likely not what was meant.
  std::vector<Diagnostic> warnings;

  // Leaves out the rules that are for other repositories and says what HEAD is. Throws
  // Error(repository) when a rule is for HEAD and HEAD names no branch.
  void settle(const PolicyPlace& place);
  // Ends the modes whose day is over and leaves out the rules that are off.
  void apply_dates(std::int64_t now);

  // Commits may reach the ref by landing only: a direct-push rule covers it.
  bool is_protected(std::string_view ref) const;
  // Refs that the policy names without a wildcard and guards, in order: by that rule or by another
  // one about who may move them and how.
  std::vector<std::string> protected_names() const;
  // Refs that rules name without a wildcard, and `head`: where most branches start, so looking
  // there first saves looking everywhere.
  std::vector<std::string> named_refs(const std::string& head) const;
  // Some rule covers the ref, which is none of the gate's own.
  bool judges(std::string_view ref) const;
};

// refs/attest, refs/for, refs/meta, refs/archive and refs/trunkgate belong to no ruleset and make
// no commit count as judged.
bool in_own_namespace(std::string_view ref);

}  // namespace trunkgate
