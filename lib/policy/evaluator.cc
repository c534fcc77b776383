#include "policy/evaluator.h"

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "evidence/recorded_pushers.h"
#include "git/pushed_commits.h"
#include "policy/attestation_check.h"
#include "policy/commit_scan.h"
#include "policy/commit_walks.h"
#include "policy/exemption_waiver.h"
#include "policy/landing_check.h"
#include "policy/pack_scan.h"
#include "policy/policy_ref.h"
#include "policy/push_parts.h"
#include "policy/verdict_builder.h"
#include "push/landing.h"
#include "push/landing_request.h"
#include "rules/ref/direct_push.h"

namespace trunkgate {
namespace {

class Evaluator {
 public:
  explicit Evaluator(const Evaluation& evaluation)
      : in_(evaluation),
        push_{evaluation.repository,     evaluation.pusher,
              evaluation.options,        {},
              evaluation.scratch,        evaluation.state,
              evaluation.conditions.now, evaluation.push_id,
              evaluation.environment,    &evaluation.received,
              evaluation.update_alone},
        walks_(evaluation.policy, evaluation.repository, evaluation.baselines, push_.refs) {
    push_.attestations = evaluation.policy.attestations.get();
  }

  Verdict run() {
    verdict_.ref_by_ref = push_.ref_by_ref = in_.policy.ref_by_ref;
    verdict_.policy_sha256 = in_.policy.sha256;
    verdict_.contact = in_.policy.contact;
    verdict_.findings = refuse_push(in_.received, in_.policy, in_.pusher, in_.conditions);
    for (const RefUpdate& update : in_.received.updates) {
      RefVerdict ref;
      ref.name = update.name;
      ref.kind = kind_of(update.name);
      ref.old_id = update.old_id;
      ref.new_id = update.new_id;
      verdict_.refs.push_back(std::move(ref));
    }
    // With the push itself in doubt (a ref twice, say) there is no telling what would be judged.
    if (verdict_.findings.empty()) {
      judge();
      verdict_.findings = packs_->findings();
      if (unread_) check_unread_commits();
      apply_exemptions(push_, in_.policy, verdict_index_, builder_);
    }
    Verdict settled = builder_.finish();
    offer_exemptions(push_, in_.policy, verdict_index_, settled);
    return settled;
  }

 private:
  void judge() {
    check_updates();
    look_for_rewritten_branches();
    const std::vector<ActiveRule>& rules = in_.policy.rules;
    std::vector<std::string> keys;
    for (const ActiveRule& active : rules) keys.push_back(active.key());
    const std::map<std::string, std::size_t> baselines =
        in_.baselines.numbers(in_.repository, keys);
    std::map<std::string, CommitGroup> groups;
    std::vector<CommitGroup> whole;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      std::vector<std::size_t> refs = refs_of(rules[i]);
      if (refs.empty()) continue;
      if (rules[i].info->subject == Subject::ref) {
        check_refs(rules[i], refs);
        continue;
      }
      const std::size_t baseline = baselines.at(keys[i]);
      std::string key = rules[i].scope.refs_text() + "\n#" + std::to_string(baseline);
      for (const std::size_t ref : refs) key += " " + std::to_string(ref);
      CommitGroup group{&rules[i].scope, baseline, std::move(refs), {&rules[i]}, key};
      if (rules[i].info->subject == Subject::push) {
        whole.push_back(std::move(group));
      } else if (const auto [same, added] = groups.try_emplace(key, std::move(group)); !added) {
        same->second.rules.push_back(&rules[i]);
      }
    }
    std::set<std::size_t> read;
    for (const auto& [key, group] : groups) read.insert(group.refs.begin(), group.refs.end());
    for (std::size_t i = 0; i < push_.refs.size(); ++i) {
      unread_ = unread_ || (!push_.refs[i].new_commit.is_zero() && !read.contains(i));
    }
    // Rules about refs have been asked by now; what follows takes longer.
    std::vector<const ActiveRule*> file_rules;
    for (const auto& [key, group] : groups) {
      for (const ActiveRule* rule : group.rules) {
        if (rule->info->subject == Subject::file) file_rules.push_back(rule);
      }
    }
    packs_.emplace(in_.repository, file_rules);
    for (const auto& [key, group] : groups) check_commits(group);
    for (const CommitGroup& group : whole) check_whole(group);
    record_landings();
    record_pushers();
  }

  // No rule asks for the commits of some ref, and malformed ones must not come in that way.
  void check_unread_commits() {
    std::set<ObjectId> told;
    for (const RefVerdict& ref : verdict_.refs) {
      for (const Finding& finding : ref.findings) {
        if (finding.commit && finding.rule == "malformed-commit") told.insert(*finding.commit);
      }
    }
    try {
      for (const CommitFault& fault : pushed_commit_faults(in_.repository)) {
        if (!told.contains(fault.commit)) verdict_.findings.push_back(malformed_commit(fault.what));
      }
    } catch (const std::exception& error) {
      verdict_.findings.push_back(undecided("malformed-commit", reason_of(error)));
    }
  }

  // The always-on refusals; what passes them becomes part of the push that rules see.
  void check_updates() {
    for (std::size_t i = 0; i < in_.received.updates.size(); ++i) {
      RefVerdict& ref = verdict_.refs[i];
      ref.protected_ref = in_.policy.is_protected(ref.name);
      Answer answer;
      builder_.guarded(ref, "checking the update", [&] {
        auto pushed = check_update(in_.received.updates[i], in_.policy, in_.repository,
                                   in_.conditions, answer);
        if (!pushed) return;
        ref.new_commit = pushed->new_commit;
        if (const auto& policy_ref = in_.policy.policy_ref; policy_ref) {
          if (pushed->name == policy_ref->ref) {
            check_policy_ref(push_, *pushed, in_.policy, in_.roots, answer);
          } else if (policy_ref->missing) {
            answer.add(missing_policy_ref(*policy_ref));
            return;
          }
        }
        if (push_.attestations != nullptr && pushed->name.starts_with(kAttestationPrefix)) {
          check_attestation(push_, *pushed, answer, ref.lines);
        } else if (requested_branch(pushed->name)) {
          check_landing_request(push_, *pushed, in_.policy, answer);
        }
        push_.refs.push_back(std::move(*pushed));
        verdict_index_.push_back(i);
      });
      builder_.add(ref, std::move(answer), nullptr);
    }
  }

  // Who pushed a commit cannot approve it, whatever it says of its author. Known once it is known
  // how refs land: whoever lands what others have pushed has brought nothing of their own, and may
  // have approved it, also for the next branch that it lands on.
  void record_pushers() {
    // An exemption may hold for so long after the first push of a commit.
    const bool wanted = push_.attestations != nullptr || !in_.policy.exemptions.empty();
    if (!wanted || !push_.pusher.known()) return;
    for (std::size_t i = 0; i < push_.refs.size(); ++i) {
      const PushedRef& pushed = push_.refs[i];
      RefVerdict& ref = verdict_of(i);
      if (pushed.kind != RefKind::branch || pushed.new_commit.is_zero()) continue;
      if (pushed.new_id == pushed.old_id || lands_known_work(ref.landing.get())) continue;
      ref.lines.push_back(
          pusher_line(pushed.new_commit, push_.pusher.name, push_.now, pushed.name));
    }
  }

  static bool lands_known_work(const Landing* landing) {
    if (landing == nullptr || landing->sources.empty()) return false;
    if (landing->kind == LandingKind::merge) {
      if (!landing->unproven.empty()) return false;
    } else if (landing->kind != LandingKind::fast_forward) {
      return false;
    }
    return std::all_of(landing->sources.begin(), landing->sources.end(),
                       [](const LandedSource& source) { return !source.branches.empty(); });
  }

  // What events say of a landing. Where nothing is protected and no evidence is asked for, nobody
  // wants to know, and finding out costs.
  void record_landings() {
    for (std::size_t i = 0; i < push_.refs.size(); ++i) {
      RefVerdict& ref = verdict_of(i);
      const PushedRef& pushed = push_.refs[i];
      if (!ref.protected_ref || pushed.kind != RefKind::branch || pushed.new_commit.is_zero() ||
          pushed.creates() || pushed.new_id == pushed.old_id) {
        continue;
      }
      builder_.guarded(ref, "direct-push", [&] { ref.landing = landing_of(push_, pushed); });
    }
  }

  // Before any rule asks how a ref lands.
  void look_for_rewritten_branches() {
    std::vector<std::pair<const ActiveRule*, RewrittenWays>> asking;
    for (const ActiveRule& active : in_.policy.rules) {
      const RewrittenWays ways = rewritten_ways_of(*active.rule);
      if (ways.squash || ways.rebase) asking.emplace_back(&active, ways);
    }
    if (asking.empty()) return;
    for (const PushedRef& ref : push_.refs) {
      RewrittenWays all;
      for (const auto& [active, ways] : asking) {
        if (!active->scope.refs.matches(ref.name)) continue;
        all = {.squash = all.squash || ways.squash, .rebase = all.rebase || ways.rebase};
      }
      if (all.squash || all.rebase) look_for_rewritten(push_, ref, all);
    }
  }

  // Indices of the pushed refs the rule applies to.
  std::vector<std::size_t> refs_of(const ActiveRule& active) {
    std::vector<std::size_t> refs;
    for (std::size_t i = 0; i < push_.refs.size(); ++i) {
      const PushedRef& ref = push_.refs[i];
      if (in_own_namespace(ref.name)) continue;
      const bool all =
          active.info->subject == Subject::ref || active.info->subject == Subject::push;
      if (!all && ref.new_commit.is_zero()) continue;
      if (!active.scope.refs.matches(ref.name)) continue;
      builder_.guarded(verdict_of(i), active, [&] {
        if (active.scope.applies_to(push_, ref, active.info->subject)) {
          refs.push_back(i);
        } else if (active.info->evidence && active.scope.covers(ref.name)) {
          builder_.not_applicable(verdict_of(i), active);
        }
      });
    }
    return refs;
  }

  void check_refs(const ActiveRule& active, const std::vector<std::size_t>& refs) {
    for (const std::size_t i : refs) {
      Answer answer;
      builder_.guarded(verdict_of(i), active,
                       [&] { active.rule->check_ref(push_, push_.refs[i], answer); });
      builder_.add(verdict_of(i), std::move(answer), &active);
    }
  }

  void check_commits(const CommitGroup& group) {
    const auto every = [&](auto&& action) {
      for (const std::size_t i : group.refs) action(verdict_of(i));
    };
    try {
      const NewCommits& commits = walks_.of(group);
      if (commits.too_many) {
        every([&](RefVerdict& ref) { ref.findings.push_back(too_many_commits()); });
        return;
      }
      judge_commits(group, commits.ids);
    } catch (const BadCommit& bad) {
      if (!one_by_one(group))
        every([&](RefVerdict& r) { r.findings.push_back(malformed_commit(bad)); });
    } catch (const MissingObject& missing) {
      if (!one_by_one(group))
        every([&](RefVerdict& r) { r.findings.push_back(missing_object(missing)); });
    } catch (const std::exception& error) {
      const std::string why = reason_of(error);
      every([&](RefVerdict& ref) { builder_.add_undecided(ref, group.rules[0]->info->id, why); });
    }
  }

  // One rule, asked once for the push. What it says of no ref in particular, or of a commit (which
  // other refs may bring as well), refuses the whole push, even ref by ref.
  void check_whole(const CommitGroup& group) {
    const ActiveRule& active = *group.rules[0];
    RefVerdict& first = verdict_of(group.refs[0]);
    const std::size_t found = first.findings.size();
    std::vector<PushPart> parts;
    PushAnswer answer;
    builder_.guarded(first, active, [&] {
      const NewCommits& commits = walks_.of(group);
      if (commits.too_many) return first.findings.push_back(too_many_commits());
      std::vector<const PushedRef*> refs;
      for (const std::size_t i : group.refs) refs.push_back(&push_.refs[i]);
      parts = parts_of(push_, active.scope, refs, commits.ids);
      answer.parts.resize(parts.size());
      if (!parts.empty()) active.rule->check_push(push_, parts, answer);
    });
    if (first.findings.size() > found) {  // it could not be asked
      // A commit that cannot be read has mostly been reported by another rule.
      const auto last = first.findings.end() - 1;
      if (std::find(first.findings.begin(), last, *last) != last) {
        verdict_.refuses_all = verdict_.refuses_all || refuses(*last);
        first.findings.erase(last);
      } else {
        builder_.mark_about_push(first);
      }
      return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto pushed = static_cast<std::size_t>(parts[i].ref - push_.refs.data());
      builder_.add(verdict_of(pushed), std::move(answer.parts[i]), &active,
                   [](const Finding& finding) { return finding.commit.has_value(); });
    }
    builder_.add(first, std::move(answer.whole), &active, [](const Finding&) { return true; });
  }

  // Which of several refs brings the commit that cannot be judged: only a walk of each one tells.
  bool one_by_one(const CommitGroup& group) {
    if (group.refs.size() == 1) return false;
    for (const std::size_t ref : group.refs) {
      CommitGroup alone = group;
      alone.refs = {ref};
      alone.key += " alone " + std::to_string(ref);
      check_commits(alone);
    }
    return true;
  }

  void judge_commits(const CommitGroup& group, const std::vector<ObjectId>& ids) {
    std::vector<const PushedRef*> refs;
    for (const std::size_t i : group.refs) refs.push_back(&push_.refs[i]);
    CommitScan scan(push_, group.rules, refs, *packs_);
    std::vector<CommitFindings> findings = scan.run(ids);
    verdict_.findings_dropped += scan.dropped();
    for (const std::size_t i : group.refs) {
      RefVerdict& ref = verdict_of(i);
      ref.new_commits = std::max(ref.new_commits, ids.size());
      ref.has_merges = ref.has_merges || scan.has_merges();
      ref.stays_signed = ref.stays_signed || (scan.has_signed() && wants_signatures(group));
    }
    attribute(group, ids, findings);
  }

  static bool wants_signatures(const CommitGroup& group) {
    return std::any_of(group.rules.begin(), group.rules.end(), [](const ActiveRule* rule) {
      return rule->mode == Mode::enforce && rule->info->id == "unsigned-commit";
    });
  }

  // Puts each finding on the first ref that brings its commit; ref by ref, on every one that does.
  void attribute(const CommitGroup& group, const std::vector<ObjectId>& ids,
                 const std::vector<CommitFindings>& all) {
    // A rule that has failed was not asked about the other commits: none of them may come in.
    const auto about_push = [](const Finding& finding) { return finding.undecided; };
    if (group.refs.size() == 1) {
      for (const CommitFindings& found : all) {
        builder_.add(verdict_of(group.refs[0]), found.answer, found.rule, about_push);
      }
      return;
    }
    if (all.empty()) return;
    std::unordered_set<ObjectId, ObjectIdHash> unassigned;
    for (const CommitFindings& found : all) unassigned.insert(found.commit);
    const std::unordered_set<ObjectId, ObjectIdHash> fresh(ids.begin(), ids.end());
    for (const std::size_t i : group.refs) {
      const auto brought = reachable_within(push_.refs[i].new_commit, fresh);
      for (const CommitFindings& found : all) {
        if (!brought.contains(found.commit)) continue;
        if (!in_.policy.ref_by_ref && !unassigned.contains(found.commit)) continue;
        builder_.add(verdict_of(i), found.answer, found.rule, about_push);
      }
      for (const ObjectId& id : brought) unassigned.erase(id);
      if (unassigned.empty() && !in_.policy.ref_by_ref) return;
    }
  }

  std::unordered_set<ObjectId, ObjectIdHash> reachable_within(
      const ObjectId& tip, const std::unordered_set<ObjectId, ObjectIdHash>& within) const {
    std::unordered_set<ObjectId, ObjectIdHash> seen;
    std::vector<ObjectId> stack{tip};
    while (!stack.empty()) {
      const ObjectId id = stack.back();
      stack.pop_back();
      if (!within.contains(id) || !seen.insert(id).second) continue;
      for (const ObjectId& parent : in_.repository.links(id).parents) stack.push_back(parent);
    }
    return seen;
  }

  RefVerdict& verdict_of(std::size_t pushed) { return verdict_.refs[verdict_index_[pushed]]; }

  const Evaluation& in_;
  Push push_;
  VerdictBuilder builder_;
  Verdict& verdict_ = builder_.verdict();
  std::vector<std::size_t> verdict_index_;  // of each of push_.refs, into verdict_.refs
  CommitWalks walks_;
  std::optional<PackScan> packs_;
  bool unread_ = false;  // there are commits that no rule asks for
};

}  // namespace

Verdict evaluate(const Evaluation& evaluation) { return Evaluator(evaluation).run(); }

}  // namespace trunkgate
