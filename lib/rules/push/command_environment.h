// What a program sees of the hook's environment: nothing but what is listed here and in the policy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "push/push.h"

namespace trunkgate {

// "NAME=value" each. With a quarantine, Git finds the pushed objects through it. `extra` is
// "NAME=value", or "NAME" for the hook's own value (left out where it has none).
std::vector<std::string> command_environment(const Push& push,
                                             const std::vector<std::string>& extra);

// What is wrong with an entry of `extra`, or "".
std::string variable_mistake(std::string_view entry);

}  // namespace trunkgate
