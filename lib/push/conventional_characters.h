// Characters that a commit message must not hold, or that cannot be seen in it.
#pragma once

#include <string_view>

#include "push/conventional_problems.h"

namespace trunkgate {

// `text` is valid UTF-8. Reports NUL, control characters (a CR that ends no line is one), bidi
// controls and invisible characters. Joiners and variation selectors are left alone where writing
// systems and emoji need them. True when there is a NUL.
bool check_characters(std::string_view text, ProblemList& problems);

}  // namespace trunkgate
