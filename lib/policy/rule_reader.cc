#include "policy/rule_reader.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "policy/policy_files.h"
#include "policy/policy_keys.h"

namespace trunkgate {
namespace {

using namespace keys;

constexpr std::size_t kMaxHint = 500;

// Examples of the policy's author are tests that run whenever the policy is loaded.
void try_examples(const OptionReader& reader, ActiveRule& active, Diagnostics& diagnostics) {
  const auto run = [&](const Option<std::vector<std::string>>& option, bool accepted) {
    const Node* node = reader.find(option.info.name);
    if (node == nullptr) return;
    for (const std::string& example : reader.get(option)) {
      const std::optional<bool> accepts = active.rule->accepts(example);
      if (!accepts) {
        diagnostics.error(node->where, "rule '" + std::string(active.info->id) +
                                           "' does not judge a text alone, so it takes no "
                                           "examples");
        return;
      }
      if (*accepts == accepted) {
        if (accepted) active.valid.push_back(printable(example, 80));
        continue;
      }
      diagnostics.error(item_location(*node, example),
                        "the rule " + std::string(*accepts ? "accepts" : "refuses") +
                            " the example '" + printable(example, 60) + "' of '" +
                            std::string(option.info.name) + "'");
    }
  };
  run(kValid, true);
  run(kInvalid, false);
}

// A rule about tags on branches only would never refuse anything, which nobody would notice.
void check_refs(const RefPatterns& refs, const Location& where, const RuleInfo& rule,
                Diagnostics& diagnostics) {
  if (rule.refs == JudgedRefs::all || refs.empty()) return;
  const bool tags = rule.refs == JudgedRefs::tags;
  if (refs.may_match_below(tags ? "refs/tags/" : "refs/heads/")) return;
  diagnostics.error(where,
                    "rule '" + std::string(rule.id) + "' judges " + (tags ? "tags" : "branches") +
                        ", and these refs are none: it would do nothing",
                    tags ? "tags are written as in refs/tags/v*" : "a bare name is a branch");
}

// `only` with an empty list is for nothing at all.
void check_only(const Node& only, Diagnostics& diagnostics) {
  for (const Entry& entry : only.entries) {
    if (entry.key == kRepositories.info.name) continue;  // that one says so itself
    if (entry.value.kind != Node::Kind::sequence || !entry.value.items.empty()) continue;
    diagnostics.error(entry.value.where, "'" + printable(entry.key) +
                                             "' of 'only' is empty: the rule would do nothing");
  }
}

void read_scope(const OptionReader& reader, const RuleDraft& draft, const Groups& groups,
                Scope& scope, Diagnostics& diagnostics) {
  check_refs(scope.refs, draft.where, *draft.info, diagnostics);
  if (const Node* only = reader.find("only"); only != nullptr) {
    scope.only = read_conditions(*only, groups, diagnostics);
    check_only(*only, diagnostics);
    if (scope.only.refs) {
      check_refs(*scope.only.refs, only->find("refs")->where, *draft.info, diagnostics);
    }
  }
  if (const Node* except = reader.find("except"); except != nullptr) {
    scope.except = read_conditions(*except, groups, diagnostics);
  }
}

}  // namespace

std::vector<const OptionInfo*> keys_of(const RuleInfo& rule) {
  std::vector<const OptionInfo*> keys(rule.options.begin(), rule.options.end());
  for (const OptionInfo* common : kCommonKeys) {
    // A rule's own `hint` knows better where it fits.
    if (std::none_of(rule.options.begin(), rule.options.end(),
                     [&](const OptionInfo* own) { return own->name == common->name; })) {
      keys.push_back(common);
    }
  }
  return keys;
}

ActiveRule read_rule(const RulesetFrame& ruleset, const RuleDraft& draft, const People& everybody,
                     const ReadRuleFile& read_file, Diagnostics& diagnostics) {
  const People& people = draft.people ? *draft.people : everybody;
  const std::vector<const OptionInfo*> keys = keys_of(*draft.info);
  const OptionReader reader(*draft.options, keys, diagnostics,
                            "rule '" + std::string(draft.info->id) + "'");
  const ModeSetting mode = read_mode(reader, draft.mode, diagnostics);
  ActiveRule active;
  active.info = draft.info;
  active.ruleset = ruleset.name;
  active.where = draft.where;
  active.mode = mode.mode;
  active.mode_until = mode.until;
  active.scope.refs = ruleset.refs;
  active.scope.repositories = ruleset.repositories;
  read_scope(reader, draft, people.groups, active.scope, diagnostics);
  if (std::find(keys.begin(), keys.end(), &kHint.info) != keys.end()) {
    active.hint = printable(trim(reader.get(kHint)), kMaxHint);
  }
  active.rule = draft.info->make(
      {.options = reader,
       .groups = people.groups,
       .users = people.users,
       .folder = is_in_policy_ref(draft.folder) ? std::nullopt : std::optional(draft.folder),
       .read_file = [&](const std::string& name) { return read_file(draft.folder, name); }});
  if (active.rule != nullptr) try_examples(reader, active, diagnostics);
  return active;
}

}  // namespace trunkgate
