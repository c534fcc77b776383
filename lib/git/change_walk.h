// The files that commits change, commit by commit, for rules about files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "git/commit.h"
#include "git/object_id.h"
#include "git/object_reader.h"
#include "git/pushed_place.h"
#include "git/tree.h"
#include "git/tree_changes.h"
#include "git/tree_compare.h"

namespace trunkgate {

// A path at which a commit has what none of its parents has: a file, a link or a submodule of its
// own, or nothing where all of them have something.
struct ChangedFile {
  std::string path;   // raw bytes
  ObjectId id;        // zero when the commit deletes it
  unsigned mode = 0;  // 0 when the commit deletes it
  ObjectId before;    // in the first parent that has it; zero when the commit adds it
  unsigned before_mode = 0;
  // No folder on the way to it has two names that are one when folded (base/fold.h). False, too,
  // when that is not known.
  bool names_apart = false;

  bool added() const { return before.is_zero(); }
  bool deleted() const { return id.is_zero(); }
  bool symlink() const { return (mode & 0170000U) == kSymlinkMode; }
  bool submodule() const { return (mode & 0170000U) == kSubmoduleMode; }
  bool plain() const { return !deleted() && !symlink() && !submodule(); }
  bool executable() const { return plain() && (mode & 0100U) != 0; }
};

struct FileVersion {
  ObjectId id;  // zero where there is no file
  unsigned mode = 0;
  bool operator==(const FileVersion&) const = default;
};

// A path at which a merge has what some of its parents have and others have not.
struct TakenFile {
  std::string path;  // raw bytes
  FileVersion own;
  std::vector<FileVersion> parents;  // in the order of the commit's parents
};

// Give it the new commits of a push, parents before their children. A folder that was held against
// the same ones at the same path before is not looked into again, so a push that goes back and
// forth between two states costs no more than both ways. Few folders that stand in very many
// places, such as ten folders in each of ten folders ten times over, are a bomb and no work of
// anybody. Memory: the trees read last, 64 MiB at most, and 80 bytes for each new folder.
class ChangeWalk {
 public:
  // With `deletions`, deleted files are visited, too. `changes`, which may be null, saves reading
  // the trees it knows of. Both must outlive it.
  ChangeWalk(ObjectReader& reader, bool deletions, const TreeChanges* changes = nullptr);

  // Visits the changes of one commit in Git's order of paths. Throws Error(repository) when a tree
  // cannot be read or is nested deeper than kMaxTreeDepth, MissingObject when it is not there,
  // BadCommit for a bomb.
  void visit(const Commit& commit, const std::function<void(const ChangedFile&)>& visitor);
  // Visits what a merge takes from one side: together with what visit() visits, all in which it
  // differs from any of its parents. Deletions too. Throws as visit() does.
  void visit_taken(const Commit& merge, const std::function<void(const TakenFile&)>& visitor);
  // What stands at a path of a commit; of a folder nothing.
  FileVersion version(const ObjectId& commit, std::string_view path);

 private:
  // One comparison, which would find the same each time.
  struct Compared {
    ObjectId tree;
    ObjectId parents;  // one's id, or what stands for several; zero for none
    std::uint32_t folder = 0;
    bool all = false;
    bool operator==(const Compared&) const = default;
  };
  struct ComparedHash {
    std::size_t operator()(const Compared& compared) const {
      const std::size_t ids =
          ObjectIdHash()(compared.tree) ^ (ObjectIdHash()(compared.parents) << 1U);
      return ids + compared.folder * std::size_t{0x9E3779B97F4A7C15U};
    }
  };

  Bytes read(const ObjectId& id);
  ObjectId root_of(const ObjectId& commit);
  void compare(const ObjectId& tree, const std::vector<ObjectId>& parents, bool all,
               std::size_t depth);
  void compare_folder(const ObjectId& tree, const std::vector<ObjectId>& parents, bool all,
                      std::size_t depth);
  void compare_taken(const ObjectId& tree, const std::vector<ObjectId>& parents, std::size_t depth,
                     const std::function<void(const TakenFile&)>& visitor);
  std::optional<PushedPlace> recorded(const ObjectId& tree) const;
  std::vector<TreeEntry> differences(const ObjectId& tree,
                                     const std::optional<PushedPlace>& recorded,
                                     const std::vector<ObjectId>& others, std::vector<Bytes>& held);
  void report(const TreeDifference& difference, bool all, std::size_t depth);
  void report_gone(const TreeDifference& difference, std::size_t depth);
  void report_deleted(const TreeEntry& entry, std::size_t depth);
  bool first_time(const ObjectId& tree, const std::vector<ObjectId>& parents, bool all);
  void count_repeats(const ObjectId& tree, std::size_t bytes);

  ObjectReader& reader_;
  const TreeChanges* changes_;
  bool deletions_;
  const std::function<void(const ChangedFile&)>* visitor_ = nullptr;
  ObjectId commit_;     // being visited
  bool apart_ = false;  // ChangedFile::names_apart in the folder being compared
  std::string path_;    // of the folder being compared, with a slash at its end
  std::unordered_map<ObjectId, Bytes, ObjectIdHash> trees_;
  std::size_t tree_bytes_ = 0;
  std::unordered_map<std::string, std::uint32_t> folders_;
  std::unordered_set<Compared, ComparedHash> seen_;
  std::unordered_set<ObjectId, ObjectIdHash> compared_;
  std::size_t bytes_ = 0;     // of all trees in compared_
  std::size_t repeated_ = 0;  // bytes of trees that were compared at another path before
  std::unordered_map<ObjectId, ObjectId, ObjectIdHash> roots_;  // of the commits visited
};

}  // namespace trunkgate
