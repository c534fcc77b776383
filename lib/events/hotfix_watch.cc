#include "events/hotfix_watch.h"

#include <algorithm>
#include <utility>

namespace trunkgate {

const std::string* HotfixWatch::hotfix_branch(const SpooledSource& source) const {
  for (const std::string& branch : source.branches) {
    if (policy_.hotfixes.matches(parts_of(branch).name)) return &branch;
  }
  return nullptr;
}

void HotfixWatch::prepare(std::span<const SpooledUpdate> updates) {
  for (const SpooledUpdate& update : updates) {
    for (const SpooledSource& source : update.sources) {
      if (hotfix_branch(source) == nullptr) continue;
      for (const std::string& name : policy_.hotfixes_into) {
        const std::string into = std::string(parts_of(update.ref).git_namespace) + name;
        if (sequence_.find(into) != nullptr) continue;
        if (const auto tip = facts_.tip(into)) sequence_.refs[into].value = *tip;
      }
    }
  }
}

// Either the branch itself was merged, or what became of it on the protected branch.
bool HotfixWatch::has(const ObjectId& tip, const OpenHotfix& hotfix) {
  return facts_.reaches(tip, hotfix.commit) || facts_.reaches(tip, hotfix.by);
}

std::vector<ToldHotfix> HotfixWatch::after(const SpooledUpdate& update, std::int64_t time) {
  std::vector<ToldHotfix> told;
  if (update.after.is_zero()) return told;
  std::vector<OpenHotfix>& open = sequence_.hotfixes;
  std::erase_if(open, [&](const OpenHotfix& hotfix) {
    if (hotfix.into != update.ref || !has(update.after, hotfix)) return false;
    told.push_back({hotfix, true});
    return true;
  });
  for (const SpooledSource& source : update.sources) {
    const std::string* branch = hotfix_branch(source);
    if (branch == nullptr) continue;
    for (const std::string& name : policy_.hotfixes_into) {
      OpenHotfix hotfix{.commit = source.commit,
                        .by = source.by,
                        .branch = *branch,
                        .on = update.ref,
                        .into = std::string(parts_of(update.ref).git_namespace) + name,
                        .since = time};
      const RefHistory* into = sequence_.find(hotfix.into);
      // A branch that does not exist needs nothing.
      if (hotfix.into == update.ref || into == nullptr || into->value.is_zero()) continue;
      const bool known = std::any_of(open.begin(), open.end(), [&](const OpenHotfix& other) {
        return other.commit == hotfix.commit && other.into == hotfix.into;
      });
      if (known || has(into->value, hotfix)) continue;
      if (open.size() == kMaxOpen) open.erase(open.begin());
      open.push_back(hotfix);
      told.push_back({std::move(hotfix), false});
    }
  }
  return told;
}

}  // namespace trunkgate
