// What post-receive leaves behind.
#pragma once

#include <string>

#include "hook/invocation.h"

namespace trunkgate {

// Writes the result record for the updates on standard input, removes the verdict that `update` no
// longer needs, and wakes the deliverer. Needs no libgit2, so it starts as fast as a program can.
// Returns a line for the pusher when the record could not be written (the intent then tells the
// deliverer), else nothing. Never throws.
std::string record_result(const Invocation& call, const std::string& input) noexcept;

}  // namespace trunkgate
