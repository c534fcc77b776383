#include "events/sweep/archive_names.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "events/archive_watch.h"
#include "git/ref_name.h"

namespace trunkgate {

ArchiveNames::ArchiveNames(const Repository& repository) {
  for (const Ref& ref : repository.refs(kArchive)) names_[ref.name] = ref.id;
}

bool ArchiveNames::holds(const std::string& name, const ObjectId& tip) const {
  const auto found = names_.find(name);
  return found != names_.end() && found->second == tip;
}

bool ArchiveNames::is_folder(const std::string& name) const {
  const auto below = names_.lower_bound(name + "/");
  return below != names_.end() && below->first.starts_with(name + "/");
}

ArchiveName ArchiveNames::take(std::string_view branch, const ObjectId& tip) {
  const auto parts = split(short_name(branch), '/');
  std::string name(kArchive.substr(0, kArchive.size() - 1));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    const std::string plain = name + "/" + std::string(parts[i]);
    std::string next = plain;
    // In Git no reference lies below another one.
    for (std::size_t n = 2; last ? (names_.contains(next) && !holds(next, tip)) || is_folder(next)
                                 : names_.contains(next);
         ++n) {
      next = plain + "." + std::to_string(n);
    }
    name = std::move(next);
  }
  const bool is_there = !names_.try_emplace(name, tip).second;
  return {.name = std::move(name), .is_there = is_there};
}

std::vector<std::string> ArchiveNames::of(std::string_view branch) const {
  std::vector<std::string> found;
  for (const auto& [name, tip] : names_) {
    if (is_archive_name(name.substr(kArchive.size()), short_name(branch))) found.push_back(name);
  }
  // Numbers grow, so that the longer name, or the greater of two, is the later one.
  std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a > b;
  });
  return found;
}

}  // namespace trunkgate
