#include "policy/policy.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/digest.h"
#include "rules/catalogue.h"

namespace trunkgate {

std::string ActiveRule::key() const {
  return sha256(ruleset + "\n" + std::string(info->id) + "\n" + scope.refs_text()).substr(0, 32);
}

void Policy::settle(const PolicyPlace& place) {
  std::erase_if(rules, [&](ActiveRule& rule) { return !rule.scope.settle(place); });
  for (Exemption& exemption : exemptions) {
    if (exemption.refs) exemption.refs->set_head(place.default_branch);
  }
  for (SweepEntry& entry : sweep) entry.merged_into.set_head(place.default_branch);
  if (!place.default_branch.empty()) return;
  for (const ActiveRule& rule : rules) {
    if (!rule.scope.names_head()) continue;
    throw Error(
        ErrorKind::repository,
        file_and_line(rule.where) + " is for HEAD, and the repository's HEAD names no branch",
        "an admin can name one: git symbolic-ref HEAD refs/heads/main");
  }
}

void Policy::apply_dates(std::int64_t now) {
  for (ActiveRule& rule : rules) {
    if (rule.mode_until != 0 && now >= rule.mode_until) rule.mode = Mode::enforce;
  }
  std::erase_if(rules, [](const ActiveRule& rule) { return rule.mode == Mode::off; });
}

bool Policy::is_protected(std::string_view ref) const {
  return std::any_of(rules.begin(), rules.end(), [&](const ActiveRule& active) {
    return active.info == &direct_push && active.mode == Mode::enforce && active.scope.covers(ref);
  });
}

std::vector<std::string> Policy::protected_names() const {
  static constexpr const RuleInfo* kGuards[] = {&direct_push, &rewound_branch, &deleted_ref,
                                                &unauthorised_push, &frozen_ref};
  std::set<std::string> names;
  for (const ActiveRule& active : rules) {
    if (active.mode != Mode::enforce ||
        std::find(std::begin(kGuards), std::end(kGuards), active.info) == std::end(kGuards)) {
      continue;
    }
    for (std::string& name : active.scope.refs.literals()) {
      if (active.scope.covers(name)) names.insert(std::move(name));
    }
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> Policy::named_refs(const std::string& head) const {
  std::set<std::string> names;
  if (!head.empty()) names.insert(head);
  for (const ActiveRule& active : rules) {
    for (std::string& name : active.scope.refs.literals()) names.insert(std::move(name));
  }
  return {names.begin(), names.end()};
}

bool Policy::judges(std::string_view ref) const {
  if (in_own_namespace(ref)) return false;
  return std::any_of(rules.begin(), rules.end(),
                     [&](const ActiveRule& active) { return active.scope.covers(ref); });
}

bool in_own_namespace(std::string_view ref) {
  for (const std::string_view own :
       {"refs/attest/", "refs/for/", "refs/meta/", "refs/archive/", "refs/trunkgate/"}) {
    if (ref.starts_with(own)) return true;
  }
  return false;
}

}  // namespace trunkgate
