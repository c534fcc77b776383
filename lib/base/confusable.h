// Names that people take for one another.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

// Two names with the same skeleton look alike: letter case, 0 and O, 1 and l and I, rn and m, vv
// and w, Cyrillic, Greek and full-width letters in the place of Latin ones, letters that nobody
// sees. Bytes that are no UTF-8 stand for themselves. Only for comparing, never for showing.
std::string skeleton(std::string_view name);

}  // namespace trunkgate
