"""trunkgate test: what it prints and how it ends."""
import json
import os
import unittest

from support import TOOL, GateTest, run

POLICY = """version: 1
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {from: ['feature/**']}
      deleted-ref: {}
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {allow: [main, 'feature/**']}
      unconventional-commit: {mode: warn}
"""
TESTS = """given:
  main: {commits: [{message: 'docs: readme', files: {README: "hello\\n"}}]}
  feature/x: {from: main, commits: [{message: 'feat: x', files: {x.py: "x = 1\\n"}}]}
tests:
  - name: a poor message gets a warning
    push: {user: alice, ref: feature/x, commits: [{message: Update}]}
    expect: {warn: [unconventional-commit]}
  - name: nobody pushes to main
    push: {user: bob, ref: main, commits: [{message: 'fix: y', files: {a.txt: x}}]}
    expect: {reject: [direct-push], message: no direct push to 'main'}
  - name: branches have a kind
    push: {ref: x, commits: [{message: 'feat: x'}]}
    expect: {reject: [ill-named-branch]}
"""


class TestCommand(GateTest):
    def setUp(self):
        super().setUp()
        self.write("policy.yaml", POLICY)
        self.write("policy.test.yaml", TESTS)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def run_tests(self, *arguments, code=0):
        """Standard output and standard error."""
        scratch = os.path.join(self.folder, "scratch")
        os.makedirs(scratch, exist_ok=True)
        done = run([TOOL, "test", *arguments], cwd=self.folder, env={"TMPDIR": scratch}, check=False)
        out, err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(code, done.returncode, out + err)
        self.assertEqual([], os.listdir(scratch))
        return out, err

    def test_every_case_passes(self):
        out, err = self.run_tests()
        self.assertEqual("PASS a poor message gets a warning\n"
                         "PASS nobody pushes to main\n"
                         "PASS branches have a kind\n"
                         "3 cases: 3 passed, 0 failed\n", out)
        self.assertEqual("", err)
        self.assertEqual((out, ""), self.run_tests("policy.test.yaml"))
        self.assertEqual((out, ""), self.run_tests("--policy", "policy.yaml"))
        self.assertEqual((out, ""), self.run_tests("--policy", "policy.yaml", "policy.test.yaml"))

    def test_a_policy_that_lost_a_rule_fails(self):
        self.write("policy.yaml", POLICY.replace("direct-push: {from: ['feature/**']}", "merge-commit: {}")
                   .replace("mode: warn", ""))
        out, err = self.run_tests("--coverage", code=1)
        self.assertEqual("""FAIL a poor message gets a warning (policy.test.yaml:5)
     expected: accept; warn unconventional-commit
     got:      reject unconventional-commit
     - unconventional-commit is not expected to reject
     - unconventional-commit does not warn
     findings:
       reject unconventional-commit (branches, policy.yaml:12) feature/x "Update": the title has no 'type: ' prefix; write it as in 'feat: add a login page'
FAIL nobody pushes to main (policy.test.yaml:8)
     expected: reject direct-push; message "no direct push to 'main'"
     got:      accept
     - direct-push does not reject: it finds nothing
     - no finding says "no direct push to 'main'"
PASS branches have a kind
UNTRIED merge-commit (trunk, policy.yaml:6)
UNTRIED deleted-ref (trunk, policy.yaml:7)
3 cases: 1 passed, 2 failed
""", out)
        self.assertEqual("", err)

    def test_json_is_one_document(self):
        self.write("policy.yaml", POLICY.replace("ill-named-branch", "symlink").replace(
            "{allow: [main, 'feature/**']}", "{}"))
        out, _ = self.run_tests("--format", "json", "--coverage", code=1)
        document = json.loads(out)
        self.assertEqual((2, 1, 0), (document["passed"], document["failed"], document["not_run"]))
        self.assertEqual([{"policy": "policy.yaml", "rule": "deleted-ref", "ruleset": "trunk",
                           "origin": "policy.yaml:7"},
                          {"policy": "policy.yaml", "rule": "symlink", "ruleset": "branches",
                           "origin": "policy.yaml:11"}], document["untried"])
        self.assertEqual({
            "file": "policy.test.yaml", "policy": "policy.yaml", "cases": [
                {"name": "a poor message gets a warning", "line": 5, "passed": True,
                 "expected": "accept; warn unconventional-commit",
                 "got": "accept; warn unconventional-commit",
                 "findings": [{"rule": "unconventional-commit", "ruleset": "branches",
                               "origin": "policy.yaml:12", "severity": "warning",
                               "ref": "refs/heads/feature/x",
                               "title": "Update", "line": 1,
                               "message": "the title has no 'type: ' prefix; write it as in "
                                          "'feat: add a login page'"}]},
                {"name": "nobody pushes to main", "line": 8, "passed": True,
                 "expected": "reject direct-push; message \"no direct push to 'main'\"",
                 "got": "reject direct-push",
                 "findings": [{"rule": "direct-push", "ruleset": "trunk", "origin": "policy.yaml:6",
                               "severity": "error", "ref": "refs/heads/main",
                               "message": "no direct push to 'main'"}]},
                {"name": "branches have a kind", "line": 11, "passed": False,
                 "expected": "reject ill-named-branch", "got": "accept",
                 "differences": ["ill-named-branch does not reject: it finds nothing"],
                 "findings": []}]}, document["files"][0])

    def test_what_cannot_be_run_ends_with_2(self):
        self.write("policy.test.yaml", TESTS.replace("expect: {warn", "expct: {warn"))
        out, err = self.run_tests(code=2)
        self.assertEqual("", out)
        self.assertEqual("""policy.test.yaml:5:5: error: a case needs an 'expect', such as 'expect: accept'
    5 |   - name: a poor message gets a warning
      |     ^
policy.test.yaml:7:5: error: unknown key 'expct' in a case
    7 |     expct: {warn: [unconventional-commit]}
      |     ^~~~~ did you mean 'expect'?
2 mistakes
""", err)
        self.write("policy.yaml", POLICY.replace("deleted-ref", "deletd-ref"))
        _, err = self.run_tests(code=2)
        self.assertEqual("""policy.yaml:7:7: error: unknown rule 'deletd-ref'
    7 |       deletd-ref: {}
      |       ^~~~~~~~~~ did you mean 'deleted-ref'?
1 mistake
""", err)
        self.assertEqual("error: cannot read other.test.yaml: it is missing\n",
                         self.run_tests("--policy", "other.yaml", "other.test.yaml", code=2)[1]
                         .replace("the policy other.yaml is missing", "cannot read other.test.yaml: it is missing"))
        self.assertEqual("error: x.yaml does not say by its name which policy it tests\n"
                         "hint: call it NAME.test.yaml beside NAME.yaml, or name the policy with --policy\n",
                         self.run_tests("x.yaml", code=2)[1])

    def test_a_preset_is_tested_like_a_policy(self):
        self.write("mine.test.yaml", "tests:\n  - name: messages\n"
                   "    push: {ref: main, commits: [{message: update}]}\n    expect: reject\n")
        out, _ = self.run_tests("--policy", "preset:conventional-commits", "mine.test.yaml", "--coverage")
        self.assertEqual("PASS messages\nevery rule of preset:conventional-commits is tried\n"
                         "1 case: 1 passed, 0 failed\n", out)


if __name__ == "__main__":
    unittest.main()
