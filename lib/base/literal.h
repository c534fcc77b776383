// Texts that stand in whatever an expression matches: where none of them is, nothing matches, and
// to find that out takes a small part of the time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// The longest text that every match of `pattern`, an expression in RE2's syntax over bytes, is sure
// to hold. Nothing when there is none, and for expressions with alternatives, groups, repeats by
// number or escapes that are not a single character's: these are not looked into.
std::optional<std::string> literal_of(std::string_view pattern);

class LiteralSet {
 public:
  // None of them empty.
  explicit LiteralSet(const std::vector<std::string>& literals);

  // Whether one of them stands in `text`.
  bool any_in(std::string_view text) const;

 private:
  struct Literal {
    std::string text;
    std::size_t rarest = 0;  // where its byte stands that texts have least of
    std::size_t beside = 0;  // where another one stands, near that; the same in a literal of one
  };
  std::vector<Literal> literals_;
};

}  // namespace trunkgate
