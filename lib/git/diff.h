// Which files differ between two trees, and whether one commit undoes another.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "git/commit.h"
#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// One path that differs. A zero id means the path is not there on that side.
struct FileChange {
  std::string path;  // raw bytes
  ObjectId before;
  ObjectId after;
  unsigned before_mode = 0;
  unsigned after_mode = 0;

  friend bool operator==(const FileChange&, const FileChange&) = default;
};

// The most bytes of trees looked at, and the deepest folder, before Error(repository) is thrown.
inline constexpr std::size_t kMaxDiffBytes = std::size_t{128} << 20U;
inline constexpr std::size_t kMaxTreeDepth = 128;

// Files (no folders) that differ between two trees, by path. A zero id stands for the empty tree.
// Looks only into folders whose ids differ.
std::vector<FileChange> diff_trees(const Repository& repository, const ObjectId& before,
                                   const ObjectId& after);

// What a commit changes against its first parent (against nothing when it has none).
std::vector<FileChange> changes_of(const Repository& repository, const Commit& commit);

// As Git tells binary files (buffer_is_binary in xdiff-interface.c): by a NUL among the first
// bytes.
inline constexpr std::size_t kBinaryLook = 8000;
bool is_binary(std::string_view content);

// Lines that a change adds and removes; 1 for a submodule and for a file that is binary or above
// 64 MiB.
std::size_t changed_lines(const Repository& repository, const FileChange& change);

// Whether `undo` takes back exactly what `commit` did to the same files: the same blobs, or, when
// the files changed in between, the same lines the other way round.
bool is_inverse(const Repository& repository, const Commit& undo, const Commit& commit);

}  // namespace trunkgate
