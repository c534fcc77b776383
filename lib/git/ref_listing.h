// Lists references from their files: only the folder that is asked for, however many others there
// are. libgit2 reads every reference of the repository for each listing, which with 10,000 pieces
// of evidence costs more than the rest of a push.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"

namespace trunkgate {

// Direct references whose full name on disk begins with `prefix`, but not with `without` (empty:
// none are left out), sorted by name. A loose file hides what packed-refs say of the same name;
// symbolic references and files that hold no id are left out. Throws Error(repository) when
// packed-refs cannot be read.
std::vector<Ref> list_ref_files(const std::string& git_dir, std::string_view prefix,
                                std::string_view without);

}  // namespace trunkgate
