// Reads one reference from its files without libgit2: for a program that starts once for each ref.
#pragma once

#include <string>

namespace trunkgate {

// The 40 hexadecimal digits that `name` (a full name on disk) holds: its loose file, then
// packed-refs. Empty when it does not exist, is symbolic or cannot be read.
std::string read_ref_file(const std::string& git_dir, const std::string& name);

}  // namespace trunkgate
