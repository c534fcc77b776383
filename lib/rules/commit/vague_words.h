// Whether the text of a title says anything.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

// "Fixed  Bug." to "fixed bug": lower case, single spaces, no punctuation at the ends.
std::string plain_words(std::string_view text);

// Why the text says nothing, to stand behind "the title": "says only 'update'"; empty when it may
// say something. Printable.
std::string vagueness(std::string_view text);

}  // namespace trunkgate
