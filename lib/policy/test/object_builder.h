// Makes the commits and tags of a case, first the server's, then those that are pushed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "git/object_id.h"
#include "git/object_writer.h"
#include "policy/test/scratch_tree.h"
#include "policy/test/test_file.h"
#include "policy/test/test_signers.h"

namespace trunkgate {

// Who and when, where a commit or a tag does not say.
struct TestDefaults {
  std::string person;       // "alice <alice@example.com>"
  std::int64_t date = 0;    // seconds since 1970
  std::int64_t pushed = 0;  // the time of the push, to which others are relative
};

class ObjectBuilder {
 public:
  // `repository`: path of a bare one. What is made goes to its object store.
  ObjectBuilder(std::string repository, const TestSigners& signers);

  // From now on what the store lacks goes to the folder `quarantine` inside of it.
  void start_push(const std::string& quarantine);

  // Throws ConfigError for what cannot be built, at its place in the test file.
  ObjectId commit(const TestCommit& commit, const std::vector<ObjectId>& parents,
                  const std::vector<ObjectId>& merged, const TestDefaults& defaults);
  ObjectId tag(const TestTag& tag, const std::string& name, const ObjectId& commit,
               const TestDefaults& defaults);

  ObjectId blob(std::string_view bytes) { return store(ObjectType::blob, bytes); }

  // So many first parents back; nothing when there are not so many.
  std::optional<ObjectId> ancestor(ObjectId commit, std::size_t back) const;

 private:
  using Files = std::shared_ptr<const ScratchFiles>;
  struct Built {
    ObjectId tree;
    Files files;
    ObjectId first_parent;
  };

  ObjectId store(ObjectType type, std::string_view bytes);
  Built merged_files(const TestCommit& commit, const ObjectId& first,
                     const std::vector<ObjectId>& merged, const TestDefaults& defaults);
  std::string commit_text(const TestCommit& commit, const ObjectId& tree,
                          const std::vector<ObjectId>& parents, const TestDefaults& defaults) const;

  std::string repository_;
  const TestSigners& signers_;
  std::string quarantine_;
  std::unique_ptr<ObjectWriter> writer_;
  std::unordered_set<ObjectId, ObjectIdHash> of_server_;
  std::unordered_map<ObjectId, Built, ObjectIdHash> commits_;
  std::size_t paths_ = 0;  // in the trees of all commits
};

}  // namespace trunkgate
