// Lines where footers are meant to be that are none by a slip: warnings only.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "push/conventional_problems.h"

namespace trunkgate {

// The lines after the title, without blank ones at the end; views and references into the caller's.
struct FooterLines {
  std::span<const std::string_view> lines;
  std::size_t first_line = 1;         // the number of the first of them
  const std::vector<bool>& reported;  // by index: the line has a problem of its own already
  std::size_t footers_begin = 0;      // index of the first footer; lines.size() without any
};

// Looks at the last paragraph, and at the one before the footers.
void check_footer_slips(const FooterLines& message, ProblemList& problems);

}  // namespace trunkgate
