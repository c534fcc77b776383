// What an admin and a program read about the tests of a policy.
#include "report/test_report.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

TestCaseResult result(const std::string& name, std::size_t line) {
  TestCaseResult result;
  result.name = name;
  result.where.source = std::make_shared<const Source>(Source{"policy.test.yaml", ""});
  result.where.line = line;
  return result;
}

TestedFile tested() {
  TestedFile file{"policy.test.yaml", "policy.yaml", {}};
  TestCaseResult good = result("good", 3);
  Expectation accept;
  accept.accepted = true;
  compare(accept, good);
  TestCaseResult bad = result("bad", 7);
  bad.outcome = Outcome::rejected;
  Finding finding;
  finding.rule = "forbidden-path";
  finding.ruleset = "branches";
  finding.origin = "policy.yaml:9";
  finding.message = "matches '*.ckpt'";
  finding.title = "feat: \x1b[31mx";
  finding.path = "a.ckpt";
  bad.findings.push_back({"refs/heads/feature/x", finding});
  Expectation expect;
  expect.reject = {"vague-message"};
  expect.messages = {"words"};
  compare(expect, bad);
  file.run.cases = {good, bad};
  file.run.untried = {{"symlink", "branches", "policy.yaml:10"}};
  return file;
}

TEST(TestReport, ShowsEachCaseAndTheCounts) {
  EXPECT_EQ(test_report_text({tested()}, false),
            "PASS good\n"
            "FAIL bad (policy.test.yaml:7)\n"
            "     expected: reject vague-message; message \"words\"\n"
            "     got:      reject forbidden-path\n"
            "     - vague-message does not reject: it finds nothing\n"
            "     - forbidden-path is not expected to reject\n"
            "     - no finding says \"words\"\n"
            "     findings:\n"
            "       reject forbidden-path (branches, policy.yaml:9) feature/x \"feat: \\x1b[31mx\" "
            "a.ckpt: matches '*.ckpt'\n"
            "2 cases: 1 passed, 1 failed\n");
}

TEST(TestReport, NamesUntriedRulesOfEachPolicyOnce) {
  TestedFile other = tested();
  other.run.cases.clear();
  other.run.not_run = 2;
  EXPECT_TRUE(test_report_text({tested(), other}, true)
                  .ends_with("UNTRIED symlink (branches, policy.yaml:10)\n"
                             "4 cases: 1 passed, 1 failed, 2 not run: no time left\n"));
  other.run.untried.clear();
  EXPECT_TRUE(test_report_text({tested(), other}, true)
                  .ends_with("every rule of policy.yaml is tried\n"
                             "4 cases: 1 passed, 1 failed, 2 not run: no time left\n"));
}

TEST(TestReport, IsOneDocumentForPrograms) {
  EXPECT_EQ(test_report_json({tested()}, true), R"({
  "passed": 1,
  "failed": 1,
  "not_run": 0,
  "files": [
    {
      "file": "policy.test.yaml",
      "policy": "policy.yaml",
      "cases": [
        {
          "name": "good",
          "line": 3,
          "passed": true,
          "expected": "accept",
          "got": "accept",
          "findings": []
        },
        {
          "name": "bad",
          "line": 7,
          "passed": false,
          "expected": "reject vague-message; message \"words\"",
          "got": "reject forbidden-path",
          "differences": [
            "vague-message does not reject: it finds nothing",
            "forbidden-path is not expected to reject",
            "no finding says \"words\""
          ],
          "findings": [
            {
              "rule": "forbidden-path",
              "ruleset": "branches",
              "origin": "policy.yaml:9",
              "severity": "error",
              "ref": "refs/heads/feature/x",
              "title": "feat: \\x1b[31mx",
              "path": "a.ckpt",
              "message": "matches '*.ckpt'"
            }
          ]
        }
      ]
    }
  ],
  "untried": [
    {
      "policy": "policy.yaml",
      "rule": "symlink",
      "ruleset": "branches",
      "origin": "policy.yaml:10"
    }
  ]
}
)");
}

}  // namespace
}  // namespace trunkgate
