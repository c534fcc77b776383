#include "policy/commit_walks.h"

#include <unordered_set>

namespace trunkgate {
namespace {

// As many tips can be hidden in every search at no cost worth mentioning.
constexpr std::size_t kFewTips = 300;

}  // namespace

const NewCommits& CommitWalks::of(const CommitGroup& group) {
  if (const auto known = walks_.find(group.key); known != walks_.end()) return known->second;
  return walks_.emplace(group.key, walk(group)).first->second;
}

const FreshCommits& CommitWalks::fresh(const std::vector<ObjectId>& tips) {
  if (const auto known = fresh_.find(tips); known != fresh_.end()) return known->second;
  return fresh_.emplace(tips, find_fresh_commits(repository_, tips)).first->second;
}

NewCommits CommitWalks::walk(const CommitGroup& group) {
  NewCommitsQuery query;
  for (const std::size_t i : group.refs) {
    const PushedRef& ref = refs_[i];
    if (!ref.new_commit.is_zero()) query.tips.push_back(ref.new_commit);
    if (!ref.old_commit.is_zero()) query.hidden.push_back(ref.old_commit);
  }
  if (query.tips.empty()) return {};
  for (const std::string& name : policy_.named_refs(repository_.head())) {
    if (!group.scope->covers(name) || in_own_namespace(name)) continue;
    const RefValue value = repository_.ref(name);
    if (value.kind != RefValue::Kind::direct) continue;
    const Peeled peeled = repository_.peel(value.id);
    if (peeled.type == ObjectType::commit) query.hidden.push_back(peeled.id);
  }
  query.more_hidden = [&] { return judged_tips(group); };
  // What stood there when the gate came hides most of what is old, without a look at all refs.
  query.few_hidden = [&] {
    std::vector<ObjectId> baseline = baselines_.tips(repository_, 0);
    if (baseline.size() > kFewTips) baseline.resize(kFewTips);
    return baseline;
  };
  return find_new_commits(repository_, query, fresh(query.tips));
}

// Tips of every ref on which the group's rules are in force, and of the baselines.
std::vector<ObjectId> CommitWalks::judged_tips(const CommitGroup& group) const {
  std::vector<ObjectId> ids = baselines_.tips(repository_, 0);
  if (group.baseline != 0) {
    const auto more = baselines_.tips(repository_, group.baseline);
    ids.insert(ids.end(), more.begin(), more.end());
  }
  std::unordered_set<ObjectId, ObjectIdHash> seen;  // many refs often share few commits
  for (const Ref& ref : repository_.refs()) {
    if (in_own_namespace(ref.name) || !group.scope->covers(ref.name)) continue;
    const ObjectId id = ref.peeled ? *ref.peeled : ref.id;
    if (!seen.insert(id).second) continue;
    const Peeled peeled = repository_.peel(id);
    if (peeled.type == ObjectType::commit) ids.push_back(peeled.id);
  }
  return ids;
}

}  // namespace trunkgate
