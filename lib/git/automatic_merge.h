// Merges as Git makes them without help: the one way in which merges are made here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/scratch_folder.h"
#include "git/commit.h"
#include "git/object_id.h"
#include "git/object_writer.h"
#include "git/repository.h"

namespace trunkgate {

struct AutomaticMerge {
  ObjectId tree;  // files in conflict have Git's markers in them; zero when `unrelated`
  bool clean = false;
  bool unrelated = false;              // the histories have nothing in common
  std::vector<std::string> conflicts;  // paths that do not merge without help, raw bytes
};

// Runs `git merge-tree --write-tree` in a repository of its own that borrows all objects of another
// one, with those that a push has just brought. No configuration, replace refs or hooks of the real
// one take part, and of its attributes those of the commit merged into, so that Git merges as in a
// developer's fresh clone. libgit2 merges some cases differently and is no proof.
//
// Each merge runs Git once: some milliseconds, 60 s at most. All functions throw Error(repository)
// when Git cannot be run or fails.
class AutomaticMerger {
 public:
  // `scratch`: a folder for short-lived files. `objects`: where the trees and files are stored that
  // merges make, such as the repository's own objects; without it, in a folder that goes away with
  // the merger. `repository` must outlive it.
  AutomaticMerger(const Repository& repository, const std::string& scratch,
                  const std::string& objects = {});

  // What `git merge THEIRS` makes on top of `ours`.
  AutomaticMerge merge(const ObjectId& ours, const ObjectId& theirs);
  // The same for several, one after the other; ends with the first that does not merge.
  AutomaticMerge merge(const ObjectId& ours, const std::vector<ObjectId>& theirs);
  // What `git rebase` or `git cherry-pick` makes of `commit`, which has one parent at most, on top
  // of `onto`.
  AutomaticMerge replay(const ObjectId& onto, const Commit& commit);

  // Paths of files that differ between two trees, one of which a merge may have made; raw bytes.
  std::vector<std::string> differences(const ObjectId& before, const ObjectId& after) const;

 private:
  AutomaticMerge run(const ObjectId& ours, const ObjectId& theirs);
  void write_attributes(const ObjectId& ours, const ObjectId& theirs);
  // A commit that nobody gets to see, for Git to find its way from.
  ObjectId stand_in(const ObjectId& tree, const std::vector<ObjectId>& parents);
  std::vector<std::string> environment() const;

  const Repository& repository_;
  ScratchFolder folder_;
  std::string objects_;
  std::unique_ptr<ObjectWriter> stand_ins_;
};

}  // namespace trunkgate
