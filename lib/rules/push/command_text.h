// A linter as it comes: it says what is wrong in words and ends with an exit code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "rules/finding.h"

namespace trunkgate {

// Whether a run has found something: it ended by itself with one of these exit codes, said
// something and did not seem to lack memory. A program that says nothing has told nobody what to
// do.
bool is_finding(const ChildResult& result, const std::vector<int>& codes, std::uint64_t memory);

// What it wrote to standard output, then to standard error. The first line is the message.
// `folder`, when there is one, is taken off the names of files.
Finding text_finding(const ChildResult& result, const std::string& program,
                     const std::string& folder);

}  // namespace trunkgate
