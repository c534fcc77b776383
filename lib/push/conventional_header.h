// The header of a conventional commit: type, scope, "!", colon, description.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "push/commit_message.h"
#include "push/conventional_problems.h"

namespace trunkgate {

// What the title says, or was meant to say. Columns are 1-based, in code points.
struct ConventionalHeader {
  bool valid = false;      // the grammar is met
  bool repairable = true;  // the parts below are certain, though the grammar is not met
  std::u32string type;
  std::size_t type_column = 1;
  std::optional<std::u32string> scope;
  std::size_t scope_column = 1;
  bool breaking = false;  // marked with "!"
  std::u32string description;
  std::size_t description_column = 1;
};

// Scans the title once, from left to right. `title` has no white space at its end and is not empty.
// Options give the accepted types for hints; whether the type is accepted is not judged here.
ConventionalHeader scan_header(std::u32string_view title, std::size_t line,
                               const MessageOptions& options, ProblemList& problems);

}  // namespace trunkgate
