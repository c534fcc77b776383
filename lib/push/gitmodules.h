// What .gitmodules says of each submodule (gitmodules(5)).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"

namespace trunkgate {

struct SubmoduleEntry {
  std::string name;
  std::string path;
  std::string url;
  std::size_t line = 0;  // of the url, 1-based
};

// Of a key that stands twice the last counts, as for Git.
std::vector<SubmoduleEntry> read_gitmodules(std::string_view content);

// The address of the submodule at `path` as the .gitmodules of `commit` gives it; empty when it
// gives none.
std::string submodule_url(const Repository& repository, const ObjectId& commit,
                          std::string_view path);

}  // namespace trunkgate
