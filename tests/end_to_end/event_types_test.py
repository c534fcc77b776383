"""Events about policies, tags and files, as real pushes make them."""
import unittest

from support import IDENTITY, GateTest, git

POLICY = IDENTITY.replace("\n", "") + """
version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      deleted-ref: {}
events:
  received: true
"""
REF = "refs/meta/policy"


class EventTypes(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)

    def push(self, *specs, user="ada"):
        self.assert_accepted(self.server.push(*specs, user=user))

    def told(self, name):
        return [e for e in self.server.events() if e["type"] == f"dev.trunkgate.{name}.v1"]

    def test_a_policy_that_was_edited_is_told_with_its_rules(self):
        self.server.commit("feat: x", branch="feature/x")
        self.push("feature/x")
        self.assertEqual([], self.told("policy.changed"))
        self.server.write_policy(POLICY.replace("deleted-ref: {}", "deleted-ref: {mode: warn}"))
        self.server.commit("feat: y", branch="feature/x")
        self.push("feature/x")
        [event] = self.told("policy.changed")
        data = event["data"]
        self.assertEqual("admin", data["cause"])
        self.assertEqual([{"change": "changed", "ruleset": "branches", "rule": "deleted-ref", "mode": "warn",
                           "refs": "refs/heads/**", "previous_mode": "enforce", "previous_refs": "refs/heads/**"}],
                         data["diff"])
        pushes = self.told("push.accepted")
        self.assertEqual([pushes[0]["data"]["policy"], pushes[1]["data"]["policy"]],
                         [data["previous_policy"], data["policy"]])

    def test_a_push_to_the_policy_ref_is_told_at_once(self):
        self.server.write_policy(POLICY + "groups: {admins: [carol]}\n"
                                          "policy-ref: {ref: refs/meta/policy, by: [admins]}\n")
        work = self.server.work
        commits = []
        for mode in ("enforce", "audit"):
            text = ("version: 1\nrulesets:\n  - name: git\n    refs: [main]\n    rules:\n"
                    "      deleted-ref: {mode: %s}\n" % mode)
            blob = git("hash-object", "-w", "--stdin", cwd=work, data=text.encode())
            tree = git("mktree", cwd=work, data=f"100644 blob {blob}\tpolicy.yaml\n".encode())
            parents = ["-p", commits[-1]] if commits else []
            commits.append(git("commit-tree", tree, *parents, "-m", "chore: policy", cwd=work))
            self.push(f"{commits[-1]}:{REF}", user="carol")
            event = self.told("policy.changed")[-1]
            self.assertEqual((commits[-1], REF, "carol", "push"),
                             (event["data"]["policy"]["commit"], event["data"]["policy"]["source"],
                              event["data"]["actor"]["id"], event["data"]["cause"]))
        self.assertEqual(["deleted-ref"], [rule["rule"] for rule in event["data"]["diff"]])
        # The next push is judged by what was told, so there is nothing more to tell.
        self.server.commit("feat: x", branch="feature/x")
        self.push("feature/x", user="ada")
        self.assertEqual(2, len(self.told("policy.changed")))
        self.assertEqual(event["data"]["policy"]["sha256"], self.told("push.accepted")[-1]["data"]["policy"]["sha256"])

    def test_a_push_is_received_before_anything_else_is_told_of_it(self):
        self.server.commit("feat: x", branch="feature/x")
        self.push("feature/x")
        self.server.push(":feature/x", user="ada")
        self.assertEqual(["push.received", "push.accepted", "ref.created", "push.received", "push.rejected"],
                         [event["type"][14:-3] for event in self.server.events()])

    def test_files_of_a_push_are_those_that_git_says(self):
        self.server.commit("feat: a", {"a": "1", "src/b": "1", "old": "1"}, branch="main")
        self.push("main")
        before = self.server.ref("refs/heads/main")
        git("rm", "-q", "old", cwd=self.server.work)
        self.server.commit("feat: b", {"a": "2", "src/new/c": "1"})
        self.push("main")
        data = self.told("ref.updated")[-1]["data"]
        lines = git("diff", "--name-status", "--no-renames", before, "main", cwd=self.server.work).splitlines()
        named = {word: [line[2:] for line in lines if line[0] == letter]
                 for word, letter in (("added", "A"), ("modified", "M"), ("removed", "D"))}
        self.assertEqual({**named, "total": 3}, data["files"])
        self.assertEqual(named, {word: data["commits"][0][word] for word in named})


if __name__ == "__main__":
    unittest.main()
