// Which files differ between two trees, for events: names only, within bounds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// Paths are raw bytes, in Git's order. Links and submodules are files, too.
struct FileNames {
  std::vector<std::string> added;
  std::vector<std::string> modified;  // content, mode or kind
  std::vector<std::string> removed;
  std::size_t total = 0;  // of all three, those included that are not listed
  bool complete = true;   // false: there may be more, which nobody looked at

  std::size_t listed() const { return added.size() + modified.size() + removed.size(); }
};

// The first ones, `limit` in all: added, then modified, then removed.
FileNames first_of(const FileNames& names, std::size_t limit);

class ChangedFiles {
 public:
  static constexpr std::size_t kListed = 300;  // of one comparison
  // What is read between two calls of refill(); of a larger push the rest is left out.
  static constexpr std::size_t kMaxTrees = 20'000;
  static constexpr std::size_t kMaxBytes = std::size_t{32} << 20U;
  static constexpr std::size_t kMaxDepth = 128;  // folders in folders

  struct Limits {
    std::size_t listed = kListed;
    std::size_t trees = kMaxTrees;
    std::size_t bytes = kMaxBytes;
  };

  // `repository` outlives this.
  explicit ChangedFiles(const Repository& repository) : repository_(&repository) {}
  ChangedFiles(const Repository& repository, const Limits& limits)
      : repository_(&repository), limits_(limits) {}

  void refill() { trees_ = bytes_ = 0; }
  // From tree `before` to tree `after`; a zero id is an empty tree. Never fails for objects that
  // are missing or damaged: what they hold is left out.
  FileNames between(const ObjectId& before, const ObjectId& after);
  // Trees that were wanted and could not be read so far.
  const std::vector<ObjectId>& unreadable() const { return unreadable_; }

 private:
  class Comparison;

  Bytes read(const ObjectId& tree);
  bool spent() const { return trees_ >= limits_.trees || bytes_ >= limits_.bytes; }

  const Repository* repository_;
  Limits limits_ = {};
  std::vector<ObjectId> unreadable_;
  std::size_t trees_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace trunkgate
