#include "events/changed_files.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "git/tree_compare.h"

namespace trunkgate {

class ChangedFiles::Comparison {
 public:
  explicit Comparison(ChangedFiles& files) : files_(files) {}

  FileNames run(const ObjectId& before, const ObjectId& after) {
    compare(before, after);
    return std::move(names_);
  }

 private:
  void compare(const ObjectId& before, const ObjectId& after) {
    if (before == after) return;
    if (depth_ == kMaxDepth || files_.spent()) {
      names_.complete = false;
      return;
    }
    ++depth_;
    try {
      const Bytes own = files_.read(after);
      const Bytes other = files_.read(before);
      compare_trees({after, own.view()}, {{before, other.view()}},
                    [&](const TreeDifference& found) { visit(found.own, found.others[0]); });
    } catch (const Error&) {
      names_.complete = false;
    }
    --depth_;
  }

  // A file and a folder of one name are two differences, so both are of one kind here.
  void visit(const TreeEntry* own, const TreeEntry* other) {
    const TreeEntry& entry = own != nullptr ? *own : *other;
    if (!entry.folder()) {
      std::vector<std::string>& list = other == nullptr ? names_.added
                                       : own == nullptr ? names_.removed
                                                        : names_.modified;
      if (names_.total < files_.limits_.listed) list.push_back(folder_ + std::string(entry.name));
      ++names_.total;
      return;
    }
    const std::size_t size = folder_.size();
    folder_ += entry.name;
    folder_ += '/';
    compare(other != nullptr ? other->id : ObjectId(), own != nullptr ? own->id : ObjectId());
    folder_.resize(size);
  }

  ChangedFiles& files_;
  FileNames names_;
  std::string folder_;  // looked at now, with a slash at its end; empty for the top one
  std::size_t depth_ = 0;
};

Bytes ChangedFiles::read(const ObjectId& tree) {
  if (tree.is_zero()) return {};
  ++trees_;
  try {
    Bytes bytes = repository_->tree(tree);
    bytes_ += bytes.size();
    return bytes;
  } catch (const Error&) {
    unreadable_.push_back(tree);
    throw;
  }
}

FileNames ChangedFiles::between(const ObjectId& before, const ObjectId& after) {
  return Comparison(*this).run(before, after);
}

FileNames first_of(const FileNames& names, std::size_t limit) {
  FileNames first{
      .added = {}, .modified = {}, .removed = {}, .total = names.total, .complete = names.complete};
  const auto take = [&](const std::vector<std::string>& from, std::vector<std::string>& to) {
    const std::size_t count = std::min(from.size(), limit - first.listed());
    to.assign(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
  };
  take(names.added, first.added);
  take(names.modified, first.modified);
  take(names.removed, first.removed);
  return first;
}

}  // namespace trunkgate
