// Hotfixes that have landed and that other branches must get, too.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "events/derived.h"
#include "events/git_facts.h"
#include "events/sequence.h"
#include "events/spool.h"
#include "policy/events_policy.h"

namespace trunkgate {

// What it says depends on the spool and on `sequence` alone, so that a pass that is repeated says
// the same again.
class HotfixWatch {
 public:
  // More hotfixes are not watched: the oldest one is forgotten.
  static constexpr std::size_t kMaxOpen = 200;

  // All outlive the watch; open hotfixes are kept in `sequence`.
  HotfixWatch(const EventsPolicy& policy, GitFacts& facts, Sequence& sequence)
      : policy_(policy), facts_(facts), sequence_(sequence) {}

  // Takes down what the branches hold that the updates may be compared with, where no event has
  // said it yet. To be called before the first update is told, and before `sequence` is written.
  void prepare(std::span<const SpooledUpdate> updates);

  // To be called for each applied update, after its own event.
  std::vector<ToldHotfix> after(const SpooledUpdate& update, std::int64_t time);

 private:
  bool has(const ObjectId& tip, const OpenHotfix& hotfix);
  const std::string* hotfix_branch(const SpooledSource& source) const;

  const EventsPolicy& policy_;
  GitFacts& facts_;
  Sequence& sequence_;
};

}  // namespace trunkgate
