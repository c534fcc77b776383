#include "events/policy_watch.h"

#include <utility>

namespace trunkgate {

std::optional<ToldPolicy> PolicyWatch::judged_by(const std::string& sha256, std::int64_t time) {
  KnownPolicy& known = sequence_.policy;
  const bool loaded = source_.now.sha256 == sha256;
  if (sha256.empty()) return std::nullopt;
  if (known.summary.sha256.empty() || known.summary.sha256 == sha256) {
    if (known.summary.sha256.empty()) known.since = time;
    known.summary.sha256 = sha256;
    if (known.summary.rules.empty() && loaded) known.summary = source_.now;
    return std::nullopt;
  }
  // A push that was judged before the change and ended after it.
  if (sha256 == known.before && time < known.since) return std::nullopt;
  return change(sha256, time, loaded ? std::optional(source_.now) : std::nullopt);
}

std::optional<ToldPolicy> PolicyWatch::after(const SpooledUpdate& update, std::int64_t time) {
  if (source_.ref.empty() || update.ref != source_.ref || update.after.is_zero() || !source_.with) {
    return std::nullopt;
  }
  const std::optional<PolicySummary> summary = source_.with(update.after);
  if (!summary || summary->sha256 == sequence_.policy.summary.sha256) return std::nullopt;
  ToldPolicy told = change(summary->sha256, time, summary);
  told.commit = update.after;
  told.ref = update.ref;
  return told;
}

ToldPolicy PolicyWatch::change(const std::string& sha256, std::int64_t time,
                               const std::optional<PolicySummary>& summary) {
  KnownPolicy& known = sequence_.policy;
  ToldPolicy told;
  told.before = known.summary;
  told.after.sha256 = sha256;
  if (summary) told.after = *summary;
  // A policy without a rule has nothing to compare, and neither has one of which only the digest
  // is known.
  told.compared = !told.before.rules.empty() && !told.after.rules.empty();
  known.before = std::exchange(known.summary, told.after).sha256;
  known.since = time;
  return told;
}

}  // namespace trunkgate
