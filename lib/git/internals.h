// The libgit2 side of Repository. Included by lib/git/*.cc only.
#pragma once

#include <string>

#include "git/handle.h"
#include "git/repository.h"

namespace trunkgate {

struct Repository::Internals {
  git::Handle<git_repository> repository;
  git::Handle<git_config> config;  // a snapshot
  git::Handle<git_odb> all;        // old objects and pushed ones
  git::Handle<git_odb> before;     // old objects only; null outside a quarantine
  // The packs of the quarantine alone; null outside one. Reading an object of a large push from
  // here saves a look for a loose file in every store first, twice for each object.
  git::Handle<git_odb> pushed;
  std::string path;
  std::string quarantine;
  std::string prefix;  // "refs/namespaces/a/" or empty
};

}  // namespace trunkgate
