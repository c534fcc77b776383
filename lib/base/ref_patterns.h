// Which references something is for: globs, expressions, and the default branch.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"

namespace trunkgate {

// Full reference names to match. What does not start with "refs/" is about branches: "main" stands
// for "refs/heads/main", and so it is for expressions.
class RefPatterns {
 public:
  // Matches nothing.
  RefPatterns() = default;
  explicit RefPatterns(const GlobSet& globs);

  void add(const Glob& glob);
  // The whole name must match: the full one when the expression starts with "refs/", else that of a
  // branch.
  void add(const Pattern& pattern);
  // The branch that the repository's HEAD names.
  void add_head() { head_ = true; }

  // Throws Error(internal) when HEAD is one of them and set_head() has not said what it is: a
  // forgotten call must not open the gate.
  bool matches(std::string_view ref) const;
  bool empty() const { return globs_.empty() && patterns_.empty() && !head_; }

  bool names_head() const { return head_; }
  // "refs/heads/main".
  void set_head(std::string ref) { head_ref_ = std::move(ref); }

  // False when nothing below `prefix` ("refs/tags/") can match.
  bool may_match_below(std::string_view prefix) const;
  // Names given without a wildcard.
  std::vector<std::string> literals() const;
  // All of it in a canonical form, to compare and to digest. HEAD stands there as what it is.
  std::string text() const;

 private:
  struct Expression {
    Pattern pattern;
    bool branches = false;  // over names of branches, not full ones
  };

  GlobSet globs_;
  std::vector<Expression> patterns_;
  bool head_ = false;
  std::optional<std::string> head_ref_;
};

}  // namespace trunkgate
