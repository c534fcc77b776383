#include "events/sweep/sweep_plan.h"

#include <algorithm>

namespace trunkgate {
namespace {

struct Due {
  const SweepEntry* entry = nullptr;
  std::int64_t since = 0;
  std::int64_t time = 0;
};

std::optional<Due> first_due(std::span<const SweepEntry> entries, const SweptBranch& branch,
                             const MergedSince& merged, std::int64_t now) {
  const std::int64_t idle_since =
      std::max(branch.last_commit > now ? 0 : branch.last_commit, branch.moved);
  std::optional<Due> first;
  for (const SweepEntry& entry : entries) {
    if (!entry.refs.matches(branch.ref) || entry.except.matches(branch.ref)) continue;
    std::int64_t since = idle_since;
    if (!entry.merged_into.empty()) {
      const auto merge = merged(entry, branch);
      if (!merge) continue;
      since = std::max(since, *merge);
    }
    // Nobody knows how old it is.
    if (since <= 0) continue;
    const Due due{.entry = &entry, .since = since, .time = since + entry.after};
    if (!first || due.time < first->time) first = due;
  }
  return first;
}

}  // namespace

std::optional<SweepStep> next_step(std::span<const SweepEntry> entries, const SweptBranch& branch,
                                   const GivenNotice* notice, const MergedSince& merged,
                                   std::int64_t now) {
  const auto due = first_due(entries, branch, merged, now);
  if (!due) return std::nullopt;
  SweepStep step{.kind = SweepStep::Kind::notice, .entry = due->entry, .since = due->since};
  if (notice == nullptr || notice->tip != branch.tip || notice->given < due->since) {
    if (now < due->time - due->entry->notice) return std::nullopt;
    step.archive_after = std::max(due->time, now + due->entry->notice);
    return step;
  }
  // The policy may have changed since: what was promised holds, and so does what it says now.
  step.archive_after =
      std::max({due->time, notice->given + due->entry->notice, notice->archive_after});
  step.kind = now < step.archive_after ? SweepStep::Kind::waiting : SweepStep::Kind::archive;
  return step;
}

}  // namespace trunkgate
