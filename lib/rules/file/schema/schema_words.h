// Says values and types of configuration files in words. Private to rules/file/schema.
#pragma once

#include <string>

#include "config/config_file.h"

namespace trunkgate {

// "'sofmax'", "0", "true", "nothing", "a list", "a map"
std::string shown(const ConfigValue& value);
// As above, but saying of a text that it is one: "the text '768'".
std::string shown_with_type(const ConfigValue& value);
// "1", "0.5"
std::string number_text(double number);
// Text that is the same for equal values only: 1 and 1.0 are equal, the order of keys is nothing.
std::string fingerprint(const ConfigValue& value);

}  // namespace trunkgate
