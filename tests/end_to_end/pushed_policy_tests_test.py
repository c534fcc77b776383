"""A push of a policy runs the tests that come with it (policy-ref), and is refused when one fails."""
import os
import re
import unittest

from policy_tests_test import POLICY, TESTS
from support import IDENTITY, GateTest, git

REF = "refs/meta/policy"
ON_DISK = IDENTITY.replace("\n", "") + """
version: 1
groups: {admins: [carol]}
policy-ref: {ref: refs/meta/policy, by: [admins]}
"""


class PushedTests(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=ON_DISK)

    def push(self, **files):
        """Pushes a policy with these files; the answer without what differs from run to run."""
        work = self.server.work
        lines = []
        for name, text in files.items():
            blob = git("hash-object", "-w", "--stdin", cwd=work, data=text.encode())
            lines.append(f"100644 blob {blob}\t{name.replace('_', '.')}\n")
        tree = git("mktree", cwd=work, data="".join(lines).encode())
        parent = self.server.ref(REF)
        commit = git("commit-tree", tree, *(["-p", parent] if parent else []), "-m", "chore: policy", cwd=work)
        result = self.server.push(f"{commit}:{REF}", user="carol")
        self.assertEqual(result.code == 0, self.server.ref(REF) == commit)
        scratch = os.path.join(self.server.path, "trunkgate", "tmp")
        self.assertEqual([], [name for name in os.listdir(scratch) if name.startswith("policy-test")])
        text = re.sub(r"push id \w+", "push id ID", result.remote)
        return result.code, text.replace(commit[:8], "COMMIT")

    def test_a_policy_that_passes_its_tests_is_taken(self):
        self.assertEqual((0, ""), self.push(policy_yaml=POLICY, policy_test_yaml=TESTS))

    def test_a_policy_without_tests_is_taken(self):
        self.assertEqual((0, ""), self.push(policy_yaml=POLICY))

    def test_a_policy_that_fails_a_test_is_refused(self):
        self.push(policy_yaml=POLICY, policy_test_yaml=TESTS)
        loose = POLICY.replace("      direct-push: {from: ['feature/**']}\n", "")
        code, text = self.push(policy_yaml=loose, policy_test_yaml=TESTS)
        self.assertNotEqual(0, code)
        self.assertEqual("""error: REJECTED refs/meta/policy: 1 of 3 tests of the policy fails: 'nobody pushes to main'

  COMMIT "chore: policy"
    1 of 3 tests of the policy fails: 'nobody pushes to main'
    policy.test.yaml:8: nobody pushes to main
    expected: reject direct-push; message "no direct push to 'main'"
    got: accept
    - direct-push does not reject: it finds nothing
    - no finding says "no direct push to 'main'"
    hint   the policy that is in force stays; 'trunkgate test' runs the
           cases before a push
    rule   policy-ref

hint: nothing on the server was changed; push id ID""", text)

    def test_tests_with_mistakes_are_refused(self):
        code, text = self.push(policy_yaml=POLICY, policy_test_yaml="tests:\n  - {nme: x}\n")
        self.assertNotEqual(0, code)
        self.assertIn("the tests of the policy, policy.test.yaml, have 4 mistakes", text)
        self.assertIn("policy.test.yaml:2:6: error: unknown key 'nme' in a case", text)
        self.assertIn("|      ^~~ did you mean 'name'?", text)

    def test_tests_are_bounded(self):
        many = "tests:\n" + "".join(f"  - {{name: c{i}, push: {{ref: x}}, expect: reject}}\n" for i in range(301))
        code, text = self.push(policy_yaml=POLICY, policy_test_yaml=many)
        self.assertNotEqual(0, code)
        self.assertIn("policy.test.yaml:302:5: error: the tests are too large: here are more than 300 cases",
                      " ".join(text.split()))

    def test_the_machines_own_layer_takes_part(self):
        self.server.write_policy(ON_DISK + "rulesets: [{name: x, refs: ['**'], rules: {frozen-ref: {text: closed}}}]\n")
        code, text = self.push(policy_yaml=POLICY, policy_test_yaml=TESTS)
        self.assertNotEqual(0, code)
        self.assertIn("3 of 3 tests of the policy fail: 'a poor message gets a warning'", text)
        self.assertIn("frozen-ref is not expected to reject", text)


if __name__ == "__main__":
    unittest.main()
