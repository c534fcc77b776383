#include "git/object_reader.h"

#include <mutex>
#include <string>

#include "git/internals.h"

namespace trunkgate {

ObjectReader::ObjectReader(const Repository& repository) : in_(repository.internals()) {
  if (in_.pushed != nullptr) pushed_ = std::make_unique<PushedReader>(*in_.pushed);
}

ObjectHeader ObjectReader::header(const ObjectId& id) {
  if (pushed_ != nullptr) {
    if (const auto place = in_.pushed->find(id)) {
      const auto [type, size] = pushed_->header(*place);
      return {type, size};
    }
  }
  return old_header(id);
}

// Without asking for the header first: the size of a delta is known only by inflating it.
std::optional<Bytes> ObjectReader::pushed(const ObjectId& id, ObjectType type, std::size_t limit) {
  if (pushed_ == nullptr) return std::nullopt;
  const auto place = in_.pushed->find(id);
  if (!place) return std::nullopt;
  PackReader::Object object = pushed_->read(*place, limit);
  if (object.type != type) return std::nullopt;
  return std::move(object.bytes);
}

ObjectHeader ObjectReader::old_header(const ObjectId& id) {
  if (last_ != id || id.is_zero()) {
    const std::lock_guard<std::mutex> lock(in_.store);
    last_header_ = read_header(in_, id);
    last_bytes_.reset();
    last_ = id;
  }
  return last_header_;
}

// Of what old_header() was asked for last.
Bytes ObjectReader::old_bytes(const ObjectId& id) {
  if (last_bytes_) return *last_bytes_;
  const std::lock_guard<std::mutex> lock(in_.store);
  const git_oid oid = git::to_oid(id);
  const auto object = git::acquire<git_odb_object>("cannot read object " + id.brief(), git_odb_read,
                                                   in_.all.get(), &oid);
  last_bytes_ = Bytes::copy_of({static_cast<const char*>(git_odb_object_data(object.get())),
                                git_odb_object_size(object.get())});
  return *last_bytes_;
}

Bytes ObjectReader::blob(const ObjectId& id, std::size_t limit) {
  if (auto bytes = pushed(id, ObjectType::blob, limit)) return std::move(*bytes);
  const ObjectHeader found = header(id);
  if (found.type == ObjectType::missing) throw MissingObject(id);
  if (found.type != ObjectType::blob) {
    throw Error(ErrorKind::repository, "object " + id.brief() + " is no blob");
  }
  if (found.size > limit) throw ObjectTooLarge();
  return old_bytes(id);
}

Bytes ObjectReader::tree(const ObjectId& id) {
  try {
    if (auto bytes = pushed(id, ObjectType::tree, kMaxTreeBytes)) return std::move(*bytes);
  } catch (const ObjectTooLarge&) {
    // Said below.
  }
  const ObjectHeader found = header(id);
  if (found.type == ObjectType::missing) throw MissingObject(id);
  if (found.type != ObjectType::tree || found.size > kMaxTreeBytes) {
    throw BadTree(ErrorKind::repository, "object " + id.brief() + " is no tree of at most " +
                                             std::to_string(kMaxTreeBytes >> 20U) + " MiB");
  }
  return old_bytes(id);
}

Commit ObjectReader::commit(const ObjectId& id) {
  const ObjectHeader found = header(id);
  check_commit_header(id, found);
  const auto bytes = pushed(id, ObjectType::commit, kMaxCommitBytes);
  return parse_commit(id, (bytes ? *bytes : old_bytes(id)).view());
}

}  // namespace trunkgate
