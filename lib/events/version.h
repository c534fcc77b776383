// The version that a commit is known by: its best tag, else dev-<first eight digits>.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/ref_patterns.h"
#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

// A ref's full name taken apart. Views into the name given.
struct RefParts {
  std::string_view git_namespace;  // "refs/namespaces/a/" or empty
  std::string_view name;           // inside of the namespace
  std::string_view kind;           // "branch", "tag", "note" or "other"
};
RefParts parts_of(std::string_view ref);

struct Version {
  std::string name;  // raw bytes
  bool tagged = false;
  ObjectId commit;                // what a tag on a tree or a blob names has no commit: its own id
  std::vector<std::string> tags;  // every tag of the commit, best first; raw bytes
};

// Whether the object a ref points to leads to a commit, and which.
std::optional<ObjectId> commit_behind(const Repository& repository, const ObjectId& id);

// The tags of a repository as they are now.
class TagIndex {
 public:
  // Cost: one object header for each tag that is not packed with its target.
  TagIndex(const Repository& repository, std::span<const Ref> refs);

  // `ref` is the full name of the ref that points to the commit: only tags of its namespace count.
  // Best first: v1.2.3 before others, the highest first; annotated before lightweight; by name.
  Version of_commit(std::string_view ref, const ObjectId& commit) const;
  // The same, called by the best of its tags that are `releases`.
  Version of_commit(std::string_view ref, const ObjectId& commit,
                    const RefPatterns& releases) const;
  // The commits with such tags.
  std::unordered_set<ObjectId> commits_with(std::string_view git_namespace,
                                            const RefPatterns& releases) const;

 private:
  struct Tag {
    std::string name;
    bool annotated = false;
  };

  std::map<std::pair<std::string, ObjectId>, std::vector<Tag>> tags_;  // by namespace and commit
};

// A version of an object that is no commit or is not there.
Version untagged(const ObjectId& id);

}  // namespace trunkgate
