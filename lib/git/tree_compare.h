// Folders of different commits held against each other, entry by entry.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "git/object_id.h"
#include "git/tree.h"

namespace trunkgate {

struct RawTree {
  ObjectId id;
  std::string_view bytes;
};

// A name that stands with the same id and mode in not all of the trees. A file and a folder of the
// same name are two names, as in Git's order.
struct TreeDifference {
  const TreeEntry* own = nullptr;        // null when only others have the name
  std::vector<const TreeEntry*> others;  // null for those that have it not
};

// Visits every difference in Git's order; without others that is every entry of `own`. What all
// trees begin and end with is passed over by its bytes, so a folder of a thousand files of which
// one changed costs about 2 us. Throws Error(repository) for bytes that are no tree.
void compare_trees(const RawTree& own, const std::vector<RawTree>& others,
                   const std::function<void(const TreeDifference&)>& visit);

// What compare_trees() visits, as a list: for each difference the entry of every tree, in the order
// of `trees`; where a tree has none, an entry without a name. False when one of them is out of
// order. Throws as above.
bool find_differences(const std::vector<RawTree>& trees, std::vector<TreeEntry>& found);
// The same for trees some of which may be out of order; `held` owns what had to be sorted.
void find_sorted_differences(std::vector<RawTree>& trees, std::vector<Bytes>& held,
                             std::vector<TreeEntry>& found);
// Visits such a list; `trees` is how many there were.
void visit_differences(const std::vector<TreeEntry>& found, std::size_t trees,
                       const std::function<void(const TreeDifference&)>& visit);

}  // namespace trunkgate
