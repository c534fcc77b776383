// Trees that differ in so little that it is worth keeping in what.
#pragma once

#include <cstddef>
#include <vector>

#include "git/tree_compare.h"

namespace trunkgate {

// Names. Where more differ the trees are read when somebody asks.
inline constexpr std::size_t kFewDifferences = 64;

// What find_differences() says of two trees. False when one of them is out of order and, early,
// when they differ in more than a few names.
bool find_few_differences(const RawTree& own, const RawTree& other, std::vector<TreeEntry>& found);

}  // namespace trunkgate
