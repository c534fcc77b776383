#include "policy/commit_check.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <string>
#include <unordered_set>

#include "policy/gate_findings.h"
#include "policy/policy.h"

namespace trunkgate {
namespace {

using ObjectIds = std::unordered_set<ObjectId, ObjectIdHash>;

bool wants_signatures(const CommitGroup& group) {
  return std::any_of(group.rules.begin(), group.rules.end(), [](const ActiveRule* rule) {
    return rule->mode == Mode::enforce && rule->info->id == "unsigned-commit";
  });
}

ObjectIds reachable_within(const Repository& repository, const ObjectId& tip,
                           const ObjectIds& within) {
  ObjectIds seen;
  std::vector<ObjectId> stack{tip};
  while (!stack.empty()) {
    const ObjectId id = stack.back();
    stack.pop_back();
    if (!within.contains(id) || !seen.insert(id).second) continue;
    for (const ObjectId& parent : repository.links(id).parents) stack.push_back(parent);
  }
  return seen;
}

}  // namespace

void CommitCheck::check(const CommitGroup& group) {
  const auto every = [&](auto&& action) {
    for (const std::size_t i : group.refs) action(judged_.verdict_of(i));
  };
  try {
    const NewCommits& commits = walks_.of(group);
    if (commits.too_many) {
      every([&](RefVerdict& ref) { ref.findings.push_back(too_many_commits()); });
      return;
    }
    judge(group, commits.ids);
  } catch (const BadCommit& bad) {
    if (one_by_one(group)) return;
    every([&](RefVerdict& ref) { ref.findings.push_back(malformed_commit(bad)); });
  } catch (const MissingObject& missing) {
    if (one_by_one(group)) return;
    every([&](RefVerdict& ref) { ref.findings.push_back(missing_object(missing)); });
  } catch (const std::exception& error) {
    const std::string why = reason_of(error);
    every([&](RefVerdict& ref) {
      judged_.builder.add_undecided(ref, group.rules[0]->info->id, why);
    });
  }
}

// Which of several refs brings the commit that cannot be judged: only a walk of each one tells.
bool CommitCheck::one_by_one(const CommitGroup& group) {
  if (group.refs.size() == 1) return false;
  for (const std::size_t ref : group.refs) {
    CommitGroup alone = group;
    alone.refs = {ref};
    alone.key += " alone " + std::to_string(ref);
    check(alone);
  }
  return true;
}

void CommitCheck::judge(const CommitGroup& group, const std::vector<ObjectId>& ids) {
  std::vector<const PushedRef*> refs;
  for (const std::size_t i : group.refs) refs.push_back(&judged_.push.refs[i]);
  CommitScan scan(judged_.push, group.rules, refs, packs_);
  std::vector<CommitFindings> findings = scan.run(ids);
  judged_.builder.verdict().findings_dropped += scan.dropped();
  for (const std::size_t i : group.refs) {
    RefVerdict& ref = judged_.verdict_of(i);
    ref.new_commits = std::max(ref.new_commits, ids.size());
    ref.has_merges = ref.has_merges || scan.has_merges();
    ref.stays_signed = ref.stays_signed || (scan.has_signed() && wants_signatures(group));
  }
  attribute(group, ids, findings);
}

// Puts each finding on the first ref that brings its commit; ref by ref, on every one that does.
void CommitCheck::attribute(const CommitGroup& group, const std::vector<ObjectId>& ids,
                            const std::vector<CommitFindings>& all) {
  // A rule that has failed was not asked about the other commits: none of them may come in.
  const auto about_push = [](const Finding& finding) { return finding.undecided; };
  if (group.refs.size() == 1) {
    for (const CommitFindings& found : all) {
      judged_.builder.add(judged_.verdict_of(group.refs[0]), found.answer, found.rule, about_push);
    }
    return;
  }
  if (all.empty()) return;
  ObjectIds unassigned;
  for (const CommitFindings& found : all) unassigned.insert(found.commit);
  const ObjectIds fresh(ids.begin(), ids.end());
  for (const std::size_t i : group.refs) {
    const auto brought =
        reachable_within(judged_.push.repository, judged_.push.refs[i].new_commit, fresh);
    for (const CommitFindings& found : all) {
      if (!brought.contains(found.commit)) continue;
      if (!judged_.push.ref_by_ref && !unassigned.contains(found.commit)) continue;
      judged_.builder.add(judged_.verdict_of(i), found.answer, found.rule, about_push);
    }
    for (const ObjectId& id : brought) unassigned.erase(id);
    if (unassigned.empty() && !judged_.push.ref_by_ref) return;
  }
}

}  // namespace trunkgate
