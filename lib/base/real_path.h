// Where a path leads once all links are followed.
#pragma once

#include <string>

namespace trunkgate {

// Absolute; empty when nothing is there or it cannot be reached.
std::string real_path(const std::string& path);

}  // namespace trunkgate
