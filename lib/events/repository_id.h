// The repository's name for ever: a random UUID that survives renames and moves.
#pragma once

#include <string>

#include "base/file.h"

namespace trunkgate {

// Reads `path`, or makes it; two callers at once get the same id. Throws Error(delivery).
std::string repository_id(const std::string& path, const Sharing& sharing);

}  // namespace trunkgate
