// Objects stored for scratch repositories.
#include "git/object_writer.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

TEST(ObjectWriter, StoresWhatGitReads) {
  const TemporaryRepository repository;
  ObjectWriter writer(repository.path() + "/objects");
  const ObjectId id = writer.write(ObjectType::blob, "hello\n");
  EXPECT_EQ(id.hex(), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(repository.git({"cat-file", "-p", id.hex()}), "hello");
  EXPECT_EQ(ObjectWriter::id_of(ObjectType::blob, "hello\n"), id);
  // What is there already is fine.
  EXPECT_EQ(writer.write(ObjectType::blob, "hello\n"), id);
}

TEST(ObjectWriter, StoresBytesThatAreNoCommit) {
  const TemporaryRepository repository;
  ObjectWriter writer(repository.path() + "/objects");
  const ObjectId id = writer.write(ObjectType::commit, "nonsense");
  EXPECT_EQ(repository.git({"cat-file", "-t", id.hex()}), "commit");
}

}  // namespace
}  // namespace trunkgate
