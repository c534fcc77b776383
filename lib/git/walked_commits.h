// Commits that a walk has read and that rules will ask for, as they came out of the pack: each one
// is inflated once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

// Memory: the bytes, 48 MiB at most (80,000 commits have 43 MB), and 60 bytes for each commit. They
// lie one behind the other and go all at once, when the last one is dropped.
class WalkedCommits {
 public:
  // Keeps a copy, if there is room.
  void keep(const ObjectId& id, std::string_view bytes);
  // Its bytes, until it is dropped.
  std::optional<std::string_view> find(const ObjectId& id) const;
  void drop(const ObjectId& id);

 private:
  char* room(std::size_t size);

  std::unordered_map<ObjectId, std::string_view, ObjectIdHash> commits_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  // in the last block
  std::size_t left_ = 0;  // behind that
  std::size_t held_ = 0;  // bytes of all blocks
};

}  // namespace trunkgate
