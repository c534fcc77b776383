// Reads the rulesets of all layers of a policy and makes one set of rules of them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "config/option_reader.h"
#include "policy/policy.h"
#include "policy/rule_reader.h"

namespace trunkgate {

// Layers come top first. A ruleset with the name of one above adds rules to it and takes the place
// of rules with the same id, unless the layer above has locked it: then both hold, so that a lower
// layer can only make it stricter.
class RulesetReader {
 public:
  RulesetReader(Diagnostics& diagnostics, ReadRuleFile read_file)
      : diagnostics_(diagnostics), read_file_(std::move(read_file)) {}

  struct Layer {
    std::size_t number = 0;
    std::size_t first = 0;  // number of the first layer that this one extends, or its own
    ModeSetting mode;
    std::string folder;  // where its relative paths start
  };
  // `node` must outlive finish().
  void read(const Node& node, const Layer& layer);

  // Locks what the list `names` of a layer says. From here on the rules of these rulesets know
  // `people` and nobody else.
  void lock(const Node& names, const Layer& layer, const std::shared_ptr<const People>& people);
  // The same for every ruleset there is.
  void lock_all(const std::shared_ptr<const People>& people);
  bool locks_any() const;

  // Rules that are off are left out. `people` of all layers.
  std::vector<ActiveRule> finish(const People& people);

 private:
  struct Draft : RulesetFrame {
    std::size_t layer = 0;  // the last one that spoke of it
    bool locked = false;
    std::vector<RuleDraft> rules;
  };

  Draft* find(std::string_view name);
  Draft& draft_for(const Node& node, const OptionReader& reader, const Layer& layer);
  void read_frame(const OptionReader& reader, bool locked, Draft& draft);
  void read_rules(const Node& rules, Draft& draft, const Layer& layer, const ModeSetting& mode);
  static void lock(Draft& draft, const std::shared_ptr<const People>& people);

  Diagnostics& diagnostics_;
  ReadRuleFile read_file_;
  std::vector<Draft> drafts_;
};

}  // namespace trunkgate
