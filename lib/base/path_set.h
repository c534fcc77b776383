// Patterns over file paths with the meaning they have in a .gitignore file (gitignore(5)).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"

namespace trunkgate {

// "*.ckpt" matches in every folder, "/build" and "docs/*.md" from the top, "wandb/" a folder and so
// everything below it, "**" any folders; "!" takes back, and the last pattern that matches decides,
// but nothing below a folder that matches can be taken back. Works on bytes. Unlike gitignore(5) a
// '#' needs no quoting, and white space at the end counts.
class PathSet {
 public:
  // Returns the reason when `text` is no valid pattern.
  static std::optional<std::string> mistake(std::string_view text);

  PathSet() = default;
  // Undefined for texts that have a mistake().
  explicit PathSet(std::vector<std::string> texts);

  // The same patterns for names as file systems without letter case take them: see fold_name().
  PathSet ignoring_case() const;

  enum class What { file, folder };
  // The text of the pattern that decides for this path, when it is in the set; else nullptr. A
  // submodule is a folder: "third_party/" matches one of that name.
  const std::string* match(std::string_view path, What what = What::file) const;
  bool matches(std::string_view path, What what = What::file) const {
    return match(path, what) != nullptr;
  }
  bool empty() const { return patterns_.empty(); }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  struct PathPattern {
    Glob glob;
    bool name_only = false;  // no slash: matched against the last part of a path
    bool folder_only = false;
    bool takes_back = false;
  };
  // Index of the last pattern that matches exactly this path, not what is below it.
  std::optional<std::size_t> last_match(std::string_view path, bool folder) const;

  const std::string* match_exactly(std::string_view path, What what) const;

  std::vector<PathPattern> patterns_;
  std::vector<std::string> texts_;
  bool folds_ = false;
};

}  // namespace trunkgate
