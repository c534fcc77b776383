// What came of running the cases of a test file: data only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/test/test_file.h"
#include "policy/verdict.h"

namespace trunkgate {

// One finding of the verdict, with the reference it is about ("" for the push as a whole).
struct TestFinding {
  std::string ref;
  Finding finding;
};

struct TestCaseResult {
  std::string name;
  Location where;
  Outcome outcome = Outcome::accepted;
  std::vector<TestFinding> findings;
  std::vector<std::string> lets_in;  // full names of references, sorted
  // What is other than expected, a printable line each; none when the case passes.
  std::vector<std::string> differences;
  std::string expected;  // "reject direct-push", "accept"
  std::string got;       // likewise

  bool passed() const { return differences.empty(); }
};

// A rule of the policy that found nothing in any case.
struct UntriedRule {
  std::string rule;
  std::string ruleset;
  std::string origin;  // "policy.yaml:31"
};

struct TestRun {
  std::vector<TestCaseResult> cases;  // those that were run, in the order of the file
  std::size_t not_run = 0;            // there was no time for them
  std::vector<UntriedRule> untried;   // in the order of the policy

  std::size_t failed() const;
  bool passed() const { return failed() == 0 && not_run == 0; }
};

// Compares what the gate said with what was expected, and fills the texts of the result.
void compare(const Expectation& expect, TestCaseResult& result);

// What an admin reads about a case that failed, without its name: lines of printable text.
std::vector<std::string> explain_failure(const TestCaseResult& result);

}  // namespace trunkgate
