#include "git/diff.h"

#include <algorithm>
#include <utility>

#include "git/line_diff.h"
#include "git/tree.h"
#include "git/tree_compare.h"

namespace trunkgate {
namespace {

// Text beyond this is compared by id only.
constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20U;
// Lines are counted up to here.
constexpr std::size_t kMaxCountedBytes = std::size_t{64} << 20U;

class TreeDiff {
 public:
  explicit TreeDiff(const Repository& repository) : repository_(repository) {}

  void compare(const ObjectId& before, const ObjectId& after, const std::string& folder,
               std::size_t depth) {
    if (before == after) return;
    if (depth > kMaxTreeDepth) {
      throw Error(ErrorKind::repository,
                  "folders are nested more than " + std::to_string(kMaxTreeDepth) + " deep");
    }
    const Bytes old_tree = read(before);
    const Bytes new_tree = read(after);
    compare_trees({after, new_tree.view()}, {{before, old_tree.view()}},
                  [&](const TreeDifference& difference) {
                    add(difference.others[0], difference.own, folder, depth);
                  });
  }

  std::vector<FileChange> changes;

 private:
  void add(const TreeEntry* before, const TreeEntry* after, const std::string& folder,
           std::size_t depth) {
    const TreeEntry& there = before != nullptr ? *before : *after;
    const ObjectId old_id = before != nullptr ? before->id : ObjectId();
    const ObjectId new_id = after != nullptr ? after->id : ObjectId();
    const std::string path = folder + std::string(there.name);
    if (there.folder()) {
      compare(old_id, new_id, path + "/", depth + 1);
    } else {
      changes.push_back({path, old_id, new_id, before != nullptr ? before->mode : 0,
                         after != nullptr ? after->mode : 0});
    }
  }

  Bytes read(const ObjectId& id) {
    if (id.is_zero()) return {};
    Bytes tree = repository_.tree(id);
    bytes_ += tree.size();
    if (bytes_ > kMaxDiffBytes) {
      throw Error(ErrorKind::repository, "more than " + std::to_string(kMaxDiffBytes >> 20U) +
                                             " MiB of folders to compare");
    }
    return tree;
  }

  const Repository& repository_;
  std::size_t bytes_ = 0;
};

std::string text_of(const Repository& repository, const ObjectId& id) {
  return id.is_zero() ? std::string() : repository.blob(id, kMaxTextBytes);
}

std::vector<Hunk> hunks_of(const Repository& repository, const FileChange& change) {
  return hunks_between(text_of(repository, change.before), text_of(repository, change.after));
}

bool undoes(const Repository& repository, const FileChange& undo, const FileChange& change) {
  if (undo.path != change.path || undo.before_mode != change.after_mode ||
      undo.after_mode != change.before_mode) {
    return false;
  }
  if (undo.before == change.after && undo.after == change.before) return true;
  // A file that appears or goes away has no lines "in between".
  if (undo.before.is_zero() || undo.after.is_zero()) return false;
  const std::vector<Hunk> back = hunks_of(repository, undo);
  const std::vector<Hunk> forth = hunks_of(repository, change);
  return std::equal(
      back.begin(), back.end(), forth.begin(), forth.end(),
      [](const Hunk& b, const Hunk& f) { return b.removed == f.added && b.added == f.removed; });
}

}  // namespace

std::vector<FileChange> diff_trees(const Repository& repository, const ObjectId& before,
                                   const ObjectId& after) {
  TreeDiff diff(repository);
  diff.compare(before, after, "", 0);
  return std::move(diff.changes);
}

std::vector<FileChange> changes_of(const Repository& repository, const Commit& commit) {
  const ObjectId before =
      commit.parents.empty() ? ObjectId() : repository.commit(commit.parents[0]).tree;
  return diff_trees(repository, before, commit.tree);
}

std::size_t changed_lines(const Repository& repository, const FileChange& change) {
  std::string texts[2];
  for (std::size_t side = 0; side < 2; ++side) {
    const ObjectId& id = side == 0 ? change.before : change.after;
    if (id.is_zero()) continue;
    const ObjectHeader header = repository.header(id);
    if (header.type != ObjectType::blob || header.size > kMaxCountedBytes) return 1;
    texts[side] = repository.blob(id, kMaxCountedBytes);
    if (is_binary(texts[side])) return 1;
  }
  return count_changed_lines(texts[0], texts[1]);
}

bool is_binary(std::string_view content) {
  return content.substr(0, kBinaryLook).find('\0') != std::string_view::npos;
}

bool is_inverse(const Repository& repository, const Commit& undo, const Commit& commit) {
  const std::vector<FileChange> back = changes_of(repository, undo);
  const std::vector<FileChange> forth = changes_of(repository, commit);
  return !forth.empty() && std::equal(back.begin(), back.end(), forth.begin(), forth.end(),
                                      [&](const FileChange& b, const FileChange& f) {
                                        return undoes(repository, b, f);
                                      });
}

}  // namespace trunkgate
