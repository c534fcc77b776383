// A bare repository as the hooks see it: read only, with the objects a push has just brought.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "git/commit.h"
#include "git/object_id.h"
#include "git/object_type.h"
#include "git/pushed_place.h"
#include "git/tag.h"

namespace trunkgate {

struct ObjectHeader {
  ObjectType type = ObjectType::missing;
  std::uint64_t size = 0;  // bytes
};

// What a reference name holds now.
struct RefValue {
  enum class Kind { none, direct, symbolic };
  Kind kind = Kind::none;
  ObjectId id;         // direct: the object
  std::string target;  // symbolic: the name it points to, whether that exists or not
};

// A reference with the object it points to; symbolic references are left out of listings.
struct Ref {
  std::string name;
  ObjectId id;
  std::optional<ObjectId> peeled;  // the commit behind a tag object, when the listing knows it
};

// How an object at the end of a chain of tags was reached.
struct Peeled {
  ObjectType type = ObjectType::missing;  // of the object at the end
  ObjectId id;
  std::size_t tags = 0;  // tag objects on the way
};

inline constexpr std::size_t kMaxTagDepth = 8;

// An object that something refers to is not there.
class MissingObject : public Error {
 public:
  explicit MissingObject(const ObjectId& object)
      : Error(ErrorKind::repository, "object " + object.brief() + " is missing"), id(object) {}
  ObjectId id;
};

struct RepositoryPlace {
  std::string git_dir;     // path of the bare repository, relative or absolute
  std::string quarantine;  // folder with the pushed objects; empty outside pre-receive
  // Git's namespace (GIT_NAMESPACE): all names given and returned are inside of it. Empty for none.
  std::string git_namespace;
};

inline constexpr std::size_t kMaxTreeBytes = std::size_t{64} << 20U;

class ObjectReader;

class Repository {
 public:
  // Throws Error(repository): no repository there, or one in a format this build cannot read (with
  // the format in the message).
  explicit Repository(const RepositoryPlace& place);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  const std::string& path() const;  // absolute, without a slash at its end
  // Absolute path of the folder with the pushed objects; empty outside pre-receive.
  const std::string& quarantine() const;
  bool shallow() const;
  bool bare() const;
  Sharing sharing() const;  // core.sharedRepository
  // Values of a configuration key in the repository's own file (and what it includes): the last
  // one, or all of them in order.
  std::optional<std::string> config(const std::string& key) const;
  std::vector<std::string> config_all(const std::string& key) const;

  // "refs/heads/main" to what stands on disk: the namespace's prefix put before it.
  std::string full_name(std::string_view name) const;

  RefValue ref(const std::string& name) const;
  // Follows symbolic references (five at most). Nothing when it ends nowhere or in a loop.
  std::optional<std::string> resolve_name(const std::string& name) const;
  // Direct references below `prefix`, sorted by name; refs/attest/ only where the prefix says so.
  std::vector<Ref> refs(std::string_view prefix = "refs/") const;
  // The branch HEAD names, whether it exists or not; empty when HEAD is detached. Inside of a
  // namespace that is the namespace's own HEAD, which need not exist.
  std::string head() const;

  ObjectHeader header(const ObjectId& id) const;
  // Whether the object was there before this push (alternates count). Always true outside a
  // quarantine for objects that exist.
  bool existed_before(const ObjectId& id) const;

  // Where an object stands that the push brought in a pack; nothing for all others. Reading in the
  // order of offsets costs least.
  std::optional<PushedPlace> pushed_place(const ObjectId& id) const;
  // How many objects the push brought, pack by pack.
  std::vector<std::size_t> pushed_counts() const;
  // What the push brought, as it lies in the quarantine; 0 outside one.
  std::uint64_t pushed_bytes() const;

  // Throws MissingObject, BadCommit (beyond the limits or malformed) or Error(repository).
  Commit commit(const ObjectId& id) const;
  CommitLinks links(const ObjectId& id) const;
  // Throws MissingObject, BadTag (beyond the limit or malformed) or Error(repository).
  Tag tag(const ObjectId& id) const;
  // Their raw bytes, as they are signed; they throw what commit() and tag() throw.
  std::string commit_text(const ObjectId& id) const;
  std::string tag_text(const ObjectId& id) const;
  std::string blob(const ObjectId& id, std::size_t limit) const;
  // The bytes of a tree, for TreeReader. Throws MissingObject, or Error(repository) when it is no
  // tree or larger than kMaxTreeBytes.
  Bytes tree(const ObjectId& id) const;
  // For the thread that uses the repository; another one needs a reader of its own.
  ObjectReader& objects() const;
  // Names of a tree's entries, raw bytes.
  std::vector<std::string> tree_names(const ObjectId& tree) const;

  // Follows tag objects, kMaxTagDepth at most; type `tag` when there are more, `missing` when the
  // chain breaks.
  Peeled peel(const ObjectId& id) const;

  struct Internals;  // libgit2's handles, for lib/git only
  const Internals& internals() const { return *internals_; }

 private:
  std::unique_ptr<Internals> internals_;
};

}  // namespace trunkgate
