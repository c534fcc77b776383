#include "git/merge_tree.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPaths = 20;

}  // namespace

MergeComparison compare(const AutomaticMerger& merger, const AutomaticMerge& merged,
                        const ObjectId& tree) {
  MergeComparison comparison;
  comparison.equal = merged.clean && merged.tree == tree;
  comparison.unrelated = merged.unrelated;
  comparison.conflict = !merged.clean && !merged.unrelated;
  if (comparison.equal || comparison.unrelated) return comparison;
  // The automatic tree may lie in the scratch store, which only Git reads from here.
  comparison.paths = merged.clean ? merger.differences(merged.tree, tree) : merged.conflicts;
  comparison.paths_total = comparison.paths.size();
  if (comparison.paths.size() > kMaxPaths) comparison.paths.resize(kMaxPaths);
  return comparison;
}

MergeComparison compare_with_automatic_merge(const Repository& repository,
                                             const std::string& scratch, const Commit& merge) {
  if (merge.parents.size() > kMaxComparedParents) return {};
  AutomaticMerger merger(repository, scratch);
  const std::vector<ObjectId> theirs(merge.parents.begin() + 1, merge.parents.end());
  return compare(merger, merger.merge(merge.parents[0], theirs), merge.tree);
}

}  // namespace trunkgate
