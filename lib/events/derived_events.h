// Which events follow from a ref update besides its own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "events/archive_watch.h"
#include "events/derived.h"
#include "events/git_facts.h"
#include "events/hotfix_watch.h"
#include "events/policy_watch.h"
#include "events/push_outcome.h"
#include "events/sequence.h"
#include "git/repository.h"
#include "policy/events_policy.h"

namespace trunkgate {

// Which there are depends on the spool and on `sequence` alone, never on what the repository holds
// by now: a pass that is repeated gives the same numbers again. What they say may lack what is
// gone.
class DerivedEvents {
 public:
  // All outlive this.
  DerivedEvents(const Repository& repository, const EventsPolicy& policy,
                const PolicySource& policy_source, GitFacts& facts, Sequence& sequence)
      : repository_(repository),
        facts_(facts),
        hotfixes_(policy, facts, sequence),
        archives_(sequence),
        policies_(policy_source, sequence) {}

  // For every update of the pass, before the first is told.
  void prepare(std::span<const SpooledUpdate> updates) { hotfixes_.prepare(updates); }
  // The policy by which a push was judged, when it is another one than before.
  std::optional<ToldPolicy> judged_by(const std::string& sha256, std::int64_t time) {
    return policies_.judged_by(sha256, time);
  }
  // In the order of their events. To be called once for each applied update, after its own event.
  std::vector<Derived> after(const PushOutcome& outcome, const SpooledUpdate& update);

 private:
  ToldAttestation told(const AttestationName& name, const std::string& ref,
                       const ObjectId& object) const;
  Derived landed(const PushOutcome& outcome, const SpooledUpdate& update) const;

  const Repository& repository_;
  GitFacts& facts_;
  HotfixWatch hotfixes_;
  ArchiveWatch archives_;
  PolicyWatch policies_;
};

}  // namespace trunkgate
