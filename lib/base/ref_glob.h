// Globs over reference names: what is well formed as a glob and yet matches no name Git can hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trunkgate {

struct RefGlobMistake {
  std::string what;  // "no reference has a space in its name"
  // What to write instead; may be empty.
  std::string instead;
  // It reads like a regular expression.
  bool expression = false;
};

// Why `glob` is bad over names of references, full or short: it is no glob (Glob::mistake), no name
// can match it, or it says something that globs do not know, such as `{a,b}`, `!x` or `x+`. A rule
// for refs that nobody can push would leave the gate open without a word. What is meant literally
// goes into a class: `[{]`.
std::optional<RefGlobMistake> ref_glob_mistake(std::string_view glob);

}  // namespace trunkgate
