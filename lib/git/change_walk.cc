#include "git/change_walk.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "git/diff.h"

namespace trunkgate {
namespace {

constexpr std::size_t kTreeBytes = std::size_t{64} << 20U;
// Bytes of folders that stand in several places: so many always, and so many times the bytes of all
// folders that differ.
constexpr std::size_t kRepeatsAllowed = std::size_t{16} << 20U;
constexpr std::size_t kRepeatsPerByte = 10;

BadCommit too_deep(const ObjectId& commit) {
  return BadCommit(commit,
                   "has folders nested more than " + std::to_string(kMaxTreeDepth) + " deep");
}

}  // namespace

ChangeWalk::ChangeWalk(ObjectReader& reader, bool deletions, const TreeChanges* changes)
    : reader_(reader), changes_(changes), deletions_(deletions) {}

Bytes ChangeWalk::read(const ObjectId& id) {
  if (const auto known = trees_.find(id); known != trees_.end()) return known->second;
  Bytes tree;
  try {
    tree = reader_.tree(id);
  } catch (const BadTree& bad) {
    throw BadCommit(commit_, std::string("has a folder that cannot be read: ") + bad.what());
  }
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
  return reader_.commit(commit).tree;
}

void ChangeWalk::visit(const Commit& commit,
                       const std::function<void(const ChangedFile&)>& visitor) {
  visitor_ = &visitor;
  path_.clear();
  commit_ = commit.id;
  apart_ = true;
  roots_.emplace(commit.id, commit.tree);
  std::vector<ObjectId> parents;
  for (const ObjectId& parent : commit.parents) {
    parents.push_back(root_of(parent));
    if (parents.back() == commit.tree) return;
  }
  compare(commit.tree, parents, !parents.empty(), 0);
}

bool ChangeWalk::first_time(const ObjectId& tree, const std::vector<ObjectId>& parents, bool all) {
  Compared compared{tree, {}, 0, all};
  if (parents.size() == 1) compared.parents = parents[0];
  if (parents.size() > 1) {
    std::string ids;
    for (const ObjectId& parent : parents) {
      ids.append(reinterpret_cast<const char*>(parent.bytes()), ObjectId::kSize);
    }
    compared.parents = *ObjectId::parse(sha256(ids).substr(0, ObjectId::kHexSize));
  }
  compared.folder =
      folders_.try_emplace(path_, static_cast<std::uint32_t>(folders_.size())).first->second;
  return seen_.insert(compared).second;
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

std::optional<PushedPlace> ChangeWalk::recorded(const ObjectId& tree) const {
  return changes_ == nullptr ? std::nullopt : changes_->find(tree);
}

// What compare_trees() visits. A zero id is a folder that is not there. Entries live as long as
// what is `held` for them.
std::vector<TreeEntry> ChangeWalk::differences(const ObjectId& tree,
                                               const std::optional<PushedPlace>& recorded,
                                               const std::vector<ObjectId>& others,
                                               std::vector<Bytes>& held) {
  std::vector<TreeEntry> found;
  if (recorded && changes_->compare(*recorded, others, found)) {
    count_repeats(tree, changes_->facts(*recorded).size);
    return found;
  }
  std::vector<RawTree> trees;
  const auto add = [&](const ObjectId& id) {
    held.push_back(id.is_zero() ? Bytes() : read(id));
    trees.push_back({id, held.back().view()});
  };
  add(tree);
  for (const ObjectId& other : others) add(other);
  count_repeats(tree.is_zero() ? others[0] : tree, trees[0].bytes.size());
  find_sorted_differences(trees, held, found);
  return found;
}

// `parents` are those that have a folder here, none of which is this tree; `all` when that is every
// parent of the commit.
void ChangeWalk::compare(const ObjectId& tree, const std::vector<ObjectId>& parents, bool all,
                         std::size_t depth) {
  if (depth > kMaxTreeDepth) throw too_deep(commit_);
  if (!first_time(tree, parents, all)) return;
  const bool above = apart_;
  compare_folder(tree, parents, all, depth);
  apart_ = above;
}

void ChangeWalk::compare_folder(const ObjectId& tree, const std::vector<ObjectId>& parents,
                                bool all, std::size_t depth) {
  const auto place = recorded(tree);
  apart_ = apart_ && place && changes_->facts(*place).names_apart;
  const std::size_t folder_size = path_.size();
  const auto visit = [&](const TreeDifference& difference) {
    report(difference, all, depth);
    path_.resize(folder_size);
  };
  if (parents.empty()) {
    const Bytes own = read(tree);
    count_repeats(tree, own.size());
    return compare_trees({tree, own.view()}, {}, visit);
  }
  std::vector<Bytes> held;
  const std::vector<TreeEntry> found = differences(tree, place, parents, held);
  visit_differences(found, 1 + parents.size(), visit);
}

void ChangeWalk::visit_taken(const Commit& merge,
                             const std::function<void(const TakenFile&)>& visitor) {
  path_.clear();
  commit_ = merge.id;
  std::vector<ObjectId> parents;
  for (const ObjectId& parent : merge.parents) parents.push_back(root_of(parent));
  compare_taken(merge.tree, parents, 0, visitor);
}

// A zero id is a folder that is not there.
void ChangeWalk::compare_taken(const ObjectId& tree, const std::vector<ObjectId>& parents,
                               std::size_t depth,
                               const std::function<void(const TakenFile&)>& visitor) {
  if (depth > kMaxTreeDepth) throw too_deep(commit_);
  if (std::all_of(parents.begin(), parents.end(), [&](const ObjectId& p) { return p == tree; })) {
    return;
  }
  const std::size_t folder_size = path_.size();
  std::vector<Bytes> held;
  const std::vector<TreeEntry> found = differences(tree, recorded(tree), parents, held);
  visit_differences(found, 1 + parents.size(), [&](const TreeDifference& difference) {
    const auto version = [](const TreeEntry* entry) {
      return entry == nullptr ? FileVersion() : FileVersion{entry->id, entry->mode};
    };
    TakenFile file;
    file.own = version(difference.own);
    const TreeEntry* named = difference.own;
    for (const TreeEntry* other : difference.others) {
      file.parents.push_back(version(other));
      if (named == nullptr) named = other;
    }
    path_ += named->name;
    if (named->folder()) {
      path_ += '/';
      std::vector<ObjectId> below;
      for (const FileVersion& parent : file.parents) below.push_back(parent.id);
      compare_taken(file.own.id, below, depth + 1, visitor);
    } else if (std::find(file.parents.begin(), file.parents.end(), file.own) !=
               file.parents.end()) {
      file.path = path_;
      visitor(file);
    }
    path_.resize(folder_size);
  });
}

FileVersion ChangeWalk::version(const ObjectId& commit, std::string_view path) {
  ObjectId tree = root_of(commit);
  while (true) {
    const auto slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    const Bytes raw = read(tree);
    TreeReader reader(raw.view());
    TreeEntry entry;
    FileVersion found;
    while (reader.next(entry)) {
      if (entry.name == name && entry.folder() == (slash != std::string_view::npos)) {
        found = {entry.id, entry.mode};
      }
    }
    if (slash == std::string_view::npos || found.id.is_zero()) return found;
    tree = found.id;
    path.remove_prefix(slash + 1);
  }
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
  file.names_apart = apart_;
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
