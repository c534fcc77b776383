// The language of tests can try every rule there is: every_rule.test.yaml does.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/scratch_folder.h"
#include "policy/policy_loader.h"
#include "policy/test/test_reader.h"
#include "policy/test/test_runner.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

const std::string kFolder = TRUNKGATE_TESTS_DIR "/policy/test/";

std::unique_ptr<Policy> load(const Users& test_keys) {
  return load_policy({{kFolder + "every_rule.yaml", "every_rule.yaml"}}, read_policy_file, nullptr,
                     test_keys);
}

TEST(EveryRule, CanBeTriedByATest) {
  const ScratchFolder scratch(std::filesystem::temp_directory_path().string());
  const auto source = std::make_shared<const Source>(
      Source{"every_rule.test.yaml", read_policy_file(kFolder + "every_rule.test.yaml").text});
  const TestRun run = run_tests(read_test_file(source, {}), load, scratch.path(), {});
  for (const TestCaseResult& result : run.cases) {
    std::string text = result.name;
    for (const std::string& line : explain_failure(result)) text += "\n  " + line;
    EXPECT_TRUE(result.passed()) << text;
  }
  EXPECT_EQ(run.not_run, 0U);
  for (const UntriedRule& rule : run.untried) ADD_FAILURE() << rule.rule << " is not tried";
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
}

TEST(EveryRule, IsInThePolicyOfThatTest) {
  std::set<std::string_view> used;
  const auto policy = load({});
  for (const ActiveRule& active : policy->rules) used.insert(active.info->id);
  // Only receive-pack and a client can make a certificate: end_to_end/signed_push_test.py.
  EXPECT_FALSE(used.contains("unsigned-push"));
  used.insert("unsigned-push");
  for (const std::string_view id : rule_ids()) EXPECT_TRUE(used.contains(id)) << id;
}

}  // namespace
}  // namespace trunkgate
