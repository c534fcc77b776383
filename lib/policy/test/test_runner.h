// Runs the cases of a test file: each in a repository of its own, judged by the gate's evaluator.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "policy/policy.h"
#include "policy/test/test_file.h"
#include "policy/test/test_result.h"
#include "rules/rule.h"

namespace trunkgate {

// Loads the policy; `test_keys` go to users who have keys in it (see load_policy()). Asked once for
// each case, because rules keep what they find out about a push.
using LoadTestedPolicy = std::function<std::unique_ptr<Policy>(const Users& test_keys)>;

// `scratch`: an existing folder; nothing is left in it. Throws ConfigError with every mistake that
// shows only when a case is built, and Error when the system fails. Cases that `limits.seconds`
// leaves no time for are counted, not run.
TestRun run_tests(const TestFile& file, const LoadTestedPolicy& load, const std::string& scratch,
                  const TestLimits& limits);

}  // namespace trunkgate
