#include "push/landing.h"

#include <algorithm>

#include "git/ref_name.h"
#include "push/new_commits.h"

namespace trunkgate {

FirstParentChain first_parent_chain(const Push& push, const PushedRef& ref) {
  FirstParentChain chain;
  ObjectId at = ref.new_commit;
  while (at != ref.old_commit) {
    if (chain.commits.size() == kMaxLandingSteps) {
      chain.too_long = true;
      return chain;
    }
    chain.commits.push_back(push.repository.commit(at));
    if (chain.commits.back().parents.empty()) {
      chain.reaches_old = ref.creates();
      return chain;
    }
    at = chain.commits.back().parents[0];
  }
  chain.reaches_old = true;
  return chain;
}

std::vector<SourceBranch> other_branches(const Push& push, const PushedRef& ref) {
  std::vector<SourceBranch> branches;
  for (const Ref& branch : push.repository.refs("refs/heads/")) {
    if (branch.name != ref.name) branches.push_back({branch.name, branch.id});
  }
  return branches;
}

std::vector<SourceBranch> branches_with(const Repository& repository,
                                        const std::vector<SourceBranch>& branches,
                                        const ObjectId& commit) {
  std::vector<SourceBranch> found;
  for (const SourceBranch& branch : branches) {
    if (branch.tip == commit) found.push_back(branch);
  }
  // A commit that this push brought is in nobody's history yet.
  if (!found.empty() || !repository.existed_before(commit)) return found;
  for (const SourceBranch& branch : branches) {
    if (reaches(repository, branch.tip, commit)) found.push_back(branch);
  }
  return found;
}

std::vector<ObjectId> brought_in(const FirstParentChain& chain, const PushedRef& ref) {
  const bool merges =
      !chain.commits.empty() && std::all_of(chain.commits.begin(), chain.commits.end(),
                                            [](const Commit& c) { return c.parents.size() >= 2; });
  if (!merges) return {ref.new_commit};
  std::vector<ObjectId> brought;
  for (const Commit& commit : chain.commits) {
    brought.insert(brought.end(), commit.parents.begin() + 1, commit.parents.end());
  }
  return brought;
}

std::vector<std::string> landed_sources(const Push& push, const PushedRef& ref) {
  std::vector<std::string> names;
  if (ref.deletes() || ref.new_commit.is_zero()) return names;
  const std::vector<ObjectId> brought = brought_in(first_parent_chain(push, ref), ref);
  for (const SourceBranch& branch : other_branches(push, ref)) {
    if (std::find(brought.begin(), brought.end(), branch.tip) != brought.end()) {
      names.emplace_back(short_name(branch.name));
    }
  }
  return names;
}

}  // namespace trunkgate
