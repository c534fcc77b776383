// Which repositories a ruleset is for, by the folders they lie in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "config/diagnostics.h"
#include "config/document.h"

namespace trunkgate {

// Globs over paths of repositories: "web" and "web-*" are about the folder's own name, "team/*"
// about its last two names, "/srv/git/**" about all of the path. A ".git" at the path's end may be
// written or left out.
class RepositoryGlobs {
 public:
  RepositoryGlobs() = default;
  explicit RepositoryGlobs(const std::vector<std::string>& texts);

  // Why a text is none of these globs.
  static std::optional<std::string> mistake(std::string_view text);

  // `path` is absolute and without a slash at its end.
  bool matches(std::string_view path) const;

 private:
  GlobSet globs_;
};

// The globs at a key; what is wrong goes to `diagnostics`.
RepositoryGlobs read_repositories(const Node& node, Diagnostics& diagnostics);

}  // namespace trunkgate
