#include "policy/file_choice.h"

#include <utility>

namespace trunkgate {

FileChoices::Kind FileChoices::kind_of(const ChangedFile& file) {
  return {file.mode, file.before_mode, file.added(), file.deleted(), file.names_apart};
}

const FileChoice* FileChoices::find(const ChangedFile& file) const {
  const auto known = known_.find(file.path);
  return known != known_.end() && known->second.kind == kind_of(file) ? &known->second.choice
                                                                      : nullptr;
}

const FileChoice& FileChoices::keep(const ChangedFile& file, FileChoice choice) {
  if (file.path.size() > kLongestPath) return unkept_ = std::move(choice);
  if (known_.size() >= kMost) known_.clear();
  Known& known = known_[file.path];
  known = {kind_of(file), std::move(choice)};
  return known.choice;
}

}  // namespace trunkgate
