#include "policy/ruleset_reader.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/nearest.h"
#include "base/text.h"
#include "policy/policy_files.h"
#include "policy/policy_keys.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

using namespace keys;

constexpr std::string_view kModeWords[] = {"enforce", "warn", "audit", "off"};

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// The first second after the day "2026-12-31"; 0 when it is no date.
std::int64_t end_of_day(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t at, std::size_t size, auto& value) {
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + size, value);
    return error == std::errc() && end == text.data() + at + size;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !number(0, 4, year) ||
      !number(5, 2, month) || !number(8, 2, day)) {
    return 0;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return 0;
  return (std::chrono::sys_days(date) + std::chrono::days(1)).time_since_epoch().count() *
         std::int64_t{86'400};
}

}  // namespace

ModeSetting read_mode(const OptionReader& reader, const ModeSetting& inherited,
                      Diagnostics& diagnostics) {
  ModeSetting setting = inherited;
  const Node* mode = reader.find("mode");
  if (mode != nullptr) {
    setting.mode = static_cast<Mode>(
        read_word(*mode, kModeWords, static_cast<std::size_t>(inherited.mode), diagnostics));
    setting.until = 0;
  }
  const Node* until = reader.find("mode-until");
  if (until == nullptr) return setting;
  setting.until = until->kind == Node::Kind::scalar ? end_of_day(until->text) : 0;
  if (setting.until == 0) {
    diagnostics.error(until->where, "expected a date such as 2026-12-31");
  } else if (mode == nullptr || setting.mode == Mode::enforce) {
    diagnostics.error(until->where, "'mode-until' needs a 'mode' beside it that is not 'enforce'");
  }
  return setting;
}

RulesetReader::Draft* RulesetReader::draft_for(const Node& node, const OptionReader& reader,
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
    const auto known = std::find_if(drafts_.begin(), drafts_.end(),
                                    [&](const Draft& draft) { return draft.name == name; });
    if (known != drafts_.end()) {
      if (known->layer == layer.number) {
        diagnostics_.error(name_node->where, "there is a ruleset '" + name + "' already");
      }
      above = &*known;
    }
  }
  const bool locked = above != nullptr && above->locked && above->layer != layer.number;
  if (!reader.has("refs") && above == nullptr) {
    diagnostics_.error(node.where, "the ruleset needs 'refs': the branches or tags it is for");
  }
  const auto locks = [&](std::string_view what) {
    return std::find(layer.lock.begin(), layer.lock.end(), what) != layer.lock.end();
  };
  if (above == nullptr) {
    drafts_.push_back(
        {.name = name, .refs = {}, .layer = layer.number, .locked = false, .rules = {}});
    above = &drafts_.back();
  }
  if (reader.has("refs")) {
    if (locked) {
      diagnostics_.error(reader.find("refs")->where,
                         "the ruleset '" + name + "' is locked by a layer above: its refs stay");
    } else {
      above->refs = RefPatterns(reader.get(kRefs));
    }
  }
  if (locked && reader.has("mode")) {
    diagnostics_.error(reader.find("mode")->where,
                       "the ruleset '" + name + "' is locked by a layer above: its mode stays");
  }
  above->layer = layer.number;
  above->locked = locked || locks("*") || locks(name);
  // What this layer adds to a locked one stands beside it, and only this layer's own can be
  // replaced.
  return above;
}

void RulesetReader::read(const Node& node, const Layer& layer) {
  const OptionReader reader(node, kRulesetKeys, diagnostics_, "a ruleset");
  if (node.kind != Node::Kind::map) return;
  const bool known = std::any_of(drafts_.begin(), drafts_.end(), [&](const Draft& draft) {
    return reader.has("name") && draft.name == reader.get(kName) && draft.layer != layer.number;
  });
  const bool was_locked = known && std::any_of(drafts_.begin(), drafts_.end(), [&](const Draft& d) {
                            return d.name == reader.get(kName) && d.locked;
                          });
  Draft& draft = *draft_for(node, reader, layer);
  const ModeSetting mode = read_mode(reader, layer.mode, diagnostics_);
  if (known && reader.has("mode") && !was_locked) {
    for (RuleDraft& rule : draft.rules) rule.mode = mode;
  }
  const Node* rules = reader.find("rules");
  if (rules == nullptr && known) return;
  if (rules == nullptr || rules->kind != Node::Kind::map) {
    diagnostics_.error(rules == nullptr ? node.where : rules->where,
                       "the ruleset needs 'rules': a map of rule ids to their options");
    return;
  }
  if (known && !was_locked) {
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
    const auto add = [&](const Node& options) {
      draft.rules.push_back({info, &options, entry.key_where, mode, layer.folder});
    };
    if (entry.value.kind == Node::Kind::sequence) {
      for (const Node& options : entry.value.items) add(options);
    } else {
      add(entry.value);
    }
  }
}

// Examples of the policy's author are tests that run whenever the policy is loaded.
void RulesetReader::try_examples(const OptionReader& reader, ActiveRule& active) {
  const auto run = [&](const Option<std::vector<std::string>>& option, bool accepted) {
    const Node* node = reader.find(option.info.name);
    if (node == nullptr) return;
    for (const std::string& example : reader.get(option)) {
      const std::optional<bool> accepts = active.rule->accepts(example);
      if (!accepts) {
        diagnostics_.error(node->where, "rule '" + std::string(active.info->id) +
                                            "' does not judge a text alone, so it takes no "
                                            "examples");
        return;
      }
      if (*accepts == accepted) {
        if (accepted) active.valid.push_back(printable(example, 80));
        continue;
      }
      diagnostics_.error(item_location(*node, example),
                         "the rule " + std::string(*accepts ? "accepts" : "refuses") +
                             " the example '" + printable(example, 60) + "' of '" +
                             std::string(option.info.name) + "'");
    }
  };
  run(kValid, true);
  run(kInvalid, false);
}

void RulesetReader::make_rule(const Draft& draft, const RuleDraft& rule,
                              std::vector<ActiveRule>& rules) {
  std::vector<const OptionInfo*> keys(rule.info->options.begin(), rule.info->options.end());
  keys.insert(keys.end(), std::begin(kCommonKeys), std::end(kCommonKeys));
  const OptionReader reader(*rule.options, keys, diagnostics_,
                            "rule '" + std::string(rule.info->id) + "'");
  const ModeSetting mode = read_mode(reader, rule.mode, diagnostics_);
  ActiveRule active;
  active.info = rule.info;
  active.ruleset = draft.name;
  active.where = rule.where;
  active.mode = mode.mode;
  active.mode_until = mode.until;
  active.scope.refs = draft.refs;
  if (const Node* only = reader.find("only"); only != nullptr) {
    active.scope.only = read_conditions(*only, groups_, diagnostics_);
  }
  if (const Node* except = reader.find("except"); except != nullptr) {
    active.scope.except = read_conditions(*except, groups_, diagnostics_);
  }
  active.rule = rule.info->make(
      {.options = reader,
       .groups = groups_,
       .users = users_,
       .folder = is_in_policy_ref(rule.folder) ? std::nullopt : std::optional(rule.folder),
       .read_file = [&](const std::string& name) { return read_file_(rule.folder, name); }});
  if (active.rule != nullptr) try_examples(reader, active);
  if (active.mode != Mode::off || active.mode_until != 0) rules.push_back(std::move(active));
}

std::vector<ActiveRule> RulesetReader::finish() {
  std::vector<ActiveRule> rules;
  for (const Draft& draft : drafts_) {
    for (const RuleDraft& rule : draft.rules) make_rule(draft, rule, rules);
  }
  return rules;
}

}  // namespace trunkgate
