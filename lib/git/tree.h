// A tree read from its raw bytes, and what may not stand in one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

inline constexpr unsigned kFolderMode = 0040000;
inline constexpr unsigned kSymlinkMode = 0120000;
inline constexpr unsigned kSubmoduleMode = 0160000;

struct TreeEntry {
  unsigned mode = 0;
  std::string_view name;  // raw bytes, borrowed from the tree's
  ObjectId id;

  bool folder() const { return (mode & 0170000U) == kFolderMode; }
};

// Below, at or above zero as Git orders the entries of a tree: by the bytes of their names, a
// folder's ending with a slash. Zero for one name of one kind only.
int tree_order(const TreeEntry& a, const TreeEntry& b);

// Takes the entries off the front of a tree, one after the other.
class TreeReader {
 public:
  explicit TreeReader(std::string_view raw) : at_(raw.data()), end_(raw.data() + raw.size()) {}
  // False at the end and when the bytes are no tree; `entry` is then unchanged.
  bool next(TreeEntry& entry);
  bool malformed() const { return malformed_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }  // bytes

 private:
  const char* at_;
  const char* end_;
  bool malformed_ = false;
};

// Files of a pushed tree whose content Git itself reads where the tree is checked out.
struct FilesForGit {
  std::vector<ObjectId> gitmodules;
  std::vector<ObjectId> gitattributes;
};

// What is wrong with a tree, as printable text; empty when nothing is. Refused is what makes
// programs see different files in one tree or write outside of it: entries out of order or twice,
// names that are no file's, names that some file system takes for ".git", modes that no Git writes,
// and
// ".gitmodules" that is no plain file. The checks of `git fsck` (git-fsck(1)) that protect whoever
// checks the tree out; not those that only old tools fail, such as modes with leading zeros.
// The ids of what stands in it as .gitmodules or .gitattributes are added to `found`.
std::string tree_fault(std::string_view raw, FilesForGit& found);

// Whether an entry with another id, or another mode of the same kind, can be wrong in a tree that
// is right but for that.
bool may_be_wrong(const TreeEntry& entry);

// True for every name that some file system takes for ".gitmodules" or ".gitattributes".
bool names_gitmodules(std::string_view name);
bool names_gitattributes(std::string_view name);

// What is wrong with the content of a .gitmodules file; empty when nothing is. Values that begin
// with '-' become options of the commands they are given to, names with ".." leave the folder.
std::string gitmodules_fault(std::string_view content);

// What is wrong with the content of a .gitattributes file; empty when nothing is. Of long lines old
// versions of Git write outside of their memory (CVE-2022-23521), and newer ones skip them.
inline constexpr std::size_t kMaxAttributesLine = 2047;
std::string gitattributes_fault(std::string_view content);

}  // namespace trunkgate
