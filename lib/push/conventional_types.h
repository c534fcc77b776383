// The accepted types of a policy, and which of them a wrong word was meant to be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// `written` in any letter case; an empty list accepts every type.
bool is_accepted_type(std::u32string_view written, const std::vector<std::string>& types);

struct MeantType {
  std::string type;      // one of the accepted ones
  bool certain = false;  // sure enough to write it into a corrected title
};

// By letter case, look-alike letters, a table of synonyms, then spelling. Nothing when `written` is
// near no accepted type.
std::optional<MeantType> meant_type(std::u32string_view written,
                                    const std::vector<std::string>& types);

// For a title without a colon after its first word of `word_size` code points; shows what it would
// be with one when that word is near an accepted type.
std::string missing_colon_message(std::u32string_view title, std::size_t word_size,
                                  const std::vector<std::string>& types);

}  // namespace trunkgate
