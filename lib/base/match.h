// Globs over reference names and paths, and regular expressions (RE2).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace trunkgate {

struct GlobProgram;

// One glob in the manner of gitignore's path matching: `*` and `?` stay within a segment, `**` as a
// whole segment crosses them (`a/**` needs something below a/, `**/b` also matches b), `[a-z]`,
// `[!a-z]`, `[^a-z]` and `[[:digit:]]` are classes, `\` quotes. Works on bytes. Matching takes
// O(glob length * text length) at worst.
class Glob {
 public:
  // Returns the reason when `text` is no valid glob: empty, an open class, an unknown or reversed
  // range in one, a trailing backslash, `**` beside other characters of a segment, longer than
  // 4 KiB.
  static std::optional<std::string> mistake(std::string_view text);

  // Undefined for a text that has a mistake().
  explicit Glob(std::string text);

  bool matches(std::string_view name) const;
  // False when no name that starts with `prefix` can match.
  bool may_match_below(std::string_view prefix) const;
  // No wildcard: it matches exactly one name.
  bool literal() const { return literal_; }
  // The single name of a literal glob, without quoting; else the text.
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string name_;
  bool literal_ = false;
  std::shared_ptr<const GlobProgram> program_;
};

// A list of globs that matches when any of them does.
class GlobSet {
 public:
  GlobSet() = default;
  explicit GlobSet(std::vector<Glob> globs) : globs_(std::move(globs)) {}

  bool matches(std::string_view name) const;
  bool empty() const { return globs_.empty(); }
  const std::vector<Glob>& globs() const { return globs_; }

 private:
  std::vector<Glob> globs_;
};

// Where a pattern matches a text, in bytes.
struct PatternMatch {
  std::size_t offset = 0;
  std::size_t size = 0;

  bool operator==(const PatternMatch&) const = default;
};

// A regular expression in RE2's syntax over bytes (Latin-1 mode, so that a byte that is no UTF-8
// cannot hide what stands beside it), compiled once with a memory limit; never prints.
class Pattern {
 public:
  // Returns the reason when `text` cannot be compiled or is longer than 4 KiB.
  static std::optional<std::string> mistake(std::string_view text);

  // Matches nothing.
  Pattern() = default;
  // Undefined for a text that has a mistake().
  explicit Pattern(std::string text);

  bool matches_all(std::string_view text) const;       // the whole text
  bool matches_anywhere(std::string_view text) const;  // some part of it
  // The leftmost match that starts at `from` or behind; `^` and `\b` see what stands before it.
  std::optional<PatternMatch> find(std::string_view text, std::size_t from = 0) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace trunkgate
