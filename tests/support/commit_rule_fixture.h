// What tests of rules over commits share: a rule with options, and the findings of an example.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "rules/finding.h"
#include "support/commit_example.h"
#include "support/temporary_repository.h"

namespace trunkgate {

using Lines = std::vector<std::string>;
using Findings = std::vector<Finding>;

// For gtest's messages.
void PrintTo(const Finding& finding, std::ostream* out);

class CommitRuleTest : public testing::Test {
 protected:
  explicit CommitRuleTest(std::string rule) : rule_(std::move(rule)) {}

  // Loads a policy that has the rule with these options; `more` is put before its rulesets.
  void with(const std::string& options, const std::string& more = "");
  // The mistakes that the options are; empty for none.
  std::string mistakes(const std::string& options, const std::string& more = "");

  // Judges a commit given as in Example::subject; with `buried` another commit is the tip.
  Findings judge(std::string_view example, bool buried = false);
  // Compares whole findings; commit and title are those of what was judged and are left out.
  void expect(std::string_view example, Findings expected, bool buried = false);

  const Rule& rule() const { return *policy_->rules.at(0).rule; }

  // Where relative paths of the policy start.
  std::string folder() const { return temporary_.beside("policy"); }

  TemporaryRepository temporary_;
  ObjectId last_;                  // what was judged last
  std::vector<ObjectId> parents_;  // its parents, the same for every example

 private:
  std::string rule_;
  std::unique_ptr<Policy> policy_;
};

}  // namespace trunkgate
