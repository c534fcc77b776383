// The files of a commit that is being made: changed one by one, then stored as trees.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "git/object_id.h"
#include "git/object_type.h"
#include "git/repository.h"
#include "policy/test/test_file.h"

namespace trunkgate {

// Stores an object and gives its id.
using StoreObject = std::function<ObjectId(ObjectType type, std::string_view bytes)>;

struct ScratchFile {
  unsigned mode = 0;
  ObjectId id;

  bool operator==(const ScratchFile&) const = default;
};

// By path, raw bytes. No file stands where a folder is.
using ScratchFiles = std::map<std::string, ScratchFile>;

// Does to `files` what a commit does to a path and its copies. The k-th copy of "src/f.py" is
// "src/fk.py". Throws ConfigError for a path that cannot be there, or is not there to be deleted.
void apply_change(const TestFileChange& change, const StoreObject& store, ScratchFiles& files);

// Stores the trees; the id of the topmost one.
ObjectId store_trees(const ScratchFiles& files, const StoreObject& store);

// The files below a tree. Throws what Repository::tree() throws.
ScratchFiles files_of_tree(const Repository& repository, const ObjectId& tree);

// A mistake that shows only when a case is built. Throws ConfigError.
[[noreturn]] void mistake_at(const Location& where, const std::string& message);

}  // namespace trunkgate
