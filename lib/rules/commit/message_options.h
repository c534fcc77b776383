// The options of unconventional-commit, shared with `trunkgate message`.
#pragma once

#include "config/option_reader.h"
#include "push/commit_message.h"
#include "rules/rule.h"

namespace trunkgate {

extern const OptionInfo* const kMessageOptions[7];

MessageOptions read_message_options(const OptionReader& options);

// The options of an unconventional-commit rule; nullptr for another rule. Lives as long as the
// rule.
const MessageOptions* message_options_of(const Rule& rule);

}  // namespace trunkgate
