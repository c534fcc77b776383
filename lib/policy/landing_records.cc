#include "policy/landing_records.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "evidence/recorded_pushers.h"
#include "push/landing.h"
#include "rules/ref/direct_push.h"

namespace trunkgate {
namespace {

bool lands_known_work(const Landing* landing) {
  if (landing == nullptr || landing->sources.empty()) return false;
  if (landing->kind == LandingKind::merge) {
    if (!landing->unproven.empty()) return false;
  } else if (landing->kind != LandingKind::fast_forward) {
    return false;
  }
  return std::all_of(landing->sources.begin(), landing->sources.end(),
                     [](const LandedSource& source) { return !source.branches.empty(); });
}

}  // namespace

void look_for_rewritten_branches(const Push& push, const Policy& policy) {
  std::vector<std::pair<const ActiveRule*, RewrittenWays>> asking;
  for (const ActiveRule& active : policy.rules) {
    const RewrittenWays ways = rewritten_ways_of(*active.rule);
    if (ways.squash || ways.rebase) asking.emplace_back(&active, ways);
  }
  if (asking.empty()) return;
  for (const PushedRef& ref : push.refs) {
    RewrittenWays all;
    for (const auto& [active, ways] : asking) {
      if (!active->scope.refs.matches(ref.name)) continue;
      all = {.squash = all.squash || ways.squash, .rebase = all.rebase || ways.rebase};
    }
    if (all.squash || all.rebase) look_for_rewritten(push, ref, all);
  }
}

void record_landings(JudgedPush& judged) {
  for (std::size_t i = 0; i < judged.push.refs.size(); ++i) {
    RefVerdict& ref = judged.verdict_of(i);
    const PushedRef& pushed = judged.push.refs[i];
    if (!ref.protected_ref || pushed.kind != RefKind::branch || pushed.new_commit.is_zero() ||
        pushed.creates() || pushed.new_id == pushed.old_id) {
      continue;
    }
    judged.builder.guarded(ref, "direct-push",
                           [&] { ref.landing = landing_of(judged.push, pushed); });
  }
}

void record_pushers(JudgedPush& judged, const Policy& policy) {
  // An exemption may hold for so long after the first push of a commit.
  const bool wanted = judged.push.attestations != nullptr || !policy.exemptions.empty();
  if (!wanted || !judged.push.pusher.known()) return;
  for (std::size_t i = 0; i < judged.push.refs.size(); ++i) {
    const PushedRef& pushed = judged.push.refs[i];
    RefVerdict& ref = judged.verdict_of(i);
    if (pushed.kind != RefKind::branch || pushed.new_commit.is_zero()) continue;
    if (pushed.new_id == pushed.old_id || lands_known_work(ref.landing.get())) continue;
    ref.lines.push_back(
        pusher_line(pushed.new_commit, judged.push.pusher.name, judged.push.now, pushed.name));
  }
}

}  // namespace trunkgate
