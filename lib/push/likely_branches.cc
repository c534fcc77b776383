#include "push/likely_branches.h"

#include <algorithm>
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "git/change_walk.h"
#include "git/ref_name.h"
#include "git/tree_compare.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxSamples = 16;
constexpr std::size_t kMaxDepth = 32;
// Shorter names of branches are words of any message.
constexpr std::size_t kTellingName = 4;

constexpr unsigned kSameTree = 1000;
constexpr unsigned kNamesTip = 500;
constexpr unsigned kNamesBranch = 100;
constexpr unsigned kSameTitle = 100;
constexpr unsigned kSameAuthorship = 100;
constexpr unsigned kSameFile = 10;

struct Sample {
  std::string path;
  ObjectId id;
};

// Some of the files that a tree has and another one has not.
void take_samples(const Repository& repository, const ObjectId& tree, const ObjectId& other,
                  const std::string& path, std::size_t depth, std::vector<Sample>& samples) {
  if (depth > kMaxDepth || samples.size() >= kMaxSamples) return;
  const Bytes own = repository.tree(tree);
  const Bytes old = other.is_zero() ? Bytes() : repository.tree(other);
  std::vector<RawTree> others;
  if (!other.is_zero()) others.push_back({other, old.view()});
  compare_trees({tree, own.view()}, others, [&](const TreeDifference& difference) {
    if (difference.own == nullptr || samples.size() >= kMaxSamples) return;
    const std::string at = path + std::string(difference.own->name);
    if (!difference.own->folder()) {
      samples.push_back({at, difference.own->id});
      return;
    }
    const TreeEntry* before = difference.others.empty() ? nullptr : difference.others[0];
    take_samples(repository, difference.own->id, before == nullptr ? ObjectId() : before->id,
                 at + "/", depth + 1, samples);
  });
}

bool names(const std::string& message, const std::string& branch) {
  const std::string_view name = short_name(branch);
  return name.size() >= kTellingName && message.find(name) != std::string::npos;
}

bool same_author(const Commit& a, const Commit& b) {
  return a.author.email == b.author.email && a.author.name == b.author.name;
}

void add_likeness(LikelyBranch& one, const Commit& pushed, const std::vector<Sample>& samples,
                  ChangeWalk& files) {
  if (one.tip.tree == pushed.tree) one.likeness += kSameTree;
  if (pushed.message.find(one.tip.id.brief()) != std::string::npos) one.likeness += kNamesTip;
  if (title_of(one.tip.message) == title_of(pushed.message)) one.likeness += kSameTitle;
  for (const Sample& sample : samples) {
    if (files.version(one.tip.id, sample.path).id == sample.id) one.likeness += kSameFile;
  }
  one.same_work = one.likeness > 0;
  if (same_author(one.tip, pushed) && one.tip.author.time == pushed.author.time) {
    one.likeness += kSameAuthorship;
  }
}

}  // namespace

std::unordered_set<ObjectId, ObjectIdHash> recent_history(const Repository& repository,
                                                          const ObjectId& tip, std::size_t most) {
  std::unordered_set<ObjectId, ObjectIdHash> known{tip};
  std::priority_queue<std::pair<std::int64_t, ObjectId>> queue;
  queue.emplace(0, tip);
  while (!queue.empty() && known.size() < most) {
    const ObjectId id = queue.top().second;
    queue.pop();
    for (const ObjectId& parent : repository.links(id).parents) {
      if (known.insert(parent).second) queue.emplace(repository.links(parent).time, parent);
    }
  }
  return known;
}

std::vector<LikelyBranch> likely_branches(const Repository& repository,
                                          const std::vector<SourceBranch>& branches,
                                          const std::unordered_set<ObjectId, ObjectIdHash>& known,
                                          const Commit& pushed, const Commit& parent) {
  std::vector<Sample> samples;
  take_samples(repository, pushed.tree, parent.tree, "", 0, samples);
  ChangeWalk files(repository.objects(), false);
  std::vector<LikelyBranch> likely;
  std::unordered_map<ObjectId, std::size_t, ObjectIdHash> places;  // of tips, in `likely`
  for (const SourceBranch& branch : branches) {
    if (known.contains(branch.tip)) continue;
    const bool named = names(pushed.message, branch.name);
    const auto [place, added] = places.try_emplace(branch.tip, likely.size());
    if (!added) {  // another name of the same tip
      LikelyBranch& other = likely[place->second];
      if (named && !names(pushed.message, other.branch.name)) {
        other.branch = branch;
        other.likeness += kNamesBranch;
        other.same_work = true;
      }
      continue;
    }
    try {
      LikelyBranch one{branch, repository.commit(branch.tip), named ? kNamesBranch : 0, named};
      add_likeness(one, pushed, samples, files);
      likely.push_back(std::move(one));
    } catch (const Error&) {
      // What cannot be read, say an old commit beyond the limits, is no source of anything, and
      // none of the pusher's business.
      places.erase(branch.tip);
    }
  }
  std::stable_sort(likely.begin(), likely.end(), [&](const LikelyBranch& a, const LikelyBranch& b) {
    if (a.likeness != b.likeness) return a.likeness > b.likeness;
    if (same_author(a.tip, pushed) != same_author(b.tip, pushed)) return same_author(a.tip, pushed);
    return a.tip.committer.time > b.tip.committer.time;
  });
  return likely;
}

}  // namespace trunkgate
