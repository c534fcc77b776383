// When another policy came into force.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "events/derived.h"
#include "events/sequence.h"
#include "events/spool.h"
#include "policy/policy_summary.h"

namespace trunkgate {

// What whoever loads policies can say of them.
struct PolicySource {
  PolicySummary now;  // in force; its digest is empty when it cannot be loaded
  std::string ref;    // full name of the policy ref; empty for none
  // The policy that a commit in that ref makes; nothing when it cannot be loaded.
  std::function<std::optional<PolicySummary>(const ObjectId& commit)> with = {};
};

// Keeps the policy that was told last in `sequence`.
class PolicyWatch {
 public:
  // Both outlive the watch.
  PolicyWatch(const PolicySource& source, Sequence& sequence)
      : source_(source), sequence_(sequence) {}

  // For the digest by which a push was judged at `time` (microseconds); it may be empty. The first
  // one is only taken down.
  std::optional<ToldPolicy> judged_by(const std::string& sha256, std::int64_t time);
  // For each applied update: one of the policy ref puts another policy in force at once.
  std::optional<ToldPolicy> after(const SpooledUpdate& update, std::int64_t time);

 private:
  ToldPolicy change(const std::string& sha256, std::int64_t time,
                    const std::optional<PolicySummary>& summary);

  const PolicySource& source_;
  Sequence& sequence_;
};

}  // namespace trunkgate
