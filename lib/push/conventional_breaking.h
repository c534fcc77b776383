// Lines that announce a breaking change, rightly or nearly so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "push/conventional_problems.h"

namespace trunkgate {

struct BreakingLine {
  // The line starts with the literal in upper case and has a colon: it is meant as a footer, and
  // every fault of its form makes the message invalid.
  bool is_attempt = false;
  // What is wrong with it, without line numbers; columns and lengths are set.
  std::vector<MessageProblem> problems;

  bool is_footer() const { return is_attempt && problems.empty(); }
};

// `line` is one line after the title, valid UTF-8, not blank. Linear in its length.
BreakingLine read_breaking_line(std::string_view line);

}  // namespace trunkgate
