// Stores objects in a folder of loose objects: what a client would push, made here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "git/object_id.h"
#include "git/object_type.h"

namespace trunkgate {

// The hooks never write objects; only scratch repositories are made with this.
class ObjectWriter {
 public:
  // `objects`: an existing folder. Throws Error(repository).
  explicit ObjectWriter(const std::string& objects);
  ~ObjectWriter();
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  // The bytes are stored as they are, without a look at what they say and without waiting for the
  // disk. Throws Error(repository).
  ObjectId write(ObjectType type, std::string_view bytes);

  // The id the bytes would have.
  static ObjectId id_of(ObjectType type, std::string_view bytes);

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

}  // namespace trunkgate
