// What findings about commits have in common: the commit, its title, carets and repairs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "git/commit.h"
#include "push/message_parts.h"
#include "push/push.h"
#include "rules/finding.h"

namespace trunkgate {

// About something other than the message. `message` is printable.
Finding finding_about(const Commit& commit, const MessageParts& parts, std::string message);

// About the message: the report adds the command that rewords it.
Finding finding_about_message(const Commit& commit, const MessageParts& parts, std::string message);

// Puts the caret under some bytes of the title, and the finding on its line.
void mark_title(Finding& finding, const MessageParts& parts, std::size_t offset, std::size_t size);
void mark_whole_title(Finding& finding, const MessageParts& parts);

// "5d6e7f81^", or "--root" for a commit without parents: where a rebase of the commit starts.
std::string rebase_start(const Commit& commit);

}  // namespace trunkgate
