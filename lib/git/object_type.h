// The kinds of Git's objects.
#pragma once

#include <cstdint>
#include <string_view>

namespace trunkgate {

enum class ObjectType : std::uint8_t { missing, commit, tree, blob, tag };
std::string_view to_string(ObjectType type);  // "a commit"

}  // namespace trunkgate
