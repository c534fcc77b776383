#include "git/change_walk.h"

#include <algorithm>
#include <utility>

#include "git/diff.h"

namespace trunkgate {
namespace {

constexpr std::size_t kTreeBytes = std::size_t{64} << 20U;
// Bytes of folders that stand in several places: so many always, and so many times the bytes of all
// folders that differ.
constexpr std::size_t kRepeatsAllowed = std::size_t{16} << 20U;
constexpr std::size_t kRepeatsPerByte = 10;

}  // namespace

ChangeWalk::ChangeWalk(ObjectReader& reader, bool deletions, const TreeChanges* changes)
    : reader_(reader), changes_(changes), deletions_(deletions) {}

Bytes ChangeWalk::read(const ObjectId& id) {
  if (const auto known = trees_.find(id); known != trees_.end()) return known->second;
  Bytes tree = reader_.tree(id);
  tree_bytes_ += tree.size();
  if (tree_bytes_ > kTreeBytes) {
    trees_.clear();
    tree_bytes_ = tree.size();
  }
  trees_.emplace(id, tree);
  return tree;
}

ObjectId ChangeWalk::root_of(const ObjectId& commit) {
  if (const auto visited = roots_.find(commit); visited != roots_.end()) return visited->second;
  return reader_.root(commit);
}

void ChangeWalk::visit(const Commit& commit,
                       const std::function<void(const ChangedFile&)>& visitor) {
  visitor_ = &visitor;
  path_.clear();
  commit_ = commit.id;
  roots_.emplace(commit.id, commit.tree);
  std::vector<ObjectId> parents;
  for (const ObjectId& parent : commit.parents) {
    parents.push_back(root_of(parent));
    if (parents.back() == commit.tree) return;
  }
  compare(commit.tree, parents, !parents.empty(), 0);
}

bool ChangeWalk::first_time(const ObjectId& tree) {
  const auto folder =
      folders_.try_emplace(path_, static_cast<std::uint32_t>(folders_.size())).first->second;
  return seen_.insert({tree, folder}).second;
}

void ChangeWalk::count_repeats(const ObjectId& tree, std::size_t bytes) {
  if (compared_.insert(tree).second) {
    bytes_ += bytes;
    return;
  }
  repeated_ += bytes;
  if (repeated_ > kRepeatsAllowed && repeated_ / kRepeatsPerByte > bytes_) {
    throw BadCommit(commit_, "has a few folders in very many places, and no end in sight");
  }
}

// `parents` are those that have a folder here, none of which is this tree; `all` when that is every
// parent of the commit.
void ChangeWalk::compare(const ObjectId& tree, const std::vector<ObjectId>& parents, bool all,
                         std::size_t depth) {
  if (depth > kMaxTreeDepth) {
    throw Error(ErrorKind::repository,
                "folders are nested more than " + std::to_string(kMaxTreeDepth) + " deep");
  }
  if (!first_time(tree)) return;
  const std::size_t folder_size = path_.size();
  const auto visit = [&](const TreeDifference& difference) {
    report(difference, all, depth);
    path_.resize(folder_size);
  };
  if (changes_ != nullptr && !parents.empty()) {
    std::vector<TreeEntry> found;
    if (changes_->compare(tree, parents, found)) {
      count_repeats(tree, changes_->size(tree).value_or(0));
      return visit_differences(found, 1 + parents.size(), visit);
    }
  }
  std::vector<Bytes> read_trees;  // own the bytes while they are compared
  std::vector<RawTree> others;
  for (const ObjectId& parent : parents) {
    read_trees.push_back(read(parent));
    others.push_back({parent, read_trees.back().view()});
  }
  const Bytes own = read(tree);
  count_repeats(tree, own.size());
  compare_trees({tree, own.view()}, others, visit);
}

void ChangeWalk::report(const TreeDifference& difference, bool all, std::size_t depth) {
  if (difference.own == nullptr) {
    if (deletions_ && all) report_gone(difference, depth);
    return;
  }
  const TreeEntry& entry = *difference.own;
  const TreeEntry* before = nullptr;
  std::vector<ObjectId> folders;
  for (const TreeEntry* parent : difference.others) {
    if (parent == nullptr) continue;
    if (parent->id == entry.id && (entry.folder() || parent->mode == entry.mode)) return;
    if (entry.folder()) folders.push_back(parent->id);
    if (before == nullptr) before = parent;
  }
  path_ += entry.name;
  if (entry.folder()) {
    path_ += '/';
    all = all && folders.size() == difference.others.size();
    compare(entry.id, folders, all, depth + 1);
    return;
  }
  ChangedFile file;
  file.path = path_;
  file.id = entry.id;
  file.mode = entry.mode;
  if (before != nullptr) {
    file.before = before->id;
    file.before_mode = before->mode;
  }
  (*visitor_)(file);
}

// Gone is what every parent had.
void ChangeWalk::report_gone(const TreeDifference& difference, std::size_t depth) {
  const auto& parents = difference.others;
  if (std::find(parents.begin(), parents.end(), nullptr) != parents.end()) return;
  report_deleted(*parents[0], depth);
}

void ChangeWalk::report_deleted(const TreeEntry& entry, std::size_t depth) {
  if (depth > kMaxTreeDepth) return;  // nothing that new content could hide behind
  const std::size_t folder_size = path_.size();
  path_ += entry.name;
  if (entry.folder()) {
    path_ += '/';
    const Bytes raw = read(entry.id);
    count_repeats(entry.id, raw.size());
    compare_trees({entry.id, raw.view()}, {}, [&](const TreeDifference& difference) {
      report_deleted(*difference.own, depth + 1);
    });
  } else {
    ChangedFile file;
    file.path = path_;
    file.before = entry.id;
    file.before_mode = entry.mode;
    (*visitor_)(file);
  }
  path_.resize(folder_size);
}

}  // namespace trunkgate
