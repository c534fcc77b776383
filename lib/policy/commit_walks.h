// Finds the commits of a push that are new to rules, one walk for all rules that share it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "policy/baselines.h"
#include "policy/policy.h"
#include "push/new_commits.h"
#include "push/push.h"

namespace trunkgate {

// Rules over commits with the same refs in force, the same baseline and the same updates: they
// share one walk.
struct CommitGroup {
  const Scope* scope = nullptr;
  std::size_t baseline = 0;
  std::vector<std::size_t> refs;  // indices into Push::refs
  std::vector<const ActiveRule*> rules;
  std::string key;  // the same for groups that have the same walk
};

class CommitWalks {
 public:
  // All must outlive this object. `refs` is what the groups' indices count in.
  CommitWalks(const Policy& policy, const Repository& repository, const Baselines& baselines,
              const std::vector<PushedRef>& refs)
      : policy_(policy), repository_(repository), baselines_(baselines), refs_(refs) {}

  // Children before their parents. Valid as long as this object. Throws BadCommit, MissingObject or
  // Error(repository).
  const NewCommits& of(const CommitGroup& group);

 private:
  NewCommits walk(const CommitGroup& group);
  const FreshCommits& fresh(const std::vector<ObjectId>& tips);
  std::vector<ObjectId> judged_tips(const CommitGroup& group) const;

  const Policy& policy_;
  const Repository& repository_;
  const Baselines& baselines_;
  const std::vector<PushedRef>& refs_;
  std::map<std::string, NewCommits> walks_;  // by CommitGroup::key
  // By tips: rules that came into force at different times have walks of their own, and what the
  // push brought is new to all of them.
  std::map<std::vector<ObjectId>, FreshCommits> fresh_;
};

}  // namespace trunkgate
