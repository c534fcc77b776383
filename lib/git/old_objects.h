// Which objects were in the store before a push. Asked for each commit of it, so what can be known
// without a look at the disk is.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>

#include "git/handle.h"
#include "git/object_id.h"

namespace trunkgate {

class OldObjects {
 public:
  // `objects` is the repository's object folder. Throws Error(repository).
  explicit OldObjects(std::string objects);

  bool contain(const ObjectId& id) const;

 private:
  bool loose(const ObjectId& id) const;

  std::string objects_;
  // The packs; with alternates, everything.
  git::Handle<git_odb> store_;
  bool alternates_ = false;
  mutable std::size_t asked_ = 0;
  mutable std::bitset<256> folders_;  // which of objects/00 to objects/ff exist, once known
};

}  // namespace trunkgate
