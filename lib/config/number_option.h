// Options that are numbers with a fraction, apart from the others because few rules have any.
#pragma once

#include "config/option.h"

namespace trunkgate {

// 0.005, -1, 12.5; no 1e3, 0x1, .5 or nan, and no quotes: a limit must be the number that it looks
// like.
template <>
struct OptionType<double> {
  static constexpr std::string_view name = "number";
  static bool read(const Node&, Diagnostics&, double& value);
};

}  // namespace trunkgate
