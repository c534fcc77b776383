// Reads files, folders and commits, old ones and pushed ones.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"
#include "git/commit.h"
#include "git/object_id.h"
#include "git/pushed_packs.h"
#include "git/repository.h"

namespace trunkgate {

// What should be a folder is none, or larger than kMaxTreeBytes.
class BadTree : public Error {
 public:
  using Error::Error;
};

// For one thread; several readers of one repository may read at once, each in its thread.
class ObjectReader {
 public:
  // `repository` must outlive it.
  explicit ObjectReader(const Repository& repository);

  // Throws Error(repository) when the store cannot be read.
  ObjectHeader header(const ObjectId& id);
  // The bytes of a file. Throws MissingObject, ObjectTooLarge beyond `limit` bytes, or
  // Error(repository) when it is no blob.
  Bytes blob(const ObjectId& id, std::size_t limit);
  // The bytes of a folder, for TreeReader. Throws MissingObject, BadTree or Error(repository).
  Bytes tree(const ObjectId& id);
  // Throws MissingObject, BadCommit or Error(repository).
  Commit commit(const ObjectId& id);

 private:
  std::optional<Bytes> pushed(const ObjectId& id, ObjectType type, std::size_t limit);
  ObjectHeader old_header(const ObjectId& id);
  Bytes old_bytes(const ObjectId& id);

  const Repository::Internals& in_;
  std::unique_ptr<PushedReader> pushed_;  // null outside a quarantine
  // What libgit2 was asked for last: it looks on the disk each time, and a file is often asked for
  // its size first and then for its content, or stands in many places.
  ObjectId last_;
  ObjectHeader last_header_;
  std::optional<Bytes> last_bytes_;
};

}  // namespace trunkgate
