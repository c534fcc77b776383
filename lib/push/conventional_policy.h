// What a policy asks of a title beyond the grammar: accepted types and scopes, length, style.
#pragma once

#include <cstddef>
#include <string_view>

#include "push/conventional_header.h"

namespace trunkgate {

// Types, scopes and the description of a header that meets the grammar.
void check_header_policy(const ConventionalHeader& header, std::size_t line,
                         const MessageOptions& options, ProblemList& problems);

// Any title, conventional or not.
void check_title_length(std::u32string_view title, std::size_t line, const MessageOptions& options,
                        ProblemList& problems);

// How a breaking change is marked, in a message that meets the grammar; `footer` says whether a
// footer announces one.
void check_breaking(const ConventionalHeader& header, bool footer, std::u32string_view title,
                    std::size_t line, const MessageOptions& options, ProblemList& problems);

// The code of a breaking change that lacks its "!": a repair of the title adds it.
inline constexpr std::string_view kMissingBreakingMark = "breaking-mark-missing";

// A description that announces a breaking change in words that no tool reads: the length of the
// "BREAKING CHANGE:" in front, else 0.
std::size_t breaking_words_in_front(std::u32string_view description);

// The description ends with one full stop (an ellipsis is none).
bool ends_with_full_stop(std::u32string_view description);

}  // namespace trunkgate
