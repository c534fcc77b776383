// Requests to land a branch by the merge queue: pushes to refs/for/<branch>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

// What `git push origin feature/x:refs/for/main` updates. Such references never exist.
inline constexpr std::string_view kLandingRequests = "refs/for/";

// "refs/heads/main" for "refs/for/main"; nothing for any other reference.
std::optional<std::string> requested_branch(std::string_view ref);

// The lines of post-receive as they really are. Git tells of a landing as of an update of
// refs/for/main, with the old and new value of main, so that clients leave their own copy of main
// alone: it would have to name a merge that they have not got.
std::string with_landings(std::string_view updates);

}  // namespace trunkgate
