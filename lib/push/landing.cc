#include "push/landing.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "git/ref_name.h"
#include "push/new_commits.h"
#include "push/rewritten_branch.h"

namespace trunkgate {
namespace {

bool all_merges(const FirstParentChain& chain) {
  return !chain.commits.empty() &&
         std::all_of(chain.commits.begin(), chain.commits.end(),
                     [](const Commit& c) { return c.parents.size() >= 2; });
}

// Whether everything the merges bring in is a branch of the server; fills in `landing`.
bool land_merges(const Push& push, const FirstParentChain& chain,
                 const std::vector<SourceBranch>& branches, Landing& landing) {
  bool known = true;
  for (const Commit& commit : chain.commits) {
    MergeComparison found = compare_with_automatic_merge(push.repository, push.scratch, commit);
    if (!found.equal) landing.unproven.push_back({commit.id, std::move(found)});
    for (std::size_t i = 1; i < commit.parents.size(); ++i) {
      LandedSource source{commit.parents[i], commit.id,
                          branches_with(push.repository, branches, commit.parents[i])};
      known = known && !source.branches.empty();
      landing.sources.push_back(std::move(source));
    }
  }
  return known;
}

// Whether it is a branch that was rebased or, one for each commit, branches that were squashed.
bool find_rewritten(const Push& push, const PushedRef& ref, const FirstParentChain& chain,
                    const std::vector<SourceBranch>& branches, Landing& landing) {
  const auto& [squash, rebase] = landing.looked_for;
  if ((!squash && !rebase) || chain.commits.empty() || branches.empty()) return false;
  const auto is_merge = [](const Commit& commit) { return commit.parents.size() != 1; };
  if (std::any_of(chain.commits.begin(), chain.commits.end(), is_merge)) return false;
  RewrittenSearch search(push, branches, chain, ref);
  // What is both, a branch of one commit, is a rebase: more of it is proven.
  return (rebase && search.find_rebase(landing)) || (squash && search.find_squashes(landing));
}

Landing describe(const Push& push, const PushedRef& ref, const RewrittenWays& ways) {
  Landing landing;
  landing.looked_for = ways;
  if (ref.deletes() || ref.new_commit.is_zero()) return landing;
  const std::vector<SourceBranch> branches = other_branches(push, ref);
  LandedSource tip{ref.new_commit, ref.new_commit,
                   branches_with(push.repository, branches, ref.new_commit)};
  FirstParentChain chain;
  if (!ref.creates()) chain = first_parent_chain(push, ref);
  const bool on_the_line = ref.creates() || (chain.reaches_old && !chain.too_long);
  if (on_the_line && all_merges(chain) && chain.commits.size() <= kMaxLandedMerges) {
    const bool known = land_merges(push, chain, branches, landing);
    // The same commits may be a branch of the server whose own commits are merges.
    if (landing.unproven.empty() && (known || tip.branches.empty())) {
      landing.kind = LandingKind::merge;
      return landing;
    }
    landing.sources.clear();
  }
  if (on_the_line && ref.new_commit != ref.old_commit && !tip.branches.empty()) {
    landing.kind = LandingKind::fast_forward;
  } else if (on_the_line && find_rewritten(push, ref, chain, branches, landing)) {
    return landing;
  }
  landing.sources.push_back(std::move(tip));
  return landing;
}

// Commits of the branches that reach `commit`, in one walk for all of them: a branch at a time
// costs a walk through half of the history for each of hundreds. Nothing when they are too many.
std::optional<std::unordered_set<ObjectId, ObjectIdHash>> descendants(
    const Repository& repository, const std::vector<SourceBranch>& branches,
    const ObjectId& commit) {
  NewCommitsQuery query;
  for (const SourceBranch& branch : branches) query.tips.push_back(branch.tip);
  query.hidden = {commit};
  const NewCommits above = find_new_commits(repository, query);
  if (above.too_many) return std::nullopt;
  std::unordered_set<ObjectId, ObjectIdHash> holding{commit};
  // Children come before their parents.
  for (auto id = above.ids.rbegin(); id != above.ids.rend(); ++id) {
    const std::vector<ObjectId> parents = repository.links(*id).parents;
    if (std::any_of(parents.begin(), parents.end(),
                    [&](const ObjectId& parent) { return holding.contains(parent); })) {
      holding.insert(*id);
    }
  }
  return holding;
}

RefUpdateKey key_of(const PushedRef& ref) { return {ref.name, ref.old_commit, ref.new_commit}; }

std::map<RefUpdateKey, std::shared_ptr<const Landing>>& landings_of(const Push& push) {
  if (push.landings == nullptr) {
    push.landings = std::make_shared<std::map<RefUpdateKey, std::shared_ptr<const Landing>>>();
  }
  return *push.landings;
}

}  // namespace

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
  const auto holding = descendants(repository, branches, commit);
  for (const SourceBranch& branch : branches) {
    const bool holds =
        holding ? holding->contains(branch.tip) : reaches(repository, branch.tip, commit);
    if (holds) found.push_back(branch);
  }
  return found;
}

std::vector<ObjectId> brought_in(const FirstParentChain& chain, const PushedRef& ref) {
  if (!all_merges(chain)) return {ref.new_commit};
  std::vector<ObjectId> brought;
  for (const Commit& commit : chain.commits) {
    brought.insert(brought.end(), commit.parents.begin() + 1, commit.parents.end());
  }
  return brought;
}

std::string_view to_string(LandingKind kind) {
  switch (kind) {
    case LandingKind::direct:
      return "direct";
    case LandingKind::merge:
      return "merge";
    case LandingKind::fast_forward:
      return "fast-forward";
    case LandingKind::squash:
      return "squash";
    case LandingKind::rebase:
      return "rebase";
  }
  return "direct";
}

void look_for_rewritten(const Push& push, const PushedRef& ref, RewrittenWays ways) {
  Landing landing;
  landing.to_be_found = true;
  landing.looked_for = ways;
  landings_of(push)[key_of(ref)] = std::make_shared<const Landing>(std::move(landing));
}

std::shared_ptr<const Landing> landing_of(const Push& push, const PushedRef& ref) {
  std::shared_ptr<const Landing>& landing = landings_of(push)[key_of(ref)];
  if (landing == nullptr || landing->to_be_found) {
    const RewrittenWays ways = landing == nullptr ? RewrittenWays() : landing->looked_for;
    landing = std::make_shared<const Landing>(describe(push, ref, ways));
  }
  return landing;
}

std::vector<std::string> landed_sources(const Push& push, const PushedRef& ref) {
  std::vector<std::string> names;
  const auto add = [&](const LandedSource& source) {
    for (const SourceBranch& branch : source.branches) {
      if (branch.tip == source.commit) names.emplace_back(short_name(branch.name));
    }
  };
  for (const LandedSource& source : landing_of(push, ref)->sources) {
    add(source);
    for (const LandedSource& other : source.others) add(other);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> claimed_sources(const Push& push, const PushedRef& ref) {
  std::vector<std::string> names = landed_sources(push, ref);
  if (landing_of(push, ref)->unproven.empty()) return names;
  const std::vector<ObjectId> brought = brought_in(first_parent_chain(push, ref), ref);
  for (const SourceBranch& branch : other_branches(push, ref)) {
    if (std::find(brought.begin(), brought.end(), branch.tip) != brought.end()) {
      names.emplace_back(short_name(branch.name));
    }
  }
  return names;
}

}  // namespace trunkgate
