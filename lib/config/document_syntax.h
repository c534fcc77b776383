// Says in plain words why YAML could not be read. Private to config/document*.cc.
#pragma once

#include <cstddef>
#include <string_view>

#include "config/diagnostics.h"
#include "config/source_index.h"

namespace trunkgate {

// What is wrong, from yaml-cpp's message and the byte offset it names. The place it finds may be
// another one: where a quote was opened, or a line above.
Diagnostic explain_syntax(const SourceIndex& source, std::string_view message, std::size_t offset);

}  // namespace trunkgate
