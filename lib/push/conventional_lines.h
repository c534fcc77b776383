// The lines of a commit message: they end at LF only, and one CR before the LF belongs to the end.
#pragma once

#include <string_view>
#include <vector>

namespace trunkgate {

// Views into `text`, without line ends; the index is the line's number less one. A text that ends
// with LF has no empty line after it.
std::vector<std::string_view> split_lines(std::string_view text);

// Nothing but white space (of Unicode). The line is valid UTF-8.
bool is_blank_line(std::string_view line);

// Without white space at the end, at the start, or at both.
std::string_view trim_right(std::string_view line);
std::string_view trim_left(std::string_view line);
std::string_view trim_both(std::string_view line);

}  // namespace trunkgate
