"""Examples of the policy's author: tried when the policy is loaded, shown to whoever is refused."""
import unittest

from support import GateTest

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {match: 'exp/[0-9]{8}-.+', valid: [exp/20260131-moe], invalid: [exp/moe]}
      vague-message: {valid: ['fix: close the file when a read fails']}
"""


class Examples(GateTest):
    def test_the_pusher_sees_what_would_be_right_once(self):
        server = self.repository(policy=POLICY)
        before = server.refs()
        server.commit("update", {"a": "1"})
        commit = server.commit("wip", {"a": "2"})
        result = server.push(f"{commit}:refs/heads/exp/moe")
        self.assert_refused(server, result, before, "for example: exp/20260131-moe")
        self.assertEqual(1, result.remote.count("for example: fix: close the file when a read fails"), result)

    def test_a_policy_whose_examples_fail_is_not_taken(self):
        server = self.repository(policy=POLICY)
        server.write_policy(POLICY.replace("invalid: [exp/moe]", "invalid: [exp/20260201-x]"))
        result = server.push(f"{server.head()}:refs/heads/exp/moe")
        text = " ".join(result.remote.replace("warning:", "").split())
        self.assertIn("the last good one stays in force", text)
        self.assertIn("the rule accepts the example 'exp/20260201-x' of 'invalid'", text)


if __name__ == "__main__":
    unittest.main()
