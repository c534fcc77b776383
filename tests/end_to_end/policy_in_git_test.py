"""A policy that lies in Git (policy-ref), and D-002: a policy with mistakes is refused when it is pushed."""
import os
import unittest

from support import IDENTITY, GateTest, git

REF = "refs/meta/policy"
ON_DISK = IDENTITY.replace("\n", "") + """
version: 1
contact: ops@example.com
groups: {admins: [carol]}
policy-ref: {ref: refs/meta/policy, by: [admins]}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      deleted-ref: {}
"""
GOOD = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {allow: [main, 'feature/**']}
"""
BAD = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branc: {}
"""


class PolicyInGit(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=ON_DISK)
        self.work = self.server.work

    def policy(self, files, parent=None):
        """A commit that holds these files and nothing else."""
        lines = []
        for path, text in files.items():
            blob = git("hash-object", "-w", "--stdin", cwd=self.work, data=text.encode())
            lines.append(f"100644 blob {blob}\t{path}\n")
        tree = git("mktree", cwd=self.work, data="".join(lines).encode())
        parents = ["-p", parent] if parent else []
        return git("commit-tree", tree, *parents, "-m", "chore: policy", cwd=self.work)

    def give(self, files, parent=None):
        commit = self.policy(files, parent)
        self.assert_accepted(self.server.push(f"{commit}:{REF}", user="carol"))
        return commit

    def refuse(self, spec, user, *words, rule="policy-ref"):
        before = self.server.refs()
        result = self.server.push(spec, user=user)
        self.assert_refused(self.server, result, before)
        for word in words:  # wherever the lines are broken
            self.assertIn(word, " ".join(result.remote.split()), result)
        self.assertEqual(rule, self.server.rejections()[-1]["data"]["violations"][0]["rule"])
        return result

    def test_nothing_is_let_in_until_it_exists(self):
        self.server.commit("feat: x", branch="feature/x")
        result = self.refuse("feature/x", "carol", "keeps its policy in refs/meta/policy", "does not exist",
                             "git push origin HEAD:refs/meta/policy")
        self.assertIn("carol", result.remote)
        self.give({"policy.yaml": GOOD})
        self.assert_accepted(self.server.push("feature/x", user="ada"))

    def test_it_takes_effect_with_the_next_push(self):
        self.give({"policy.yaml": GOOD})
        self.server.commit("feat: x", branch="wip/x")
        self.refuse("wip/x", "ada", "wip/x", "ill-named-branch (branches, refs/meta/policy:policy.yaml:6)",
                    rule="ill-named-branch")
        wider = self.policy({"policy.yaml": GOOD.replace("'feature/**'", "'feature/**', 'wip/**'")},
                            self.server.ref(REF))
        # Not even the rest of the push that brings it.
        self.refuse("wip/x", "ada", "wip/x", rule="ill-named-branch")
        before = self.server.refs()
        result = self.server.push(f"{wider}:{REF}", "wip/x", user="carol")
        self.assert_refused(self.server, result, before, "wip/x")
        self.assert_accepted(self.server.push(f"{wider}:{REF}", user="carol"))
        self.assert_accepted(self.server.push("wip/x", user="ada"))

    def test_every_decision_carries_the_digest_of_all_of_it(self):
        first = self.give({"policy.yaml": GOOD})
        self.assert_accepted(self.server.push(f"{self.server.head()}:refs/heads/feature/a", user="ada"))
        self.give({"policy.yaml": GOOD + "# changed\n"}, first)
        self.assert_accepted(self.server.push(f"{self.server.head()}:refs/heads/feature/b", user="ada"))
        digests = [e["data"]["policy"]["sha256"] for e in self.server.events()
                   if e["type"] == "dev.trunkgate.push.accepted.v1"]
        self.assertEqual(4, len(digests))
        # One for the push that brought it, and a new one for each change.
        self.assertEqual(3, len(set(digests)), digests)
        self.assertEqual(digests[1], digests[2])

    def test_only_its_writers_push_it(self):
        commit = self.policy({"policy.yaml": GOOD})
        self.refuse(f"{commit}:{REF}", "ada", "'ada' may not change the policy", "ask one of: carol")
        self.give({"policy.yaml": GOOD})
        self.refuse(f":{REF}", "ada", "'ada' may not change the policy")
        self.refuse(f"{commit}:refs/meta/other", "carol", "belongs to the gate", rule="reserved-namespace")

    def test_its_own_layer_names_no_writers(self):
        self.refuse(f"{self.policy({'policy.yaml': GOOD + 'groups: {admins: [ada]}' + chr(10)})}:{REF}", "carol",
                    "the group 'admins' is defined in a layer above already")
        again = GOOD + "policy-ref: {ref: refs/meta/policy, by: [ada]}\n"
        self.refuse(f"{self.policy({'policy.yaml': again})}:{REF}", "carol",
                    "'policy-ref' is set in a layer above already")

    def test_it_neither_goes_nor_forgets_its_history(self):
        first = self.give({"policy.yaml": GOOD})
        self.give({"policy.yaml": GOOD + "# 2\n"}, first)
        self.refuse(f":{REF}", "carol", "the policy cannot be deleted")
        self.refuse(f"+{first}:{REF}", "carol", "the history of the policy cannot be rewritten")

    def test_D_002_a_policy_with_mistakes_is_refused_and_the_old_one_stays(self):
        first = self.give({"policy.yaml": GOOD})
        result = self.refuse(f"{self.policy({'policy.yaml': BAD}, first)}:{REF}", "carol",
                             "the policy in it has 1 mistake",
                             "refs/meta/policy:policy.yaml:6:7: error: unknown rule 'ill-named-branc'",
                             "did you mean 'ill-named-branch'?")
        self.assertIn("^~~~", result.remote)
        self.refuse(f"{self.policy({'policy.yaml': 'version: [1' + chr(10)}, first)}:{REF}", "carol", "mistake")
        self.server.commit("feat: x", branch="wip/x")
        self.refuse("wip/x", "ada", "ill-named-branch", rule="ill-named-branch")

    def test_D_002_a_policy_that_clashes_with_the_layer_above_is_refused(self):
        self.server.write_policy(ON_DISK + "lock: [trunk]\n")
        self.give({"policy.yaml": GOOD})
        loose = GOOD.replace("branches", "trunk") + "    mode: off\n"
        self.refuse(f"{self.policy({'policy.yaml': loose}, self.server.ref(REF))}:{REF}", "carol",
                    "the ruleset 'trunk' is locked by a layer above")

    def test_what_is_no_policy_is_refused(self):
        blob = git("hash-object", "-w", "--stdin", cwd=self.work, data=GOOD.encode())
        self.refuse(f"{blob}:{REF}", "carol", "holds commits, and this is a blob", rule="not-a-commit")
        self.refuse(f"{self.policy({'README': GOOD})}:{REF}", "carol",
                    "refs/meta/policy:policy.yaml cannot be read: it is not there")

    def test_files_beside_it_are_read_from_the_same_commit(self):
        first = self.give({"policy.yaml": "version: 1\nextends: [more.yaml]\n", "more.yaml": GOOD})
        self.server.commit("feat: x", branch="wip/x")
        self.refuse("wip/x", "ada", "ill-named-branch (branches, more.yaml:6)", rule="ill-named-branch")
        banned = GOOD.replace("rules:", "rules:\n      banned-commit: {file: banned}")
        head = self.server.head()
        self.give({"policy.yaml": banned, "banned": head + "\n"}, first)
        self.refuse(f"{head}:refs/heads/feature/x", "ada", "banned-commit", rule="banned-commit")

    def test_it_reaches_nothing_else_on_the_server(self):
        for text, words in {
            "version: 1\nextends: [/etc/passwd]\n": "a policy in Git can extend only what lies beside it",
            GOOD.replace("rules:", "rules:\n      banned-commit: {file: /etc/passwd}"):
                "a policy in Git can name only what lies beside it",
            GOOD.replace("rules:", "rules:\n      command: {run: [/bin/true]}"):
                "a policy in Git cannot run programs on the server",
            "version: 1\nevents: {sinks: [{name: x, file: /tmp/x}]}\n": "only in a policy on the server's disk",
        }.items():
            with self.subTest(words):
                result = self.refuse(f"{self.policy({'policy.yaml': text})}:{REF}", "carol", "1 mistake")
                self.assertIn(words, " ".join(result.remote.replace("remote:", "").split()))
                self.assertNotIn("root:", result.remote)

    def test_a_policy_spoilt_on_the_server_leaves_the_last_good_one_in_force(self):
        first = self.give({"policy.yaml": GOOD})
        self.server.commit("feat: x", branch="wip/x")
        self.refuse("wip/x", "ada", "ill-named-branch", rule="ill-named-branch")
        bad = self.policy({"policy.yaml": BAD}, first)
        git("fetch", "-q", self.work, bad, cwd=self.server.path)
        git("update-ref", REF, bad, cwd=self.server.path)
        self.refuse("wip/x", "ada", "the last good one stays in force", "ops@example.com", rule="ill-named-branch")
        # Its mistakes are mended by a push.
        self.give({"policy.yaml": GOOD.replace("'feature/**'", "'wip/**'")}, bad)
        self.assert_accepted(self.server.push("wip/x", user="ada"))

    def test_removed_on_the_server_it_refuses_everything(self):
        self.give({"policy.yaml": GOOD})
        git("update-ref", "-d", REF, cwd=self.server.path)
        self.refuse(f"{self.server.head()}:refs/heads/feature/x", "ada", "does not exist")

    def test_the_state_keeps_a_copy_with_all_layers(self):
        self.give({"policy.yaml": GOOD})
        self.assert_accepted(self.server.push(f"{self.server.head()}:refs/heads/feature/x", user="ada"))
        with open(os.path.join(self.server.path, "trunkgate/state/last-good-policy.json")) as file:
            digest = file.readline().strip()
        accepted = [e for e in self.server.events() if e["type"] == "dev.trunkgate.push.accepted.v1"]
        self.assertEqual(digest, accepted[-1]["data"]["policy"]["sha256"])


if __name__ == "__main__":
    unittest.main()
