// Locks of files that people take with a plain push: a lock is a reference refs/locks/USER/PATH.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "push/push.h"

namespace trunkgate {

inline constexpr std::string_view kLockRefs = "refs/locks/";

struct Lock {
  std::string ref;   // as it is called on the server
  std::string user;  // raw bytes
  std::string path;  // raw bytes; of a file, or of a folder and all below it
  ObjectId id;       // what the reference holds
};

// What a reference name below kLockRefs locks. Bytes that Git does not take in a reference's name
// are written %XX, and so is '%' itself: refs/locks/ada/Cargo.loc%6B. Nothing when there is no user
// or no path in it, a '%' stands alone, or the path is none that a tree can have.
std::optional<Lock> read_lock(std::string_view ref);

// The name under which a user locks a path, with as few %XX as Git allows.
std::string lock_ref(std::string_view user, std::string_view path);

// Every lock of the server, by name. Costs next to nothing when there is none.
std::vector<Lock> server_locks(const Push& push);

// Whether a lock of one path keeps others from the other path: they are the same, or one is a
// folder with the other in it.
bool overlap(std::string_view a, std::string_view b);

}  // namespace trunkgate
