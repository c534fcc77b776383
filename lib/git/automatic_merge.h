// Merges two commits as `git merge` does without help, into a store of one's own.
#pragma once

#include <string>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

struct AutomaticMerge {
  ObjectId tree;                       // files in conflict have Git's markers in them
  std::vector<std::string> conflicts;  // paths that do not merge without help, raw bytes
};

// `repository` is the path of a bare repository; what the merge makes is stored in the folder
// `objects`, which may be the repository's own. No configuration and no attributes take part.
// Throws Error(repository) when Git cannot be run or fails.
AutomaticMerge merge_automatically(const std::string& repository, const std::string& objects,
                                   const ObjectId& first, const ObjectId& second);

}  // namespace trunkgate
