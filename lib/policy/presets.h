// Policies that come with the program, for `extends: [preset:NAME]`. They are part of the program,
// so that a hook needs no file beside it. Their texts are in config/presets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

inline constexpr std::string_view kPresetPrefix = "preset:";

// In alphabetical order.
std::vector<std::string_view> preset_names();

// The text of a preset; nothing when there is none of that name.
std::optional<std::string_view> preset_text(std::string_view name);

}  // namespace trunkgate
