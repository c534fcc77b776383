#include "git/change_walk.h"

#include <algorithm>
#include <utility>

#include "git/diff.h"

namespace trunkgate {
namespace {

constexpr std::size_t kTreeBytes = std::size_t{64} << 20U;
// Entries of folders that stand in several places: so many always, and so many times the entries of
// all folders that differ.
constexpr std::size_t kRepeatsAllowed = 500'000;
constexpr std::size_t kRepeatsPerEntry = 10;

std::vector<TreeEntry> entries_of(const std::string& raw, const ObjectId& id) {
  std::vector<TreeEntry> entries;
  entries.reserve(raw.size() / 32);
  TreeReader reader(raw);
  bool sorted = true;
  TreeEntry entry;
  while (reader.next(entry)) {
    sorted = sorted && (entries.empty() || tree_order(entries.back(), entry) < 0);
    entries.push_back(entry);
  }
  if (reader.malformed()) {
    throw Error(ErrorKind::repository, "tree " + id.brief() + " is no list of entries");
  }
  // Only what was there before the gate can be out of order.
  if (!sorted) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const TreeEntry& a, const TreeEntry& b) { return tree_order(a, b) < 0; });
  }
  return entries;
}

bool same(const TreeEntry& a, const TreeEntry& b) { return a.id == b.id && a.mode == b.mode; }

}  // namespace

// The entries of all parents' folders at one path, walked along with the commit's own.
struct ChangeWalk::Level {
  struct Parent {
    Tree raw;  // owns the bytes of `entries`
    std::vector<TreeEntry> entries;
    std::size_t at = 0;
    const TreeEntry* found = nullptr;         // what stands where the commit's entry does
    std::vector<const TreeEntry*> gone = {};  // what stands before it, and after the last one

    // Up to `entry`, or to the end.
    void advance(const TreeEntry* entry) {
      found = nullptr;
      gone.clear();
      for (; at < entries.size(); ++at) {
        const int order = entry == nullptr ? -1 : tree_order(entries[at], *entry);
        if (order > 0) return;
        if (order == 0) {
          found = &entries[at++];
          return;
        }
        gone.push_back(&entries[at]);
      }
    }
  };
  std::vector<Parent> parents;
  bool all = false;  // every parent of the commit has a folder here
};

ChangeWalk::ChangeWalk(const Repository& repository, bool deletions)
    : repository_(repository), deletions_(deletions) {}

ChangeWalk::Tree ChangeWalk::read(const ObjectId& id) {
  if (const auto known = trees_.find(id); known != trees_.end()) return known->second;
  auto tree = std::make_shared<const std::string>(repository_.tree(id));
  tree_bytes_ += tree->size();
  if (tree_bytes_ > kTreeBytes) {
    trees_.clear();
    tree_bytes_ = tree->size();
  }
  trees_.emplace(id, tree);
  return tree;
}

ObjectId ChangeWalk::root_of(const ObjectId& commit) {
  if (const auto visited = roots_.find(commit); visited != roots_.end()) return visited->second;
  return repository_.commit(commit).tree;
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

void ChangeWalk::count_repeats(const ObjectId& tree, std::size_t entries) {
  if (compared_.insert(tree).second) {
    entries_ += entries;
    return;
  }
  repeated_ += entries;
  if (repeated_ > kRepeatsAllowed && repeated_ / kRepeatsPerEntry > entries_) {
    throw BadCommit(commit_, "has a few folders in very many places: more than " +
                                 std::to_string(kRepeatsAllowed) + " files, and no end in sight");
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
  Level level{.parents = {}, .all = all};
  for (const ObjectId& parent : parents) {
    Tree raw = read(parent);
    std::vector<TreeEntry> entries = entries_of(*raw, parent);
    level.parents.push_back({.raw = std::move(raw), .entries = std::move(entries)});
  }
  const Tree raw = read(tree);
  const std::size_t folder_size = path_.size();
  const std::vector<TreeEntry> entries = entries_of(*raw, tree);
  count_repeats(tree, entries.size());
  for (const TreeEntry& entry : entries) {
    for (Level::Parent& parent : level.parents) parent.advance(&entry);
    report_gone(level, depth);
    compare_entry(entry, level, depth);
    path_.resize(folder_size);
  }
  for (Level::Parent& parent : level.parents) parent.advance(nullptr);
  report_gone(level, depth);
}

// What stands between the last two entries of the commit's folder in every parent's.
void ChangeWalk::report_gone(const Level& level, std::size_t depth) {
  if (!deletions_ || !level.all) return;
  for (const TreeEntry* entry : level.parents[0].gone) {
    const bool everywhere =
        std::all_of(level.parents.begin() + 1, level.parents.end(), [&](const Level::Parent& p) {
          return std::any_of(p.gone.begin(), p.gone.end(), [&](const TreeEntry* other) {
            return tree_order(*entry, *other) == 0;
          });
        });
    if (everywhere) report_deleted(*entry, depth);
  }
}

void ChangeWalk::compare_entry(const TreeEntry& entry, const Level& level, std::size_t depth) {
  const TreeEntry* before = nullptr;
  std::vector<ObjectId> folders;
  for (const Level::Parent& parent : level.parents) {
    if (parent.found == nullptr) continue;
    if (same(*parent.found, entry)) return;
    if (entry.folder() && parent.found->id == entry.id) return;
    if (entry.folder()) folders.push_back(parent.found->id);
    if (before == nullptr) before = parent.found;
  }
  path_ += entry.name;
  if (entry.folder()) {
    path_ += '/';
    const bool all = level.all && folders.size() == level.parents.size();
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

void ChangeWalk::report_deleted(const TreeEntry& entry, std::size_t depth) {
  if (depth > kMaxTreeDepth) return;  // nothing that new content could hide behind
  const std::size_t folder_size = path_.size();
  path_ += entry.name;
  if (entry.folder()) {
    path_ += '/';
    const Tree raw = read(entry.id);
    const std::vector<TreeEntry> entries = entries_of(*raw, entry.id);
    count_repeats(entry.id, entries.size());
    for (const TreeEntry& below : entries) report_deleted(below, depth + 1);
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
