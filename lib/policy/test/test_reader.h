// Reads a test file of a policy; reports every mistake at once.
#pragma once

#include <memory>
#include <string>

#include "config/diagnostics.h"
#include "policy/test/test_file.h"

namespace trunkgate {

// "policy.test.yaml" for "policy.yaml"; ".test.yaml" is added to any other name.
std::string test_file_of(const std::string& policy_file);
// "policy.yaml" for "policy.test.yaml"; empty when the name is not of that kind.
std::string policy_of_test_file(const std::string& test_file);

// Throws ConfigError with every mistake, those against `limits` included.
TestFile read_test_file(std::shared_ptr<const Source> source, const TestLimits& limits);

}  // namespace trunkgate
