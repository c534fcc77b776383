// The tests that come with a policy when it is pushed: they run before it is taken.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/policy.h"
#include "policy/policy_loader.h"
#include "policy/test/test_file.h"
#include "push/push.h"
#include "rules/finding.h"

namespace trunkgate {

// The pusher waits for them, so they have less time and room than on an admin's own machine.
inline constexpr TestLimits kPushedTestLimits{.cases = 300,
                                              .commits = 5000,
                                              .bytes = std::uint64_t{128} << 20U,
                                              .largest_file = std::uint64_t{64} << 20U,
                                              .seconds = 30};

// Runs the test file beside the policy in the pushed commit, when there is one, against the policy
// that `roots` make with that commit (which must load). Returns why it is refused: a case that
// fails, mistakes in the file, or no time to run it all.
std::optional<Finding> try_pushed_tests(const Push& push, const PushedRef& ref,
                                        const PolicyRef& policy_ref,
                                        const std::vector<PolicyRoot>& roots,
                                        const TestLimits& limits = kPushedTestLimits);

// Mistakes as `trunkgate check` shows them, carets and all, without their count.
std::vector<std::string> mistake_lines(const Diagnostics& mistakes);

}  // namespace trunkgate
