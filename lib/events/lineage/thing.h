// What somebody asks to be traced: a name out of the world, found in the lineage or in Git.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "events/sqlite.h"
#include "git/repository.h"

namespace trunkgate {

struct Thing {
  std::vector<std::int64_t> nodes;  // of the lineage; empty for a commit of which nothing was made
  std::optional<ObjectId> commit;   // the repository's, when it is one
  std::string remark;               // printable: which of several it is; may be empty

  // Why it is none; then all else is empty. Printable, one line each.
  std::string problem;
  std::string hint;
};

// `asked` is, in this order: an identity (sha256:DIGEST, abbreviated too, commit:, job:, model:,
// serving:), a path that begins with ./ ../ or /, a serving ENVIRONMENT/SERVICE@REVISION, a model
// NAME@VERSION, what a statement calls an artifact (IMAGE, IMAGE@sha256:DIGEST, weights, a job), a
// reference, an abbreviated commit, the path of a file: that is known by its digest.
// `database` is null where the repository has no lineage yet.
Thing find_thing(const Database* database, const Repository& repository, const std::string& asked);

}  // namespace trunkgate
