// Mistakes in the options of the rule `command`.
#include <gtest/gtest.h>

#include "base/error.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

// What is wrong with a policy that has these options, without the lines that show where.
std::string mistakes(const std::string& options) {
  const std::string text =
      "version: 1\nrulesets:\n  - name: all\n    refs: ['refs/**']\n    rules:\n"
      "      command: " +
      options + "\n";
  try {
    load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present, text, {}};
    });
  } catch (const std::exception& error) {
    const std::string all = error.what();
    const auto start = all.find("error: ");
    return all.substr(start, all.find('\n', start) - start);
  }
  return {};
}

TEST(Command, TakesEveryOption) {
  EXPECT_EQ(mistakes("{run: [judge, -x], name: a-1, files: '*.py', timeout: 1h, memory: 0, "
                     "network: deny, on-failure: accept, environment: [A, B=c]}"),
            "");
  EXPECT_EQ(mistakes("[{run: a}, {run: /b, name: b}]"), "");
}

TEST(Command, TakesTheOptionsOfALinter) {
  EXPECT_EQ(
      mistakes("{run: a, files: '*.py', input: files, exit-code: finding, codes: ['1', '125']}"),
      "");
  EXPECT_EQ(mistakes("{run: a, input: files}"),
            "error: 'input: files' needs 'files': which of the changed files");
  EXPECT_NE(mistakes("{run: a, input: file}"), "");
  EXPECT_NE(mistakes("{run: a, exit-code: findings}"), "");
  for (const char* code : {"'0'", "'126'", "'-1'", "one", "'1 '", "''"}) {
    EXPECT_EQ(mistakes(std::string("{run: a, exit-code: finding, codes: [") + code + "]}"),
              "error: an exit code is a number from 1 to 125")
        << code;
  }
}

TEST(Command, TellsMistakesInItsOptions) {
  EXPECT_EQ(mistakes("{}"), "error: the rule needs 'run': the program and its arguments");
  EXPECT_EQ(mistakes("{run: ''}"), "error: the rule needs 'run': the program and its arguments");
  EXPECT_EQ(mistakes("{run: a, name: 'A b'}"),
            "error: a name has small letters, digits, '-' and '_', 64 at most");
  EXPECT_EQ(mistakes("{run: a, timeout: 0s}"), "error: the time limit must be from 1s to 1h");
  EXPECT_EQ(mistakes("{run: a, timeout: 2h}"), "error: the time limit must be from 1s to 1h");
  EXPECT_EQ(mistakes("{run: a, environment: [GIT_QUARANTINE_PATH]}"),
            "error: the gate itself sets 'GIT_QUARANTINE_PATH'");
  EXPECT_NE(mistakes("{run: a, network: 'off'}"), "");
  EXPECT_NE(mistakes("{run: a, on-failure: ignore}"), "");
}

}  // namespace
}  // namespace trunkgate
