#include "base/path_set.h"

#include <utility>

#include "base/fold.h"

namespace trunkgate {
namespace {

struct Parts {
  std::string_view glob;
  bool name_only = false;
  bool folder_only = false;
  bool takes_back = false;
};

Parts parts_of(std::string_view text) {
  Parts parts;
  parts.takes_back = text.starts_with('!');
  if (parts.takes_back) text.remove_prefix(1);
  parts.folder_only = text.ends_with('/') && !text.ends_with("\\/");
  if (parts.folder_only) text.remove_suffix(1);
  parts.name_only = text.find('/') == std::string_view::npos;
  if (text.starts_with('/')) text.remove_prefix(1);
  parts.glob = text;
  return parts;
}

}  // namespace

std::optional<std::string> PathSet::mistake(std::string_view text) {
  return Glob::mistake(parts_of(text).glob);
}

PathSet::PathSet(std::vector<std::string> texts) : texts_(std::move(texts)) {
  for (const std::string& text : texts_) {
    const Parts parts = parts_of(text);
    patterns_.push_back(
        {Glob(std::string(parts.glob)), parts.name_only, parts.folder_only, parts.takes_back});
  }
}

std::optional<std::size_t> PathSet::last_match(std::string_view path, bool folder) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (std::size_t i = patterns_.size(); i > 0; --i) {
    const PathPattern& pattern = patterns_[i - 1];
    if (pattern.folder_only && !folder) continue;
    if (pattern.glob.matches(pattern.name_only ? name : path)) return i - 1;
  }
  return std::nullopt;
}

const std::string* PathSet::match_exactly(std::string_view path, What what) const {
  for (auto slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const auto found = last_match(path.substr(0, slash), true);
    if (found && !patterns_[*found].takes_back) return &texts_[*found];
  }
  const auto found = last_match(path, what == What::folder);
  return found && !patterns_[*found].takes_back ? &texts_[*found] : nullptr;
}

const std::string* PathSet::match(std::string_view path, What what) const {
  if (patterns_.empty()) return nullptr;
  return folds_ ? match_exactly(fold_name(path), what) : match_exactly(path, what);
}

PathSet PathSet::ignoring_case() const {
  std::vector<std::string> folded;
  for (const std::string& text : texts_) folded.push_back(fold_name(text));
  PathSet set(std::move(folded));
  set.texts_ = texts_;  // what people are told
  set.folds_ = true;
  return set;
}

}  // namespace trunkgate
