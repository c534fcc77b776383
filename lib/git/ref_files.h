// Reads references from their files without libgit2: for a program that starts once for each ref,
// and where a listing of all of them would cost too much.
#pragma once

#include <string>
#include <vector>

namespace trunkgate {

// The 40 hexadecimal digits that `name` (a full name on disk) holds: its loose file, then
// packed-refs. Empty when it does not exist, is symbolic or cannot be read.
std::string read_ref_file(const std::string& git_dir, const std::string& name);

// The same for many: packed-refs is read once, and only when one of them has no loose file. In the
// order of `names`.
std::vector<std::string> read_ref_files(const std::string& git_dir,
                                        const std::vector<std::string>& names);

// Whether there may be references below `folder` (a full name on disk, "refs/locks/"). Costs next
// to nothing where there are none, however many others there are.
bool may_have_refs_below(const std::string& git_dir, const std::string& folder);

}  // namespace trunkgate
