// Names of refs in messages and commands.
#pragma once

#include <string>
#include <string_view>

#include "push/push.h"

namespace trunkgate {

// The short name, printable, for a message.
std::string shown_name(const PushedRef& ref);

// Whether the name can stand in a command: nothing that a terminal would hide or change, and
// nothing that Git would take for an option.
bool fits_in_command(const PushedRef& ref);

// One shell word: the name of a branch or a tag without its prefix, or the full name.
std::string short_word(const PushedRef& ref);
std::string full_word(const PushedRef& ref);

}  // namespace trunkgate
