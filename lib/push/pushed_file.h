// One file that a new commit changes, as rules about files see it. Nothing of it is read before a
// rule asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/path_set.h"
#include "git/change_walk.h"
#include "git/object_reader.h"
#include "git/repository.h"

namespace trunkgate {

// Files above this are not read; a rule that has to read one cannot let it pass.
inline constexpr std::size_t kMaxFileBytes = std::size_t{50} << 20U;

// What patterns over paths take a changed path for: a submodule, there or gone, is a folder, as it
// is for `git check-ignore`.
PathSet::What kind_of_path(const ChangedFile& file);

// A file that is too large to be looked into: the pusher's fault, not the server's.
class FileTooLarge : public Error {
 public:
  explicit FileTooLarge(std::uint64_t size);
};

class PushedFile {
 public:
  // All must outlive this object. `commit` brings the file.
  PushedFile(ObjectReader& reader, const ChangedFile& change, const ObjectId& commit)
      : reader_(reader), change_(change), commit_(commit) {}
  PushedFile(const Repository& repository, const ChangedFile& change, const ObjectId& commit)
      : PushedFile(repository.objects(), change, commit) {}
  PushedFile(const PushedFile&) = delete;
  PushedFile& operator=(const PushedFile&) = delete;

  const ChangedFile& change() const { return change_; }
  std::string_view path() const { return change_.path; }
  // The part of the path behind the last slash.
  std::string_view name() const;
  const ObjectId& commit() const { return commit_; }
  // For looking at what stands around it.
  ObjectReader& reader() const { return reader_; }

  // In bytes; 0 for a submodule and a deleted file. Costs a look at the object's header.
  std::uint64_t size() const;
  // The bytes, or where a symbolic link points to; empty for a submodule and a deleted file. Lives
  // as long as this object. Throws FileTooLarge.
  std::string_view content() const;
  // The bytes of the file it replaces; empty when there is none, and when it is too large to be
  // read: then all lines are new.
  std::string_view before() const;
  // As is_binary() (git/diff.h).
  bool binary() const;
  // Binary, and more than a text with a stray byte in it: at least a tenth of these bytes are none
  // of text. One NUL in a comment must not hide a whole file from whoever looks for secrets.
  bool opaque() const;
  // The file as UTF-8 when it begins with a byte order mark of UTF-16, and what it replaces too;
  // null for any other file. Lives no longer than this object.
  std::unique_ptr<PushedFile> decoded() const;

  // The lines that the replaced file does not have, without their line feeds: all of a new file. In
  // order, views into content().
  const std::vector<std::string_view>& added_lines() const;
  // The part of content() from the first of them to the last; empty when there is none.
  std::string_view added_part() const;
  // These lines as one text, with line feeds between them.
  std::string_view added_text() const;
  // 1-based number of the line in which a view into content() begins. Counts lines from the file's
  // beginning, so it is for findings only.
  std::size_t line_number(std::string_view place) const;

 private:
  ObjectReader& reader_;
  const ChangedFile& change_;
  const ObjectId& commit_;
  mutable std::optional<std::uint64_t> size_;
  mutable std::optional<bool> binary_;
  mutable std::optional<Bytes> content_;
  mutable std::optional<Bytes> before_;
  mutable std::optional<std::vector<std::string_view>> added_;
  mutable std::string added_text_;
};

}  // namespace trunkgate
