// Finds what stands at a path of a tree.
#pragma once

#include <optional>
#include <string_view>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

struct PathEntry {
  ObjectId id;
  unsigned mode = 0;

  bool plain_file() const;  // no folder, link or submodule
};

// Walks down the folders of `path`, which has no slash at either end. Nothing when it is not there.
// Throws what Repository::tree() throws.
std::optional<PathEntry> find_in_tree(const Repository& repository, ObjectId tree,
                                      std::string_view path);

}  // namespace trunkgate
