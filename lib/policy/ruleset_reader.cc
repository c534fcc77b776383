#include "policy/ruleset_reader.h"

#include <algorithm>
#include <utility>

#include "base/nearest.h"
#include "base/text.h"
#include "policy/named_items.h"
#include "policy/policy_keys.h"
#include "rules/catalogue.h"

namespace trunkgate {

using namespace keys;

RulesetReader::Draft* RulesetReader::find(std::string_view name) {
  const auto found = std::find_if(drafts_.begin(), drafts_.end(),
                                  [&](const Draft& draft) { return draft.name == name; });
  return found == drafts_.end() ? nullptr : &*found;
}

// The ruleset of that name in a layer above, or a new one.
RulesetReader::Draft& RulesetReader::draft_for(const Node& node, const OptionReader& reader,
                                               const Layer& layer) {
  const std::string name = reader.get(kName);
  const Node* name_node = reader.find("name");
  Draft* above = nullptr;
  if (name_node == nullptr) {
    diagnostics_.error(node.where, "a ruleset needs a 'name'");
  } else if (!is_plain_name(name)) {
    if (name_node->kind == Node::Kind::scalar) {  // anything else is reported already
      diagnostics_.error(name_node->where,
                         "a ruleset's name has letters, digits, '.', '_' and '-', 64 at most");
    }
  } else {
    above = find(name);
    if (above != nullptr && above->layer == layer.number) {
      diagnostics_.error(name_node->where, "there is a ruleset '" + name + "' already");
    }
  }
  if (above != nullptr) return *above;
  if (!reader.has("refs")) {
    diagnostics_.error(node.where, "the ruleset needs 'refs': the branches or tags it is for");
  }
  drafts_.emplace_back();
  drafts_.back().name = name;
  drafts_.back().layer = layer.number;
  return drafts_.back();
}

// What a layer says of a ruleset as a whole; of one that is locked, nothing can be said.
void RulesetReader::read_frame(const OptionReader& reader, bool locked, Draft& draft) {
  for (const std::string_view key : {"refs", "repositories", "mode"}) {
    if (!locked || !reader.has(key)) continue;
    const std::string verb = key == "mode" ? " stays" : " stay";
    diagnostics_.error(reader.find(key)->where, "the ruleset '" + draft.name +
                                                    "' is locked by a layer above: its " +
                                                    std::string(key) + verb);
  }
  if (locked) return;
  if (const Node* refs = reader.find("refs"); refs != nullptr) {
    draft.refs = reader.get(kRefs);
    if (is_empty_list(*refs)) {
      diagnostics_.error(refs->where, "'refs' is empty: the ruleset would be for nothing",
                         "mode: off switches it off");
    }
  }
  if (const Node* repositories = reader.find("repositories"); repositories != nullptr) {
    draft.repositories = read_repositories(*repositories, diagnostics_);
  }
}

void RulesetReader::read(const Node& node, const Layer& layer) {
  const OptionReader reader(node, kRulesetKeys, diagnostics_, "a ruleset");
  if (node.kind != Node::Kind::map) return;
  Draft& draft = draft_for(node, reader, layer);
  const bool known = draft.layer != layer.number;
  const bool locked = known && draft.locked;
  read_frame(reader, locked, draft);
  draft.layer = layer.number;
  const ModeSetting mode = read_mode(reader, layer.mode, diagnostics_);
  if (known && reader.has("mode") && !locked) {
    for (RuleDraft& rule : draft.rules) rule.mode = mode;
  }
  const Node* rules = reader.find("rules");
  if (rules == nullptr && known) return;
  if (rules == nullptr || rules->kind != Node::Kind::map) {
    diagnostics_.error(rules == nullptr ? node.where : rules->where,
                       "the ruleset needs 'rules': a map of rule ids to their options");
    return;
  }
  if (known && !locked) {
    std::erase_if(draft.rules,
                  [&](const RuleDraft& rule) { return rules->find(rule.info->id) != nullptr; });
  }
  read_rules(*rules, draft, layer, mode);
}

// One set of options, or a list of them for a rule that stands more than once.
void RulesetReader::read_rules(const Node& rules, Draft& draft, const Layer& layer,
                               const ModeSetting& mode) {
  for (const Entry& entry : rules.entries) {
    const RuleInfo* info = find_rule(entry.key);
    if (info == nullptr) {
      const auto known = nearest(entry.key, rule_ids());
      diagnostics_.error(entry.key_where, "unknown rule '" + printable(entry.key) + "'",
                         known ? "did you mean '" + *known + "'?" : "");
      continue;
    }
    const auto add = [&](const Node& options, const Location& where) {
      draft.rules.push_back({info, &options, where, mode, layer.folder, nullptr});
    };
    if (is_empty_list(entry.value)) {
      diagnostics_.error(entry.value.where,
                         "the list is empty: the rule '" + entry.key + "' would do nothing",
                         "mode: off switches it off");
    } else if (entry.value.kind == Node::Kind::sequence) {
      for (const Node& options : entry.value.items) add(options, options.where);
    } else {
      add(entry.value, entry.key_where);
    }
  }
}

void RulesetReader::lock(Draft& draft, const std::shared_ptr<const People>& people) {
  draft.locked = true;
  for (RuleDraft& rule : draft.rules) {
    if (rule.people == nullptr) rule.people = people;
  }
}

void RulesetReader::lock(const Node& names, const Layer& layer,
                         const std::shared_ptr<const People>& people) {
  std::vector<std::string> list;
  if (!OptionType<std::vector<std::string>>::read(names, diagnostics_, list)) return;
  for (const std::string& name : list) {
    if (name == "*") {
      for (Draft& draft : drafts_) {
        if (draft.layer >= layer.first) lock(draft, people);
      }
    } else if (Draft* draft = find(name); draft != nullptr) {
      lock(*draft, people);
    } else {
      std::vector<std::string_view> known;
      for (const Draft& other : drafts_) known.push_back(other.name);
      const auto best = nearest(name, known);
      diagnostics_.error(item_location(names, name),
                         "there is no ruleset '" + printable(name) + "' to lock",
                         best ? "did you mean '" + *best + "'?" : "");
    }
  }
}

void RulesetReader::lock_all(const std::shared_ptr<const People>& people) {
  for (Draft& draft : drafts_) lock(draft, people);
}

bool RulesetReader::locks_any() const {
  return std::any_of(drafts_.begin(), drafts_.end(),
                     [](const Draft& draft) { return draft.locked; });
}

std::vector<ActiveRule> RulesetReader::finish(const People& people) {
  std::vector<ActiveRule> rules;
  for (const Draft& draft : drafts_) {
    for (const RuleDraft& rule : draft.rules) {
      ActiveRule active = read_rule(draft, rule, people, read_file_, diagnostics_);
      if (draft.locked && active.mode == Mode::off && active.mode_until == 0 &&
          rule.people == nullptr) {
        diagnostics_.warning(rule.where,
                             "ruleset '" + printable(draft.name) +
                                 "' is locked by a layer above: this switches nothing off");
      }
      if (active.mode != Mode::off || active.mode_until != 0) rules.push_back(std::move(active));
    }
  }
  return rules;
}

}  // namespace trunkgate
