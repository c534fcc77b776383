// Objects that a push has brought and that no reference of it reaches: Git sends none, looks at
// none and keeps them all the same.
#pragma once

#include <cstddef>
#include <vector>

#include "git/object_id.h"
#include "git/object_type.h"
#include "git/repository.h"

namespace trunkgate {

struct Stowaway {
  ObjectId id;
  ObjectType type = ObjectType::missing;
};

struct Stowaways {
  std::size_t objects = 0;     // all of them
  std::vector<Stowaway> tops;  // some that no other one leads to; at least one when there are any
};

inline constexpr std::size_t kMaxStowawayTops = 20;

// `tips` are what the push's references point at. What was in the store before is none: a pack has
// old objects, too, where a delta is based on one. Reads every commit, tree and tag of the push
// once, in the order of the packs, and keeps 21 bytes for each object
// of a pack. None outside a quarantine.
// Throws Error(repository) when an object cannot be read.
Stowaways find_stowaways(const Repository& repository, const std::vector<ObjectId>& tips);

}  // namespace trunkgate
