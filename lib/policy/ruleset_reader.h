// Reads the rulesets of all layers of a policy and makes one set of rules of them.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "config/option_reader.h"
#include "policy/policy.h"
#include "rules/rule.h"

namespace trunkgate {

// A mode and the day it ends on.
struct ModeSetting {
  Mode mode = Mode::enforce;
  std::int64_t until = 0;  // seconds since 1970 from which it is `enforce`; 0 for never
};

// `mode:` and `mode-until:` of a map; `inherited` when it says nothing.
ModeSetting read_mode(const OptionReader& reader, const ModeSetting& inherited,
                      Diagnostics& diagnostics);

// Layers come top first. A ruleset with the name of one above adds rules to it and takes the place
// of rules with the same id, unless the layer above has locked it: then both hold, so that a lower
// layer can only make it stricter.
class RulesetReader {
 public:
  // Reads what options of a layer's rules name.
  using ReadFile = std::function<FileText(const std::string& folder, const std::string& name)>;

  RulesetReader(const Groups& groups, const Users& users, Diagnostics& diagnostics,
                ReadFile read_file)
      : groups_(groups),
        users_(users),
        diagnostics_(diagnostics),
        read_file_(std::move(read_file)) {}

  struct Layer {
    std::size_t number = 0;
    ModeSetting mode;
    std::string folder;             // where its relative paths start
    std::vector<std::string> lock;  // names of rulesets; "*" for all
  };
  // `node` must outlive finish().
  void read(const Node& node, const Layer& layer);

  // Rules that are off are left out.
  std::vector<ActiveRule> finish();

 private:
  struct RuleDraft {
    const RuleInfo* info = nullptr;
    const Node* options = nullptr;
    Location where;
    ModeSetting mode;
    std::string folder;
  };
  struct Draft {
    std::string name;
    RefPatterns refs;
    std::size_t layer = 0;  // the last one that spoke of it
    bool locked = false;
    std::vector<RuleDraft> rules;
  };

  Draft* draft_for(const Node& node, const OptionReader& reader, const Layer& layer);
  void read_rules(const Node& rules, Draft& draft, const Layer& layer, const ModeSetting& mode);
  void try_examples(const OptionReader& reader, ActiveRule& active);
  void make_rule(const Draft& draft, const RuleDraft& rule, std::vector<ActiveRule>& rules);

  const Groups& groups_;
  const Users& users_;
  Diagnostics& diagnostics_;
  ReadFile read_file_;
  std::vector<Draft> drafts_;
};

}  // namespace trunkgate
