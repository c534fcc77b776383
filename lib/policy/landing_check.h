// Requests to land (refs/for/<branch>): whether they may be made, before anything is merged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "policy/policy.h"
#include "push/landing.h"
#include "push/push.h"
#include "rules/rule.h"

namespace trunkgate {

// The setting by which Git hands such pushes to the hook proc-receive, and its value.
inline constexpr const char* kProcReceiveRefs = "receive.procReceiveRefs";
inline constexpr const char* kProcReceiveValue = "refs/for";

// Whether the repository's own configuration says so. Without it Git would make plain references.
bool hands_over_landing_requests(const Repository& repository);

// Why refs/for/<rest> asks for nothing that a branch could be called; nothing when it is fine.
std::optional<Finding> check_request_name(const std::string& name);

// How what is asked for may land, and what it is.
struct LandingPlan {
  std::string branch;                      // "refs/heads/main"
  ObjectId tip;                            // what it holds now
  bool merge = false;                      // by a merge, as all rules in force on it allow
  bool fast_forward = false;               // likewise
  std::vector<SourceBranch> sources = {};  // branches of the server with the commit that may land
};

// What the rules about landing say of `commit` on `branch`, which must exist. Commits that this
// very push brings are on no branch yet.
LandingPlan plan_landing(const Push& push, const Policy& policy, const std::string& branch,
                         const ObjectId& tip, const ObjectId& commit, Answer& out);

// Judges a request of which the name has been checked: everything that can be said without
// merging. What the rules of the branch say of the merge itself comes with the landing.
void check_landing_request(const Push& push, const PushedRef& ref, const Policy& policy,
                           Answer& out);

// A finding of the id that all of these have.
Finding refused_request(std::string message, std::string hint = {});

}  // namespace trunkgate
