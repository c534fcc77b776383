// Finds quotes and brackets in YAML text that are never closed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace trunkgate {

// The offset behind the quote that closes the one at `quote`; nothing when it is not closed on its
// own line. A text over several lines would swallow the keys below a forgotten quote.
std::optional<std::size_t> quote_end(std::string_view text, std::size_t quote);

// Offsets of the first opening quote or bracket without its closing one. Found by a reading of the
// text that is only rough; it is used to explain why YAML could not be read, not to decide that.
struct Unclosed {
  std::optional<std::size_t> quote;
  std::optional<std::size_t> bracket;
};

Unclosed find_unclosed(std::string_view text);

}  // namespace trunkgate
