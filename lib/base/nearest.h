// "Did you mean": the nearest known name to a mistyped one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trunkgate {

// Damerau-Levenshtein distance (optimal string alignment) over bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The known name nearest to `name`, when it is near enough to be meant: at most a third of the
// longer one's letters differ. Letter case and `-` against `_` count as nothing. Ties: first wins.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string_view> known);

}  // namespace trunkgate
