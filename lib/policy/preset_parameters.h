// Puts values into the places of a preset: `<name>` anywhere in its text.
#pragma once

#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/document.h"

namespace trunkgate {

// `document` is the preset as it stands, with its `parameters:` (a map of names to defaults);
// `values` is the map under `with:`, or nullptr. Names that the preset does not declare are
// mistakes. Returns the text with each declared name replaced by its value, lists written as flow
// lists. A default may name other parameters in the same way. As a part of a longer word
// (missing-check.<evaluation>) a value has to be a word itself.
std::string fill_parameters(std::string_view text, const Node& document, const Node* values,
                            Diagnostics& diagnostics);

}  // namespace trunkgate
