#include "git/object_writer.h"

#include <git2/sys/odb_backend.h>

#include "git/handle.h"

namespace trunkgate {
namespace {

// Contents are mostly padding, and nobody keeps what is written.
constexpr int kCompression = 1;

git_object_t git_type(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return GIT_OBJECT_COMMIT;
    case ObjectType::tree:
      return GIT_OBJECT_TREE;
    case ObjectType::blob:
      return GIT_OBJECT_BLOB;
    case ObjectType::tag:
      return GIT_OBJECT_TAG;
    case ObjectType::missing:
      break;
  }
  throw Error(ErrorKind::internal, "an object of no kind cannot be stored");
}

}  // namespace

struct ObjectWriter::Store {
  git::Handle<git_odb> odb;
};

ObjectWriter::ObjectWriter(const std::string& objects) : store_(std::make_unique<Store>()) {
  git::start_libgit2();
  store_->odb = git::acquire<git_odb>("cannot make an object store", git_odb_new);
  git_odb_backend* loose = nullptr;
  git::check(git_odb_backend_loose(&loose, objects.c_str(), kCompression, 0, 0, 0),
             "cannot open " + objects);
  if (git_odb_add_backend(store_->odb.get(), loose, 1) < 0) {
    loose->free(loose);
    git::fail("cannot open " + objects);
  }
}

ObjectWriter::~ObjectWriter() = default;

ObjectId ObjectWriter::write(ObjectType type, std::string_view bytes) {
  git_oid oid;
  git::check(git_odb_write(&oid, store_->odb.get(), bytes.data(), bytes.size(), git_type(type)),
             "cannot store an object");
  return git::from_oid(oid);
}

ObjectId ObjectWriter::id_of(ObjectType type, std::string_view bytes) {
  git::start_libgit2();
  git_oid oid;
  git::check(git_odb_hash(&oid, bytes.data(), bytes.size(), git_type(type)),
             "cannot name an object");
  return git::from_oid(oid);
}

}  // namespace trunkgate
