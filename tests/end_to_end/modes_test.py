"""warn, audit and off; only and except; layers."""
import os
import unittest

from support import IDENTITY, GateTest, git

WARN = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {mode: %s}
"""


class Modes(GateTest):
    def test_warn_reaches_the_pusher_and_the_event_and_refuses_nothing(self):
        repo = self.repository(policy=WARN % "warn")
        commit = repo.commit("bad")
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assert_accepted(result)
        self.assertTrue(result.remote.startswith(
            "warning: refs/heads/feature/x: the title has no 'type: ' prefix"), result)
        warnings = repo.accepted()[0]["data"]["warnings"]
        self.assertEqual([("unconventional-commit", "warning", commit)],
                         [(w["rule"], w["severity"], w["commit"]) for w in warnings])

    def test_audit_reaches_the_event_only(self):
        repo = self.repository(policy=WARN % "audit")
        repo.commit("bad")
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        self.assertEqual(1, len(repo.accepted()[0]["data"]["warnings"]))

    def test_off_is_nowhere(self):
        repo = self.repository(policy=WARN % "off")
        repo.commit("bad")
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))
        self.assertNotIn("warnings", repo.accepted()[0]["data"])

    def test_what_was_accepted_under_warn_stays_accepted(self):
        repo = self.repository(policy=WARN % "warn")
        repo.commit("bad")
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))
        repo.write_policy(WARN % "enforce")
        repo.commit("feat: good")
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))

    def test_an_advice_is_a_warning_even_where_the_rule_is_enforced(self):
        repo = self.repository()
        repo.commit("Feat: good")
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assert_accepted(result)
        self.assertIn("warning: ", result.remote)

    def test_only_and_except_pushers(self):
        policy = "version: 1\n" + IDENTITY + """groups: {bots: [robot]}
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {except: {pushers: [bots]}}
      ill-named-branch: {only: {pushers: [ben]}, allow: ['ben/**']}
"""
        repo = self.repository(policy=policy)
        repo.commit("bad")
        self.assert_accepted(repo.push("HEAD:refs/heads/one", user="robot"))
        repo.commit("worse")
        self.assertEqual(1, repo.push("HEAD:refs/heads/two", user="ada").code)
        repo.commit("feat: fine", branch="fresh")
        repo.checkout("-B", "fresh", "HEAD~2")
        repo.commit("feat: fine")
        self.assertEqual(1, repo.push("HEAD:refs/heads/three", user="ben").code)
        self.assert_accepted(repo.push("HEAD:refs/heads/ben/three", user="ben"))

    def test_except_merge_commits_and_paths(self):
        policy = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {except: {paths: ['docs/**']}}
"""
        repo = self.repository(policy=policy)
        repo.commit("told more", {"docs/a.md": "1\n"})
        self.assert_accepted(repo.push("HEAD:refs/heads/x"))
        repo.commit("told more", {"docs/a.md": "2\n", "code.py": "1\n"})
        self.assertEqual(1, repo.push("HEAD:refs/heads/x").code)

    def test_a_policy_extends_a_file_beside_it(self):
        repo = self.repository(policy="version: 1\nextends: base.yaml\n", install=False)
        repo.write_policy(WARN % "enforce", name="base.yaml")
        repo.install()
        repo.commit("bad")
        result = repo.push("HEAD:refs/heads/x")
        self.assertEqual(1, result.code)
        self.assertIn("rule   unconventional-commit (branches, base.yaml:6)", result.remote)

    def test_git_config_names_another_policy_file(self):
        repo = self.repository()
        path = os.path.join(self.folder, "elsewhere.yaml")
        with open(path, "w") as file:
            file.write("version: 1\n")
        git("config", "trunkgate.policy", path, cwd=repo.path)
        repo.commit("bad")
        self.assert_accepted(repo.push("HEAD:refs/heads/anything"))


if __name__ == "__main__":
    unittest.main()
