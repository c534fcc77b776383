// Titles that Git and forges write themselves: merges, reverts, fixups, first commits, versions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "push/commit_message.h"
#include "push/conventional_problems.h"

namespace trunkgate {

// The id in the first line "This reverts commit <id>", 40 or 64 hex digits, in lower case.
std::optional<std::string> reverted_commit(std::span<const std::string_view> lines_after_title);

// Why the message needs no conventional title, by its structure; empty when it does.
// `separate_body`: a blank line follows the title.
std::string exemption_of(std::string_view title, bool separate_body,
                         const std::optional<std::string>& reverted, const MessageOptions& options,
                         const MessageFacts& facts);

// Reports a title that has such a form without being exempt: "git-revert", "autosquash",
// "version-bump", "wip". False when it has none and is to be read as a conventional header.
bool report_known_title(std::string_view title, std::size_t line, ProblemList& problems);

}  // namespace trunkgate
