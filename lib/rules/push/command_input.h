// The push as a program reads it: one JSON document (config/command-input.schema.json).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/path_set.h"
#include "rules/rule.h"

namespace trunkgate {

struct CommandInput {
  std::string text;
  std::size_t files = 0;   // changed files it tells about
  bool too_large = false;  // more than 64 MiB; there is no text then
};

// `files` chooses the changed files it tells about; empty for none. Throws what reading a commit or
// a tree throws.
CommandInput command_input(const Push& push, const std::vector<PushPart>& parts,
                           const std::string& rule, const Groups& groups, const PathSet& files);

}  // namespace trunkgate
