// The libgit2 side of Repository. Included by lib/git/*.cc only.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/bytes.h"
#include "git/handle.h"
#include "git/object_reader.h"
#include "git/old_objects.h"
#include "git/pushed_packs.h"
#include "git/repository.h"
#include "git/walked_commits.h"

namespace trunkgate {

struct Repository::Internals {
  git::Handle<git_repository> repository;
  git::Handle<git_config> config;  // a snapshot
  git::Handle<git_odb> all;        // old objects and pushed ones
  // All null outside a quarantine.
  std::unique_ptr<OldObjects> before;
  std::unique_ptr<PushedPacks> pushed;
  std::unique_ptr<PushedReader> reader;
  mutable std::unique_ptr<ObjectReader> objects;
  // Held by an ObjectReader while it asks libgit2.
  mutable std::mutex store;
  mutable WalkedCommits walked;
  std::string path;
  std::string quarantine;
  std::string prefix;  // "refs/namespaces/a/" or empty
};

// As libgit2 has it; type `missing` when it has none. Throws Error(repository).
ObjectHeader read_header(const Repository::Internals& internals, const ObjectId& id);
// Throws MissingObject, BadCommit when it is too large, or Error(repository) when it is no commit.
void check_commit_header(const ObjectId& id, const ObjectHeader& header);

}  // namespace trunkgate
