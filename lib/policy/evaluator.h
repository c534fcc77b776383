// Judges a push against a policy: refs first, then every commit that is new to a rule, once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/always_on.h"
#include "policy/baselines.h"
#include "policy/policy.h"
#include "policy/policy_loader.h"
#include "policy/verdict.h"

namespace trunkgate {

// Everything the verdict depends on.
struct Evaluation {
  const Policy& policy;
  const Repository& repository;
  Baselines& baselines;
  const RefUpdates& received;
  Pusher pusher;
  std::vector<std::string> options;  // push options, raw bytes
  PushConditions conditions;
  std::string scratch;     // a folder for short-lived files
  std::string state = {};  // the state folder
  // What the policy was made of, to try what is pushed to its reference.
  std::vector<PolicyRoot> roots = {};
  std::string push_id = {};
  const Environment* environment = nullptr;  // what rules may hand to programs; nullptr for none
  bool update_alone = false;                 // see Push
};

// Never throws because of what was pushed: a rule that fails makes its refs undecided, and the
// other rules still run.
Verdict evaluate(const Evaluation& evaluation);

}  // namespace trunkgate
