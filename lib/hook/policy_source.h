// The policy in force: what stands on disk, or the last good copy when that has mistakes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "policy/policy.h"
#include "policy/policy_loader.h"

namespace trunkgate {

struct PolicyInForce {
  std::unique_ptr<Policy> policy;
  std::vector<std::string> notices;  // for every pusher, when the last good copy had to stand in
};

// Loads the policy and, when it has no mistakes, keeps a copy as below and, beside it in
// "parsed-policy", what the YAML parser made of it. Throws ConfigError or
// PolicyMissing as load_policy() does.
std::unique_ptr<Policy> load_policy_and_keep(const std::vector<PolicyRoot>& roots,
                                             const ReadPolicyFile& read,
                                             const std::string& last_good, const Sharing& sharing);

// Loads the policy and keeps a copy of a good one in `last_good` (a JSON file with the texts of all
// layers). Mistakes bring back the last good copy, with a notice; a policy that is missing or
// cannot be read brings back nothing. Throws Error(config), with words for the pusher, when there
// is no policy to judge by.
PolicyInForce load_policy_in_force(const std::vector<PolicyRoot>& roots, const ReadPolicyFile& read,
                                   const std::string& last_good, const Sharing& sharing);

// The same for programs that judge no push: leaves everything as it is. What no push was judged by
// must not become the last good policy, nor what was in force when a slow program began.
PolicyInForce read_policy_in_force(const std::vector<PolicyRoot>& roots, const ReadPolicyFile& read,
                                   const std::string& last_good);

}  // namespace trunkgate
