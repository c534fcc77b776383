#include "policy/evaluator.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "git/pushed_commits.h"
#include "policy/attestation_check.h"
#include "policy/commit_check.h"
#include "policy/commit_walks.h"
#include "policy/exemption_waiver.h"
#include "policy/judged_push.h"
#include "policy/landing_check.h"
#include "policy/landing_records.h"
#include "policy/pack_scan.h"
#include "policy/policy_ref.h"
#include "policy/push_parts.h"
#include "push/landing_request.h"

namespace trunkgate {
namespace {

class Evaluator {
 public:
  explicit Evaluator(const Evaluation& evaluation)
      : in_(evaluation),
        judged_{.push = {evaluation.repository,
                         evaluation.pusher,
                         evaluation.options,
                         {},
                         evaluation.scratch,
                         evaluation.state,
                         evaluation.conditions.now,
                         evaluation.push_id,
                         evaluation.environment,
                         &evaluation.received,
                         evaluation.update_alone}},
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
      apply_exemptions(push_, in_.policy, judged_.verdict_index, builder_);
    }
    Verdict settled = builder_.finish();
    offer_exemptions(push_, in_.policy, judged_.verdict_index, settled);
    return settled;
  }

 private:
  void judge() {
    check_updates();
    look_for_rewritten_branches(push_, in_.policy);
    const Groups groups = ask_about_refs();
    look_for_unread(groups);
    // Rules about refs have been asked by now; what follows takes longer.
    packs_.emplace(in_.repository, file_rules(groups));
    CommitCheck commits(judged_, walks_, *packs_);
    for (const auto& [key, group] : groups.commits) commits.check(group);
    for (const CommitGroup& group : groups.whole) check_whole(group);
    record_landings(judged_);
    record_pushers(judged_, in_.policy);
  }

  // Rules that want to see more of the push than its refs.
  struct Groups {
    std::map<std::string, CommitGroup> commits;  // by CommitGroup::key
    std::vector<CommitGroup> whole;              // one rule each, asked once for the push
  };

  // Asks the rules about refs; gives the others, with the refs that they are to be asked about.
  Groups ask_about_refs() {
    const std::vector<ActiveRule>& rules = in_.policy.rules;
    std::vector<std::string> keys;
    for (const ActiveRule& active : rules) keys.push_back(active.key());
    const std::map<std::string, std::size_t> baselines =
        in_.baselines.numbers(in_.repository, keys);
    Groups groups;
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
        groups.whole.push_back(std::move(group));
      } else if (const auto [same, added] = groups.commits.try_emplace(key, std::move(group));
                 !added) {
        same->second.rules.push_back(&rules[i]);
      }
    }
    return groups;
  }

  void look_for_unread(const Groups& groups) {
    std::set<std::size_t> read;
    for (const auto& [key, group] : groups.commits) {
      read.insert(group.refs.begin(), group.refs.end());
    }
    for (std::size_t i = 0; i < push_.refs.size(); ++i) {
      unread_ = unread_ || (!push_.refs[i].new_commit.is_zero() && !read.contains(i));
    }
  }

  static std::vector<const ActiveRule*> file_rules(const Groups& groups) {
    std::vector<const ActiveRule*> rules;
    for (const auto& [key, group] : groups.commits) {
      std::copy_if(group.rules.begin(), group.rules.end(), std::back_inserter(rules),
                   [](const ActiveRule* rule) { return rule->info->subject == Subject::file; });
    }
    return rules;
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
        judged_.verdict_index.push_back(i);
      });
      builder_.add(ref, std::move(answer), nullptr);
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

  RefVerdict& verdict_of(std::size_t pushed) { return judged_.verdict_of(pushed); }

  const Evaluation& in_;
  JudgedPush judged_;
  Push& push_ = judged_.push;
  VerdictBuilder& builder_ = judged_.builder;
  Verdict& verdict_ = builder_.verdict();
  CommitWalks walks_;
  std::optional<PackScan> packs_;
  bool unread_ = false;  // there are commits that no rule asks for
};

}  // namespace

Verdict evaluate(const Evaluation& evaluation) { return Evaluator(evaluation).run(); }

}  // namespace trunkgate
