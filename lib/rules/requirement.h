// How one requirement on evidence stands, as data: reports and events show every one of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/finding.h"

namespace trunkgate {

// The states of Gerrit's submit requirements. `error`: the evidence cannot be judged.
enum class RequirementState { satisfied, unsatisfied, not_applicable, overridden, error };
std::string_view to_string(RequirementState state);  // "not applicable"

struct Requirement {
  RequirementState state = RequirementState::satisfied;
  // What is asked, in one line of printable text: "1 approval by reviewers", "check mini-val".
  std::string what = {};
  // Why it stands so: "approved by bob", "failed", "no file of models/** changes". May be empty.
  std::string why = {};

  // Filled by the evaluator, as in Finding. `rule` may have a part: "missing-check.mini-val"; the
  // rule fills it then.
  std::string rule = {};
  std::string ruleset = {};
  std::string origin = {};
  Mode mode = Mode::enforce;

  bool operator==(const Requirement&) const = default;
};

}  // namespace trunkgate
