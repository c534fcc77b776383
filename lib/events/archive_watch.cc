#include "events/archive_watch.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "events/version.h"
#include "git/ref_name.h"

namespace trunkgate {

bool is_archive_name(std::string_view archive, std::string_view branch) {
  const auto kept = split(archive, '/');
  const auto own = split(branch, '/');
  return std::equal(kept.begin(), kept.end(), own.begin(), own.end(),
                    [](std::string_view is, std::string_view was) {
                      if (!is.starts_with(was)) return false;
                      const std::string_view rest = is.substr(was.size());
                      return rest.empty() ||
                             (rest.size() > 1 && rest[0] == '.' &&
                              rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
                    });
}

std::optional<ToldArchive> ArchiveWatch::after(const PushOutcome& outcome,
                                               const SpooledUpdate& update) const {
  const RefParts parts = parts_of(update.ref);
  const bool restored = update.before.is_zero();
  if (parts.kind != "branch" || restored == update.after.is_zero()) return std::nullopt;
  const ObjectId& tip = restored ? update.after : update.before;
  const std::string_view branch = short_name(parts.name);
  const std::string archive = std::string(parts.git_namespace) + std::string(kArchive);
  std::optional<ToldArchive> told;
  const auto look_at = [&](const std::string& ref, const ObjectId& value) {
    if (value != tip || !ref.starts_with(archive)) return;
    const auto name = std::string_view(ref).substr(archive.size());
    // Of several the plain name counts, else the first one.
    if (name == branch || (!told && is_archive_name(name, branch))) {
      told = ToldArchive{.archive = ref, .restored = restored};
    }
  };
  // In one push the references of the archive may be told later, or be gone by now.
  for (const SpooledUpdate& other : outcome.applied) {
    look_at(other.ref, restored ? other.before : other.after);
  }
  for (auto ref = sequence_.refs.lower_bound(archive);
       ref != sequence_.refs.end() && ref->first.starts_with(archive); ++ref) {
    look_at(ref->first, ref->second.value);
  }
  return told;
}

}  // namespace trunkgate
