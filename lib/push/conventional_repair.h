// The title with its faults repaired, when there is no doubt what was meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "push/conventional_header.h"

namespace trunkgate {

// `line` is the title with the white space at its end, `header` what a scan of the trimmed title
// gave, `found` the problems of the message. Nothing when the title needs no repair, when a repair
// is a guess, or when the repaired title would still be rejected or get other warnings.
std::optional<std::string> repaired_title(std::u32string_view line,
                                          const ConventionalHeader& header,
                                          const MessageOptions& options,
                                          const std::vector<MessageProblem>& found);

}  // namespace trunkgate
