#include "git/blob_reader.h"

#include <mutex>
#include <string>

#include "git/internals.h"

namespace trunkgate {

BlobReader::BlobReader(const Repository& repository) : in_(repository.internals()) {
  if (in_.pushed != nullptr) pushed_ = std::make_unique<PushedReader>(*in_.pushed);
}

ObjectHeader BlobReader::header(const ObjectId& id) {
  if (pushed_ != nullptr) {
    if (const auto place = in_.pushed->find(id)) {
      const auto [type, size] = pushed_->header(*place);
      return {type, size};
    }
  }
  return old_header(id);
}

ObjectHeader BlobReader::old_header(const ObjectId& id) {
  if (last_ != id || id.is_zero()) {
    const std::lock_guard<std::mutex> lock(in_.store);
    last_header_ = read_header(in_, id);
    last_bytes_.reset();
    last_ = id;
  }
  return last_header_;
}

Bytes BlobReader::read(const ObjectId& id, std::size_t limit) {
  if (pushed_ != nullptr) {
    if (const auto place = in_.pushed->find(id)) {
      PackReader::Object object = pushed_->read(*place, limit);
      if (object.type == ObjectType::blob) return std::move(object.bytes);
    }
  }
  const ObjectHeader found = old_header(id);
  if (found.type == ObjectType::missing) throw MissingObject(id);
  if (found.type != ObjectType::blob) {
    throw Error(ErrorKind::repository, "object " + id.brief() + " is no blob");
  }
  if (found.size > limit) throw ObjectTooLarge();
  if (last_bytes_) return *last_bytes_;
  const std::lock_guard<std::mutex> lock(in_.store);
  const git_oid oid = git::to_oid(id);
  const auto object = git::acquire<git_odb_object>("cannot read object " + id.brief(), git_odb_read,
                                                   in_.all.get(), &oid);
  last_bytes_ = Bytes::copy_of({static_cast<const char*>(git_odb_object_data(object.get())),
                                git_odb_object_size(object.get())});
  return *last_bytes_;
}

}  // namespace trunkgate
