// Which reference names Git would create.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

// Why `name` is no full reference name that git-check-ref-format(1) accepts below refs/, or nothing
// when it is one. Bytes above 0x7F are accepted, as Git does.
std::optional<std::string> ref_name_mistake(std::string_view name);

// "feature/x" for "refs/heads/feature/x", "v1" for "refs/tags/v1"; else the name itself.
std::string_view short_name(std::string_view name);

// What stands before every reference name on disk in a Git namespace (gitnamespaces(7)): "a/b"
// gives "refs/namespaces/a/refs/namespaces/b/". Empty for no namespace.
std::string namespace_prefix(std::string_view name);

}  // namespace trunkgate
