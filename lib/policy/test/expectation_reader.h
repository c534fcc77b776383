// Reads what a case expects of the gate.
#pragma once

#include "config/diagnostics.h"
#include "config/document.h"
#include "policy/test/test_file.h"

namespace trunkgate {

// "accept", "reject", or a map of rule ids.
Expectation read_expectation(const Node& node, Diagnostics& diagnostics);

}  // namespace trunkgate
