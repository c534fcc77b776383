// The lines Git gives a hook: old id, new id, name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

// One line as the client sent it. Nothing of it is verified.
struct RefUpdate {
  ObjectId old_id;   // what the client believes the ref holds; zero to create
  ObjectId new_id;   // zero to delete
  std::string name;  // raw bytes
};

struct RefUpdates {
  std::vector<RefUpdate> updates;
  // Lines that are no "old new name" (a name with a line feed makes two such lines of one).
  std::size_t malformed = 0;
  // An id of 64 digits was seen: the repository uses SHA-256.
  bool sha256 = false;
};

// A push may update this many refs at most.
inline constexpr std::size_t kMaxRefs = 50000;

// The standard input of pre-receive and post-receive. Stops collecting, but not counting, after
// kMaxRefs + 1 updates.
RefUpdates parse_ref_updates(std::string_view input);

// The arguments of update: name, old id, new id.
RefUpdates parse_update_arguments(std::string_view name, std::string_view old_id,
                                  std::string_view new_id);

}  // namespace trunkgate
