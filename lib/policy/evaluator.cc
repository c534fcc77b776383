#include "policy/evaluator.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <new>
#include <set>
#include <span>
#include <unordered_set>

#include "base/text.h"
#include "git/pushed_commits.h"
#include "policy/commit_scan.h"
#include "policy/policy_ref.h"
#include "policy/push_parts.h"
#include "policy/tree_scan.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

// As many tips can be hidden in every search at no cost worth mentioning.
constexpr std::size_t kFewTips = 300;

constexpr const char* kAnewHint =
    "make it anew (git commit --amend); history from elsewhere an admin can fetch on the server";

// Rules over commits with the same refs in force, the same baseline and the same updates: they
// share one walk.
struct CommitGroup {
  const Scope* scope = nullptr;
  std::size_t baseline = 0;
  std::vector<std::size_t> refs;  // indices into Push::refs
  std::vector<const ActiveRule*> rules;
  std::string key;  // the same for groups that have the same walk
};

class Evaluator {
 public:
  explicit Evaluator(const Evaluation& evaluation)
      : in_(evaluation), push_{evaluation.repository,     evaluation.pusher,
                               evaluation.options,        {},
                               evaluation.scratch,        evaluation.state,
                               evaluation.conditions.now, evaluation.push_id,
                               evaluation.environment,    &evaluation.received,
                               evaluation.update_alone} {}

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
      TreeScan trees(in_.repository);
      judge();
      verdict_.findings = trees.findings();
      if (unread_) check_unread_commits();
    }
    settle_outcomes();
    return std::move(verdict_);
  }

 private:
  // A ref that needs another one of the push.
  struct Need {
    std::size_t ref = 0;  // index into Verdict::refs
    std::string needed;
    Finding otherwise;
    const ActiveRule* active = nullptr;
  };

  void settle_outcomes() {
    while (true) {
      for (RefVerdict& ref : verdict_.refs) {
        if (ref.outcome == Outcome::accepted &&
            std::any_of(ref.findings.begin(), ref.findings.end(), refuses)) {
          ref.outcome = Outcome::rejected;
        }
      }
      // Without refs one by one the push is refused as a whole, and this would say it twice.
      if (!verdict_.ref_by_ref || needs_.empty()) return;
      std::unordered_set<std::string_view> refused;
      for (const RefVerdict& ref : verdict_.refs) {
        if (ref.outcome != Outcome::accepted) refused.insert(ref.name);
      }
      const auto unmet = std::stable_partition(needs_.begin(), needs_.end(), [&](const Need& need) {
        return !refused.contains(need.needed);
      });
      if (unmet == needs_.end()) return;
      const std::vector<Need> fallen(std::make_move_iterator(unmet),
                                     std::make_move_iterator(needs_.end()));
      needs_.erase(unmet, needs_.end());
      for (const Need& need : fallen) {
        Answer answer;
        answer.add(need.otherwise);
        add(verdict_.refs[need.ref], answer, need.active);
      }
    }
  }

  void judge() {
    check_updates();
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
    for (const auto& [key, group] : groups) check_commits(group);
    for (const CommitGroup& group : whole) check_whole(group);
  }

  // No rule asks for the commits of some ref, and malformed ones must not come in that way.
  void check_unread_commits() {
    std::set<ObjectId> told;
    for (const RefVerdict& ref : verdict_.refs) {
      for (const Finding& finding : ref.findings) {
        if (finding.commit && finding.rule == "malformed-commit") told.insert(*finding.commit);
      }
    }
    Finding finding;
    finding.rule = "malformed-commit";
    finding.hint = kAnewHint;
    try {
      for (const CommitFault& fault : pushed_commit_faults(in_.repository)) {
        if (told.contains(fault.commit)) continue;
        finding.message = printable(fault.what);
        verdict_.findings.push_back(finding);
      }
    } catch (const std::exception& error) {
      finding.message = "could not decide: " + printable(error.what());
      finding.hint.clear();
      finding.undecided = true;
      verdict_.findings.push_back(finding);
    }
  }

  // The always-on refusals; what passes them becomes part of the push that rules see.
  void check_updates() {
    for (std::size_t i = 0; i < in_.received.updates.size(); ++i) {
      RefVerdict& ref = verdict_.refs[i];
      ref.protected_ref = in_.policy.is_protected(ref.name);
      Answer answer;
      guarded(ref, "checking the update", [&] {
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
        push_.refs.push_back(std::move(*pushed));
        verdict_index_.push_back(i);
      });
      if (verdict_index_.empty() || verdict_index_.back() != i) {
        push_.refused.push_back(in_.received.updates[i].new_id);
      }
      add(ref, answer, nullptr);
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
      guarded(verdict_of(i), active.info->id, [&] {
        if (active.scope.applies_to(push_, ref, active.info->subject)) refs.push_back(i);
      });
    }
    return refs;
  }

  void check_refs(const ActiveRule& active, const std::vector<std::size_t>& refs) {
    for (const std::size_t i : refs) {
      Answer answer;
      guarded(verdict_of(i), active.info->id,
              [&] { active.rule->check_ref(push_, push_.refs[i], answer); });
      add(verdict_of(i), answer, &active);
    }
  }

  void check_commits(const CommitGroup& group) {
    const auto every = [&](auto&& action) {
      for (const std::size_t i : group.refs) action(verdict_of(i));
    };
    std::string failure;
    try {
      const NewCommits& commits = new_commits_of(group);
      if (commits.too_many) {
        every([&](RefVerdict& ref) { ref.findings.push_back(crowded()); });
        return;
      }
      judge_commits(group, commits.ids);
      return;
    } catch (const BadCommit& bad) {
      if (!one_by_one(group)) every([&](RefVerdict& r) { r.findings.push_back(malformed(bad)); });
      return;
    } catch (const MissingObject& missing) {
      if (!one_by_one(group)) every([&](RefVerdict& r) { r.findings.push_back(lacking(missing)); });
      return;
    } catch (const std::bad_alloc&) {
      failure = "out of memory";
    } catch (const std::exception& error) {
      failure = error.what();
    }
    every([&](RefVerdict& ref) { undecided(ref, group.rules[0]->info->id, failure); });
  }

  // One rule, asked once for the push. What it says of no ref in particular, or of a commit (which
  // other refs may bring as well), refuses the whole push, even ref by ref.
  void check_whole(const CommitGroup& group) {
    const ActiveRule& active = *group.rules[0];
    RefVerdict& first = verdict_of(group.refs[0]);
    const std::size_t found = first.findings.size();
    std::vector<PushPart> parts;
    PushAnswer answer;
    guarded(first, active.info->id, [&] {
      const NewCommits& commits = new_commits_of(group);
      if (commits.too_many) return first.findings.push_back(crowded());
      std::vector<const PushedRef*> refs;
      for (const std::size_t i : group.refs) refs.push_back(&push_.refs[i]);
      parts = parts_of(push_, active.scope, refs, commits.ids);
      answer.parts.resize(parts.size());
      if (!parts.empty()) active.rule->check_push(push_, parts, answer);
    });
    if (first.findings.size() > found) {  // it could not be asked
      verdict_.refuses_all = true;
      // A commit that cannot be read has mostly been reported by another rule.
      const auto last = first.findings.end() - 1;
      if (std::find(first.findings.begin(), last, *last) != last) first.findings.erase(last);
      return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const Finding& finding : answer.parts[i].findings) {
        if (finding.commit && lowered(finding, active) == Mode::enforce && !finding.advice) {
          verdict_.refuses_all = true;
        }
      }
      const auto pushed = static_cast<std::size_t>(parts[i].ref - push_.refs.data());
      add(verdict_of(pushed), answer.parts[i], &active);
    }
    for (const Finding& finding : answer.whole.findings) {
      if (lowered(finding, active) == Mode::enforce && !finding.advice) verdict_.refuses_all = true;
    }
    add(first, answer.whole, &active);
  }

  // A rule may want less than its mode for a finding, never more.
  static Mode lowered(const Finding& finding, const ActiveRule& active) {
    return std::max(finding.mode, active.mode);
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

  const NewCommits& new_commits_of(const CommitGroup& group) {
    if (const auto known = walks_.find(group.key); known != walks_.end()) return known->second;
    return walks_.emplace(group.key, walk(group)).first->second;
  }

  NewCommits walk(const CommitGroup& group) {
    NewCommitsQuery query;
    for (const std::size_t i : group.refs) {
      const PushedRef& ref = push_.refs[i];
      if (!ref.new_commit.is_zero()) query.tips.push_back(ref.new_commit);
      if (!ref.old_commit.is_zero()) query.hidden.push_back(ref.old_commit);
    }
    for (const std::string& name : in_.policy.named_refs(in_.repository.head())) {
      if (!group.scope->covers(name) || in_own_namespace(name)) continue;
      const RefValue value = in_.repository.ref(name);
      if (value.kind != RefValue::Kind::direct) continue;
      const Peeled peeled = in_.repository.peel(value.id);
      if (peeled.type == ObjectType::commit) query.hidden.push_back(peeled.id);
    }
    // What stood there when the gate came hides most of what is old, without a look at all refs.
    query.more_hidden = [&] { return judged_tips(group); };
    if (query.tips.empty()) return {};
    query.few_hidden = [&] {
      std::vector<ObjectId> baseline = in_.baselines.tips(in_.repository, 0);
      if (baseline.size() > kFewTips) baseline.resize(kFewTips);
      return baseline;
    };
    return find_new_commits(in_.repository, query);
  }

  // Tips of every ref on which the group's rules are in force, and of the baselines.
  std::vector<ObjectId> judged_tips(const CommitGroup& group) {
    std::vector<ObjectId> ids = in_.baselines.tips(in_.repository, 0);
    if (group.baseline != 0) {
      const auto more = in_.baselines.tips(in_.repository, group.baseline);
      ids.insert(ids.end(), more.begin(), more.end());
    }
    std::unordered_set<ObjectId, ObjectIdHash> seen;  // many refs often share few commits
    for (const Ref& ref : in_.repository.refs()) {
      if (in_own_namespace(ref.name) || !group.scope->covers(ref.name)) continue;
      const ObjectId id = ref.peeled ? *ref.peeled : ref.id;
      if (!seen.insert(id).second) continue;
      const Peeled peeled = in_.repository.peel(id);
      if (peeled.type == ObjectType::commit) ids.push_back(peeled.id);
    }
    return ids;
  }

  void judge_commits(const CommitGroup& group, const std::vector<ObjectId>& ids) {
    std::vector<const PushedRef*> refs;
    for (const std::size_t i : group.refs) refs.push_back(&push_.refs[i]);
    CommitScan scan(push_, group.rules, refs);
    std::vector<CommitFindings> findings = scan.run(ids);
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
    if (all.empty()) return;
    std::unordered_set<ObjectId, ObjectIdHash> unassigned;
    for (const CommitFindings& found : all) unassigned.insert(found.commit);
    const std::unordered_set<ObjectId, ObjectIdHash> fresh(ids.begin(), ids.end());
    for (const std::size_t i : group.refs) {
      const auto brought =
          group.refs.size() == 1 ? fresh : reachable_within(push_.refs[i].new_commit, fresh);
      for (const CommitFindings& found : all) {
        if (!brought.contains(found.commit)) continue;
        if (!in_.policy.ref_by_ref && !unassigned.contains(found.commit)) continue;
        Answer copy = found.answer;
        add(verdict_of(i), copy, found.rule);
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

  // Runs something that may fail for reasons of its own; the ref is then undecided.
  template <typename Action>
  void guarded(RefVerdict& ref, std::string_view what, const Action& action) {
    try {
      action();
    } catch (const BadCommit& bad) {
      ref.findings.push_back(malformed(bad));
    } catch (const MissingObject& missing) {
      ref.findings.push_back(lacking(missing));
    } catch (const BadTag& bad) {
      ref.findings.push_back(malformed(bad));
    } catch (const std::bad_alloc&) {
      undecided(ref, what, "out of memory");
    } catch (const std::exception& error) {
      undecided(ref, what, error.what());
    }
  }

  static Finding crowded() {
    Finding finding;
    finding.rule = "crowded-push";
    finding.message =
        "the push brings more than " + std::to_string(kMaxNewCommits) + " new commits";
    finding.hint = "push them in smaller parts, or have an admin fetch them on the server";
    return finding;
  }

  static Finding malformed(const BadCommit& bad) {
    Finding finding;
    finding.rule = "malformed-commit";
    finding.message = printable(bad.what());
    finding.hint = kAnewHint;
    finding.commit = bad.id;
    return finding;
  }

  static Finding malformed(const BadTag& bad) {
    Finding finding;
    finding.rule = "malformed-tag";
    finding.message = printable(bad.what());
    finding.hint = "make the tag anew with git tag -a -f";
    return finding;
  }

  static Finding lacking(const MissingObject& missing) {
    Finding finding;
    finding.rule = "missing-object";
    finding.message = "the push lacks an object that it needs: " + missing.id.brief();
    finding.hint = "push again; in a shallow clone run git fetch --unshallow first";
    return finding;
  }

  void undecided(RefVerdict& ref, std::string_view what, const std::string& why) {
    ref.outcome = Outcome::undecided;
    Finding finding;
    finding.rule = what;
    finding.message = "could not decide: " + printable(why);
    finding.undecided = true;
    ref.findings.push_back(std::move(finding));
  }

  void add(RefVerdict& ref, Answer& answer, const ActiveRule* active) {
    for (Finding& finding : answer.findings) {
      if (active != nullptr) {
        // A rule with parts names the part: "command.lint".
        if (!finding.rule.starts_with(std::string(active->info->id) + ".")) {
          finding.rule = active->info->id;
        }
        finding.ruleset = active->ruleset;
        finding.origin = file_and_line(active->where);
        finding.mode = lowered(finding, *active);
        show_examples(ref, *active, finding);
        if (!active->hint.empty() && !finding.undecided) {
          finding.hint = with_hint_of_policy(active->hint, finding.hint);
        }
        // What must not enter the store refuses the whole push, even ref by ref.
        if (active->info->subject == Subject::file && refuses(finding)) verdict_.refuses_all = true;
      }
      if (finding.undecided && refuses(finding)) ref.outcome = Outcome::undecided;
      if (++findings_ > kMaxFindings) {
        ++verdict_.findings_dropped;
        // What is dropped still refuses.
        if (refuses(finding) && ref.outcome == Outcome::accepted) ref.outcome = Outcome::rejected;
        continue;
      }
      ref.findings.push_back(std::move(finding));
    }
    for (auto& relied : answer.relied) ref.relied.push_back(std::move(relied));
    for (auto& [name, otherwise] : answer.needed) {
      needs_.push_back({static_cast<std::size_t>(&ref - verdict_.refs.data()), std::move(name),
                        std::move(otherwise), active});
    }
  }

  // The admin knows where to turn; what the rule says about this very finding stays.
  static std::string with_hint_of_policy(const std::string& admins, const std::string& rules) {
    if (rules.empty()) return admins;
    const bool ended = std::string_view(".!?:;").find(admins.back()) != std::string_view::npos;
    return admins + (ended ? " " : "; ") + rules;
  }

  // Once for each ref and rule.
  void show_examples(const RefVerdict& ref, const ActiveRule& active, Finding& finding) {
    if (active.valid.empty() || !with_examples_.emplace(&ref, &active).second) return;
    finding.details.push_back("for example: " + join(active.valid, ", "));
  }

  RefVerdict& verdict_of(std::size_t pushed) { return verdict_.refs[verdict_index_[pushed]]; }

  const Evaluation& in_;
  Push push_;
  Verdict verdict_;
  std::vector<std::size_t> verdict_index_;  // of each of push_.refs, into verdict_.refs
  std::vector<Need> needs_;
  std::map<std::string, NewCommits> walks_;  // by CommitGroup::key
  std::set<std::pair<const RefVerdict*, const ActiveRule*>> with_examples_;
  std::size_t findings_ = 0;
  bool unread_ = false;  // there are commits that no rule asks for
};

}  // namespace

Verdict evaluate(const Evaluation& evaluation) { return Evaluator(evaluation).run(); }

}  // namespace trunkgate
