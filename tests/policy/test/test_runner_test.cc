// What the cases of a test file mean: the server they build, the push, and what is compared.
#include "policy/test/test_runner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/scratch_folder.h"
#include "base/text.h"
#include "policy/policy_loader.h"
#include "policy/test/test_reader.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kMessages =
    "rulesets:\n"
    "  - {name: all, refs: ['refs/heads/**'], rules: {unconventional-commit: {}}}\n";
constexpr const char* kFeatures =
    "rulesets:\n"
    "  - {name: features, refs: ['feature/**'], rules: {unconventional-commit: {}}}\n";

class RunTests : public testing::Test {
 protected:
  RunTests() : scratch_(std::filesystem::temp_directory_path().string()) {}

  TestRun run(const std::string& policy, const std::string& tests, const TestLimits& limits = {}) {
    const auto read = [&](const std::string&) {
      return FileText{FileState::present, "version: 1\n" + policy, {}};
    };
    const auto source = std::make_shared<const Source>(Source{"t", tests});
    return run_tests(
        read_test_file(source, limits),
        [&](const Users& test_keys) {
          return load_policy({{"policy.yaml", "policy.yaml"}}, read, nullptr, test_keys);
        },
        scratch_.path(), limits);
  }

  // "NAME: GOT" for each case, with what is other than expected below.
  Lines results(const std::string& policy, const std::string& tests) {
    Lines lines;
    for (const TestCaseResult& result : run(policy, tests).cases) {
      lines.push_back(result.name + ": " + result.got);
      for (const std::string& difference : result.differences) lines.push_back("  " + difference);
    }
    return lines;
  }

  std::string mistakes(const std::string& tests) {
    try {
      run(kMessages, tests);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return {};
  }

  ScratchFolder scratch_;
};

TEST_F(RunTests, JudgeWhatIsNewToTheServer) {
  EXPECT_EQ(results(kMessages,
                    "given: {main: {commits: [{message: old}]}}\n"
                    "tests:\n"
                    "  - name: nothing bad\n"
                    "    push: {ref: main, commits: [{message: 'feat: x'}]}\n"
                    "    expect: accept\n"
                    "  - name: something bad\n"
                    "    push: {ref: main, commits: [{message: x}]}\n"
                    "    expect: reject\n"),
            (Lines{"nothing bad: accept", "something bad: reject unconventional-commit"}));
}

TEST_F(RunTests, TakeWhatIsGivenForPushedSinceTheGateUnlessTold) {
  EXPECT_EQ(results(kFeatures,
                    "tests:\n"
                    "  - name: since\n"
                    "    given: {main: {commits: [{message: old}]}}\n"
                    "    push: {ref: feature/x, commits: [{message: 'feat: x'}]}\n"
                    "    expect: {reject: [unconventional-commit], message: prefix}\n"
                    "  - name: before\n"
                    "    given: {main: {before-gate: true, commits: [{message: old}]}}\n"
                    "    push: {ref: feature/x, commits: [{message: 'feat: x'}]}\n"
                    "    expect: accept\n"
                    "  - name: the beginning\n"
                    "    push: {ref: feature/x, commits: [{message: 'feat: x'}]}\n"
                    "    expect: accept\n"
                    "  - name: a beginning of its own\n"
                    "    push: {ref: feature/x, commits: [{message: x, parents: []}]}\n"
                    "    expect: reject\n"),
            (Lines{"since: reject unconventional-commit", "before: accept", "the beginning: accept",
                   "a beginning of its own: reject unconventional-commit"}));
}

TEST_F(RunTests, GoOnFromTheServersCommitsOfTheFileAndOfTheCase) {
  EXPECT_EQ(results("rulesets:\n  - {name: all, refs: [main], rules: {rewound-branch: {}}}\n",
                    "given: {main: {commits: [{id: first}, {id: second}]}}\n"
                    "tests:\n"
                    "  - name: on top\n"
                    "    given: {main: {commits: [{id: third}]}}\n"
                    "    push: {ref: main, from: third, commits: [{}]}\n"
                    "    expect: accept\n"
                    "  - name: back by name\n"
                    "    push: {ref: main, from: first}\n"
                    "    expect: reject\n"
                    "  - name: back by number\n"
                    "    push: {ref: main, from: main~1}\n"
                    "    expect: reject\n"
                    "  - name: an old value that is none\n"
                    "    push: {ref: main, from: main, commits: [{}], old: first}\n"
                    "    expect: {reject: [stale-old-value]}\n"),
            (Lines{"on top: accept", "back by name: reject rewound-branch",
                   "back by number: reject rewound-branch",
                   "an old value that is none: reject stale-old-value"}));
}

TEST_F(RunTests, JudgeSeveralRefsOfOnePush) {
  EXPECT_EQ(results("on-violation: ref\n" + std::string(kMessages),
                    "tests:\n"
                    "  - name: one of two\n"
                    "    push:\n"
                    "      refs:\n"
                    "        - {ref: good, commits: [{message: 'feat: x', id: x}]}\n"
                    "        - {ref: bad, from: good, commits: [{message: x}]}\n"
                    "    expect: {reject: [unconventional-commit], lets-in: [good]}\n"
                    "  - name: the other of two\n"
                    "    push: {refs: [{ref: good}, {ref: bad, commits: [{message: x}]}]}\n"
                    "    expect: {reject: [], lets-in: [bad]}\n"),
            (Lines{"one of two: reject unconventional-commit; lets in good",
                   "the other of two: reject unconventional-commit; lets in good",
                   "  unconventional-commit is not expected to reject", "  bad is not let in",
                   "  good is let in"}));
}

TEST_F(RunTests, KnowWhoPushesAndWhen) {
  EXPECT_EQ(results("rulesets:\n"
                    "  - name: all\n"
                    "    refs: [main]\n"
                    "    rules:\n"
                    "      unauthorised-push: {create: [ada]}\n"
                    "      deleted-ref: {mode: warn, mode-until: 2026-02-01}\n",
                    "tests:\n"
                    "  - {name: ada, push: {user: ada, ref: main}, expect: accept}\n"
                    "  - {name: bo, push: {user: bo, ref: main}, expect: reject}\n"
                    "  - {name: nobody, push: {user: '', ref: main}, expect: reject}\n"
                    "  - name: still a warning\n"
                    "    given: {main: {}}\n"
                    "    push: {ref: main, delete: true}\n"
                    "    expect: {warn: [deleted-ref]}\n"
                    "  - name: no warning any more\n"
                    "    time: 2026-02-02\n"
                    "    given: {main: {}}\n"
                    "    push: {ref: main, delete: true}\n"
                    "    expect: {reject: [deleted-ref], warn: []}\n"),
            (Lines{"ada: accept", "bo: reject unauthorised-push", "nobody: reject unknown-pusher",
                   "still a warning: accept; warn deleted-ref",
                   "no warning any more: reject deleted-ref"}));
}

TEST_F(RunTests, ShowWhatAuditOnlyNotes) {
  EXPECT_EQ(
      results("mode: audit\n" + std::string(kMessages),
              "tests:\n"
              "  - name: noted\n"
              "    push: {ref: x, commits: [{message: x}]}\n"
              "    expect: {audit: [unconventional-commit]}\n"
              "  - name: unnoticed\n"
              "    push: {ref: x, commits: [{message: x}]}\n"
              "    expect: {audit: [], warn: [vague-message], reject: [unconventional-commit]}\n"),
      (Lines{"noted: accept; audit unconventional-commit",
             "unnoticed: accept; audit unconventional-commit",
             "  unconventional-commit does not reject",
             "  vague-message does not warn: it finds nothing",
             "  unconventional-commit is not expected to audit"}));
}

TEST_F(RunTests, MergeAsGitDoesAndTakeTheFilesOfAConflict) {
  const std::string given =
      "given:\n"
      "  main: {commits: [{files: {f: \"1\\n\"}}, {files: {f: \"2\\n\"}}]}\n"
      "  other: {from: main~1, commits: [{files: {f: \"3\\n\"}}]}\n"
      "tests:\n"
      "  - name: merge\n";
  const std::string policy =
      "rulesets:\n"
      "  - {name: all, refs: ['refs/heads/**'], rules: {forbidden-content: {match: "
      "['<<<<<<<']}}}\n";
  EXPECT_EQ(
      results(policy, given + "    push: {ref: main, commits: [{merge: other, files: {f: x}}]}\n"
                              "    expect: accept\n"),
      Lines{"merge: accept"});
  EXPECT_EQ(mistakes(given + "    push: {ref: main, commits: [{merge: other}]}\n"
                             "    expect: accept\n"),
            "t:6:33: error: this does not merge without help: 'files' must say what becomes of "
            "'f'\n"
            "    6 |     push: {ref: main, commits: [{merge: other}]}\n"
            "      |                                 ^\n"
            "1 mistake\n");
}

TEST_F(RunTests, ReportEveryMistakeThatShowsOnlyWhenACaseIsBuilt) {
  EXPECT_EQ(mistakes("given: {main: {commits: [{files: {a: x}}]}}\n"
                     "tests:\n"
                     "  - {name: a, push: {ref: main}, expect: accept}\n"
                     "  - {name: b, push: {ref: x, from: main~9}, expect: accept}\n"
                     "  - name: c\n"
                     "    push: {ref: x, commits: [{files: {a/b: x}}]}\n"
                     "    expect: accept\n"
                     "  - name: d\n"
                     "    push: {ref: x, commits: [{files: {c: {delete: true}}}]}\n"
                     "    expect: accept\n"),
            "t:3:27: error: the push changes nothing: the reference holds that already\n"
            "    3 |   - {name: a, push: {ref: main}, expect: accept}\n"
            "      |                           ^~~~\n"
            "t:4:36: error: 'main' has no 9 commits before it\n"
            "    4 |   - {name: b, push: {ref: x, from: main~9}, expect: accept}\n"
            "      |                                    ^~~~~~\n"
            "t:6:39: error: 'a' is a file by then; nothing can stand below it\n"
            "    6 |     push: {ref: x, commits: [{files: {a/b: x}}]}\n"
            "      |                                       ^~~\n"
            "t:9:39: error: there is no 'c' to delete\n"
            "    9 |     push: {ref: x, commits: [{files: {c: {delete: true}}}]}\n"
            "      |                                       ^\n"
            "4 mistakes\n");
}

TEST_F(RunTests, StopWhenTheTimeIsOver) {
  TestLimits limits;
  limits.seconds = -1;
  const TestRun run = this->run(kMessages,
                                "tests:\n"
                                "  - {name: a, push: {ref: x}, expect: accept}\n"
                                "  - {name: b, push: {ref: x}, expect: accept}\n",
                                limits);
  EXPECT_EQ(run.cases.size(), 0U);
  EXPECT_EQ(run.not_run, 2U);
  EXPECT_FALSE(run.passed());
}

TEST_F(RunTests, NameTheRulesThatFoundNothingAndLeaveNothingBehind) {
  const TestRun run = this->run(
      "rulesets:\n"
      "  - {name: a, refs: ['refs/heads/**'], rules: {unconventional-commit: {}, symlink: {}}}\n"
      "  - {name: b, refs: ['refs/heads/**'], rules: {vague-message: {mode: warn}}}\n",
      "tests:\n"
      "  - {name: a, push: {ref: x, commits: [{message: x}]}, expect: reject}\n"
      "  - {name: b, push: {ref: x, commits: [{message: 'feat: a small change'}]}, expect: "
      "accept}\n");
  Lines untried;
  for (const UntriedRule& rule : run.untried) {
    untried.push_back(rule.rule + " " + rule.ruleset + " " + rule.origin);
  }
  EXPECT_EQ(untried, Lines{"symlink a policy.yaml:3"});
  EXPECT_TRUE(run.passed());
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

TEST_F(RunTests, SignForUsersWithKeysOnly) {
  const std::string key =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA5oBsQ7eJNBv3rfYrNvVAw2O8HTYsX3BRWUBSBdbXyZ";
  EXPECT_EQ(results("users: {ada: {keys: ['" + key +
                        "']}, bo: {email: [bo@example.com]}}\n"
                        "rulesets:\n"
                        "  - {name: all, refs: ['refs/heads/**'], rules: {unsigned-commit: {}}}\n",
                    "tests:\n"
                    "  - {name: ada, push: {ref: x, commits: [{signed: ada}]}, expect: accept}\n"
                    "  - {name: bo, push: {ref: x, commits: [{signed: bo}]}, expect: accept}\n"),
            (Lines{"ada: accept", "bo: reject unsigned-commit", "  the push is refused"}));
}

}  // namespace
}  // namespace trunkgate
