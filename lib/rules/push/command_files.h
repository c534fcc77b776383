// The changed files of a push, written out for a program that reads files: a linter, say.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/path_set.h"
#include "git/change_walk.h"
#include "rules/rule.h"

namespace trunkgate {

struct WrittenFiles {
  // "./PATH" each, so that no name is taken for an option; sorted.
  std::vector<std::string> names;
  // Why they could not be written, to stand behind the program's name; else empty.
  std::string failure;
};

// Writes the plain files that the part's new commits change and that are still there, with what
// they hold in the ref's newest commit, to `folder`, which must be new: links are not followed
// because there are none. Nothing else of the repository is there, so no pusher configures the
// program, unless `files` lets it. 256 MiB and 20,000 files at most. `walk` sees the parts in
// order. Throws what reading a commit or a tree throws.
WrittenFiles write_changed_files(const Push& push, const PushPart& part, const PathSet& files,
                                 ChangeWalk& walk, const std::string& folder);

// The names in groups that each fit on one command line.
std::vector<std::vector<std::string>> command_lines(const std::vector<std::string>& names);

}  // namespace trunkgate
