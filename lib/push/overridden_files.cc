#include "push/overridden_files.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "push/new_commits.h"

namespace trunkgate {
namespace {

class Sides {
 public:
  Sides(const Repository& repository, ChangeWalk& walk, const Commit& merge)
      : repository_(repository), walk_(walk), merge_(merge) {}

  // Whether merging gives what the merge has there, and not what parent `other` has.
  bool wins_over(const TakenFile& file, std::size_t other) {
    for (std::size_t side = 0; side < file.parents.size(); ++side) {
      if (file.parents[side] != file.own) continue;
      for (const ObjectId& base : bases(side, other)) {
        if (walk_.version(base, file.path) == file.parents[other]) return true;
      }
    }
    return false;
  }

 private:
  const std::vector<ObjectId>& bases(std::size_t side, std::size_t other) {
    const auto [known, added] = bases_.try_emplace({side, other});
    if (added) {
      known->second = merge_bases(repository_, merge_.parents[side], merge_.parents[other]);
    }
    return known->second;
  }

  const Repository& repository_;
  ChangeWalk& walk_;
  const Commit& merge_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<ObjectId>> bases_;
};

}  // namespace

void visit_overridden_files(const Repository& repository, ChangeWalk& walk, const Commit& merge,
                            const std::function<bool(const ChangedFile&)>& concerns,
                            const std::function<void(const ChangedFile&)>& visitor) {
  if (merge.parents.size() < 2) return;
  Sides sides(repository, walk, merge);
  walk.visit_taken(merge, [&](const TakenFile& file) {
    for (std::size_t i = 0; i < file.parents.size(); ++i) {
      const FileVersion& parent = file.parents[i];
      if (parent == file.own) continue;
      const ChangedFile changed{file.path, file.own.id, file.own.mode, parent.id, parent.mode};
      if (concerns(changed) && !sides.wins_over(file, i)) return visitor(changed);
    }
  });
}

}  // namespace trunkgate
