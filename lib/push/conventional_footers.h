// Body and footers of a commit message.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "push/commit_message.h"
#include "push/conventional_problems.h"

namespace trunkgate {

struct ConventionalRest {
  bool valid = true;      // the grammar is met
  bool breaking = false;  // a footer says so
  std::optional<std::string> body;
  std::vector<MessageFooter> footers;
};

// `lines` are those after the title, the first of them has the number `first_line`. A title that
// is followed by text at once is reported too.
ConventionalRest read_rest(std::span<const std::string_view> lines, std::size_t first_line,
                           ProblemList& problems);

}  // namespace trunkgate
