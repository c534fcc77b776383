// Finds what is wrong with a JSON Schema itself, with lines. Private to rules/file/schema.
#pragma once

#include <vector>

#include "config/config_file.h"

namespace trunkgate {

void check_schema(const ConfigValue& root, std::vector<ConfigMistake>& mistakes);

}  // namespace trunkgate
