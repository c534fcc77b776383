#include "rules/rule.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"

namespace trunkgate {

std::string_view to_string(Subject subject) {
  switch (subject) {
    case Subject::ref:
      return "ref";
    case Subject::commit:
      return "commit";
    case Subject::file:
      return "file";
    case Subject::push:
      return "push";
  }
  return "ref";
}

void Rule::check_ref(const Push&, const PushedRef&, Answer&) const {}
void Rule::check_commit(const Push&, const Commit&, Answer&) const {}
void Rule::check_push(const Push&, const std::vector<PushPart>&, PushAnswer&) const {}
bool Rule::looks_at(const ChangedFile& file) const { return file.plain(); }
void Rule::check_file(const Push&, const PushedFile&, Answer&) const {}
bool Rule::may_find(const Passage&) const { return true; }
bool Rule::judges_passages(const ChangedFile&) const { return true; }
std::vector<Requirement> Rule::requirements() const { return {}; }

std::optional<bool> Rule::accepts(std::string_view) const { return std::nullopt; }

std::vector<std::string> users_of(const std::vector<std::string>& names, const Groups& groups) {
  std::vector<std::string> users;
  for (const std::string& name : names) {
    if (const auto group = groups.find(name); group != groups.end()) {
      users.insert(users.end(), group->second.begin(), group->second.end());
    } else {
      users.push_back(name);
    }
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

std::vector<std::string> users_of(const Node& list, const std::vector<std::string>& names,
                                  const Groups& groups, Diagnostics& diagnostics) {
  std::vector<std::string_view> known;
  for (const auto& [group, members] : groups) known.push_back(group);
  for (const std::string& name : names) {
    const bool member =
        groups.contains(name) || std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
          return std::find(group.second.begin(), group.second.end(), name) != group.second.end();
        });
    if (member) continue;
    if (const auto meant = nearest(name, known)) {
      diagnostics.warning(item_location(list, name),
                          "'" + printable(name) + "' is no group, and nobody in a group",
                          "did you mean '" + *meant + "'?");
    }
  }
  return users_of(names, groups);
}

std::vector<std::string> users_of(const RuleSetup& setup,
                                  const Option<std::vector<std::string>>& option) {
  const Node* const list = setup.options.find(option.info.name);
  const std::vector<std::string> names = setup.options.get(option);
  if (list == nullptr) return users_of(names, setup.groups);
  return users_of(*list, names, setup.groups, setup.options.diagnostics());
}

}  // namespace trunkgate
