// One file that a new commit changes, as rules about files see it. Nothing of it is read before a
// rule asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/change_walk.h"
#include "git/repository.h"

namespace trunkgate {

// Files above this are not read; a rule that has to read one cannot let it pass.
inline constexpr std::size_t kMaxFileBytes = std::size_t{50} << 20U;

// A file that is too large to be looked into: the pusher's fault, not the server's.
class FileTooLarge : public Error {
 public:
  explicit FileTooLarge(std::uint64_t size);
};

class PushedFile {
 public:
  // All must outlive this object. `commit` brings the file.
  PushedFile(const Repository& repository, const ChangedFile& change, const ObjectId& commit)
      : repository_(repository), change_(change), commit_(commit) {}
  PushedFile(const PushedFile&) = delete;
  PushedFile& operator=(const PushedFile&) = delete;

  const ChangedFile& change() const { return change_; }
  std::string_view path() const { return change_.path; }
  // The part of the path behind the last slash.
  std::string_view name() const;
  const ObjectId& commit() const { return commit_; }

  // In bytes; 0 for a submodule and a deleted file. Costs a look at the object's header.
  std::uint64_t size() const;
  // The bytes, or where a symbolic link points to; empty for a submodule and a deleted file. Lives
  // as long as this object. Throws FileTooLarge.
  std::string_view content() const;
  // The bytes of the file it replaces; empty when there is none. Throws FileTooLarge.
  std::string_view before() const;
  // Has a NUL among its first 8,000 bytes, as Git decides it (buffer_is_binary in
  // xdiff-interface.c).
  bool binary() const;

  struct Line {
    std::size_t number = 0;  // 1-based
    std::string_view text;   // without its line feed
  };
  // The lines that the replaced file does not have: all of a new file. In order.
  std::vector<Line> added_lines() const;

 private:
  const Repository& repository_;
  const ChangedFile& change_;
  const ObjectId& commit_;
  mutable std::optional<std::uint64_t> size_;
  mutable std::optional<std::string> content_;
  mutable std::optional<std::string> before_;
};

}  // namespace trunkgate
