// Declares an option of a rule or a key of the policy once: name, type, default, help.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "base/path_set.h"
#include "base/ref_patterns.h"
#include "config/document.h"

namespace trunkgate {

// What documentation, schema and messages say of an option. All text is static.
struct OptionInfo {
  std::string_view name;
  std::string_view fallback;  // Default: the value as it would stand in the policy; "" for none
  std::string_view help;      // one line, lower case, no full stop
  std::string_view type;      // filled from the option's C++ type
};

struct ByteSize {
  std::uint64_t bytes = 0;
};

// How a C++ type is read from a node; specialised for each type an option can have.
//   static constexpr std::string_view name;                     "list of globs"
//   static bool read(const Node&, Diagnostics&, T& value);      false after a mistake was reported
template <typename T>
struct OptionType;

template <typename T>
struct Option {
  constexpr Option(std::string_view name, std::string_view fallback, std::string_view help)
      : info{name, fallback, help, OptionType<T>::name} {}
  OptionInfo info;
};

#define TRUNKGATE_OPTION_TYPE(T, NAME)                     \
  template <>                                              \
  struct OptionType<T> {                                   \
    static constexpr std::string_view name = NAME;         \
    static bool read(const Node&, Diagnostics&, T& value); \
  }

TRUNKGATE_OPTION_TYPE(bool, "true or false");         // exactly these two words
TRUNKGATE_OPTION_TYPE(std::int64_t, "whole number");  // 0, 1, 42; no sign, 017, 1e3 or 1_000
TRUNKGATE_OPTION_TYPE(std::string, "text");
TRUNKGATE_OPTION_TYPE(std::vector<std::string>,
                      "list of texts");              // one text stands for a list of one
TRUNKGATE_OPTION_TYPE(GlobSet, "list of globs");     // over names of refs; likewise
TRUNKGATE_OPTION_TYPE(RefPatterns, "list of refs");  // globs, HEAD, {match: EXPRESSION}; likewise
TRUNKGATE_OPTION_TYPE(PathSet, "list of path patterns");  // as in .gitignore; likewise
TRUNKGATE_OPTION_TYPE(Pattern, "pattern");                // RE2
TRUNKGATE_OPTION_TYPE(std::vector<Pattern>, "list of patterns");
TRUNKGATE_OPTION_TYPE(std::chrono::seconds, "duration");  // 90s, 15m, 48h, 7d, 2w
TRUNKGATE_OPTION_TYPE(ByteSize, "size");  // 512, 10 KiB, 10 MiB, 2 GiB (also KB, MB, GB)

#undef TRUNKGATE_OPTION_TYPE

}  // namespace trunkgate
