// Judges values that no format tells from any other: by the name they are given to, and by what
// people write where nothing is secret.
#pragma once

#include <string_view>

#include "rules/file/secrets/assignment.h"

namespace trunkgate {

// Judges the value of a name that merely sounds secret; its entropy is left to the caller.
bool looks_secret(const Assignment& assignment, char last_of_keyword);

// Whether the name says that the value is to be kept secret: "key", "token" and such.
bool named_secret(std::string_view name);

// Whether a login is one of those that documentation and local tests show.
bool harmless(const Login& login);

}  // namespace trunkgate
