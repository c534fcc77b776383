// What a program says about a push: JSON (config/command-answer.schema.json) made into findings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace trunkgate {

// Adds the program's findings to `out`, where `out.parts` has an answer for each of `parts`.
// Nothing but white space means that there are none. Returns what is wrong with the answer, in
// printable text, or ""; after a mistake `out` is not to be used. Throws what reading a commit
// throws.
std::string read_command_answer(std::string_view text, const Push& push,
                                const std::vector<PushPart>& parts, const std::string& rule,
                                PushAnswer& out);

}  // namespace trunkgate
