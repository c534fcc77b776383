// A text that a regular expression matches, to be shown to people: "ABC-123".
#pragma once

#include <optional>
#include <string>

#include "base/match.h"

namespace trunkgate {

// A short printable text that matches as a whole; nothing when none is found. Understands literals,
// classes, groups, alternatives and repetitions, and offers nothing that it has not seen match.
std::optional<std::string> example_of(const Pattern& pattern);

}  // namespace trunkgate
