// Makes rules of what the layers of a policy say, once all of them are known.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/mode_setting.h"
#include "policy/people_reader.h"
#include "policy/policy.h"
#include "rules/rule.h"

namespace trunkgate {

// One rule as a layer says it.
struct RuleDraft {
  const RuleInfo* info = nullptr;
  const Node* options = nullptr;
  Location where;
  ModeSetting mode;
  std::string folder;
  // Whom the rule can speak of when a layer has locked it: layers below may add people for rules of
  // their own, but none for this one. Nothing: the people of all layers.
  std::shared_ptr<const People> people;
};

// What a ruleset says of all of its rules.
struct RulesetFrame {
  std::string name;
  RefPatterns refs;
  std::optional<RepositoryGlobs> repositories;
};

// Everything that can stand in the options of a rule: its own keys and those of every rule.
std::vector<const OptionInfo*> keys_of(const RuleInfo& rule);

// Reads what an option of a rule names; relative names start at `folder`.
using ReadRuleFile = std::function<FileText(const std::string& folder, const std::string& name)>;

// Mistakes go to `diagnostics`; the rule's object is missing when it could not be made.
ActiveRule read_rule(const RulesetFrame& ruleset, const RuleDraft& draft, const People& people,
                     const ReadRuleFile& read_file, Diagnostics& diagnostics);

}  // namespace trunkgate
