// Lines that make a widespread release tool drop a commit without an error.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "push/conventional_problems.h"

namespace trunkgate {

// Body lines at which @conventional-commits/parser, and with it release-please, gives up: a word,
// directly followed by "(" that meets another "(" or the line's end before ")".
void check_release_please(std::span<const std::string_view> lines, std::size_t first_line,
                          ProblemList& problems);

}  // namespace trunkgate
