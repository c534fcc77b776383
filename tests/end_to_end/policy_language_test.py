"""HEAD, expressions, repositories, reverts, what is one's own, hints: with real pushes."""
import unittest

from support import IDENTITY, TOOL, GateTest, git, run

HEAD = """version: 1
rulesets:
  - name: trunk
    refs: [HEAD]
    rules: {deleted-ref: {hint: 'ask in #git'}, rewound-branch: {}}
"""

EXPRESSION = """version: 1
rulesets:
  - name: releases
    refs: [{match: 'rel-[0-9]+'}, {match: 'refs/tags/v[0-9.]+'}]
    rules: {deleted-ref: {}}
"""

REPOSITORIES = """version: 1
rulesets:
  - {name: all, refs: ['**'], rules: {deleted-ref: {}}}
  - {name: others, refs: ['**'], repositories: [web, 'team/*'], rules: {unconventional-commit: {}}}
  - {name: this, refs: ['**'], repositories: ['server*'], rules: {vague-message: {}}}
"""

REVERTS = """version: 1
rulesets:
  - name: all
    refs: ['**']
    rules:
      missing-ticket: {except: {commits: [merge, revert]}}
"""

OWN = "version: 1\n" + IDENTITY + """namespaces: ['refs/wip/**']
rulesets:
  - name: all
    refs: ['refs/**']
    rules:
      unauthorised-push: {own: ['refs/tags/{me}/*', 'refs/wip/{me}/**']}
"""


class PolicyLanguage(GateTest):
    def rules(self, result):
        return [line.split()[1] for line in result.remote.splitlines() if line.strip().startswith("rule ")]

    def test_head_is_whichever_branch_the_repository_names(self):
        repo = self.repository(policy=HEAD)
        git("config", "receive.denyDeleteCurrent", "ignore", cwd=repo.path)
        self.assert_accepted(repo.push("HEAD:refs/heads/trunk"))
        before = repo.refs()
        result = repo.push(":refs/heads/main")
        self.assert_refused(repo, result, before, "the branch must not be deleted")
        self.assertIn("hint   ask in #git; an admin can remove it on the server with git", result.remote)
        git("symbolic-ref", "HEAD", "refs/heads/trunk", cwd=repo.path)
        self.assert_accepted(repo.push(":refs/heads/main"))
        before = repo.refs()
        self.assert_refused(repo, repo.push(":refs/heads/trunk"), before, "the branch must not be deleted")

    def test_a_detached_head_opens_nothing(self):
        repo = self.repository(policy=HEAD)
        git("update-ref", "--no-deref", "HEAD", repo.ref("refs/heads/main"), cwd=repo.path)
        before = repo.refs()
        result = repo.push("HEAD:refs/heads/x")
        self.assertNotEqual(0, result.code)
        self.assertIn("is for HEAD, and the repository's HEAD names no branch", " ".join(result.remote.split()))
        self.assertEqual(before, repo.refs())

    def test_an_expression_is_held_against_the_whole_name(self):
        repo = self.repository(policy=EXPRESSION)
        for ref in ("refs/heads/rel-1", "refs/heads/rel-1x", "refs/tags/v1.0", "refs/tags/v1-rc"):
            self.assert_accepted(repo.push("HEAD:" + ref))
        for ref in ("refs/heads/rel-1", "refs/tags/v1.0"):
            self.assertEqual(["deleted-ref"], self.rules(repo.push(":" + ref)), ref)
        for ref in ("refs/heads/rel-1x", "refs/tags/v1-rc"):
            self.assert_accepted(repo.push(":" + ref))

    def test_a_ruleset_is_for_some_repositories(self):
        repo = self.repository(policy=REPOSITORIES)
        repo.commit("update")
        self.assertEqual(["vague-message"], self.rules(repo.push("HEAD:refs/heads/x")))
        self.assertEqual(["deleted-ref"], self.rules(repo.push(":refs/heads/main")))

    def test_a_revert_is_one_by_what_it_does(self):
        repo = self.repository(policy=REVERTS)
        repo.commit("feat: a (ABC-1)", {"a": "1\n"})
        git("revert", "--no-edit", "HEAD", cwd=repo.work)
        self.assert_accepted(repo.push("HEAD:refs/heads/x"))
        git("revert", "--no-commit", "HEAD", cwd=repo.work)
        repo.commit("Reapply\n\nThis reverts commit " + repo.head() + ".\n", {"b": "smuggled\n"})
        self.assertEqual(["missing-ticket"], self.rules(repo.push("HEAD:refs/heads/x")))

    def test_a_users_own_refs_of_any_kind(self):
        repo = self.repository(policy=OWN)
        for ref in ("refs/tags/ada/x", "refs/wip/ada/a/b"):
            self.assert_accepted(repo.push("HEAD:" + ref, user="ada"))
            self.assertEqual(["unauthorised-push"], self.rules(repo.push(":" + ref, user="eve")), ref)
            self.assert_accepted(repo.push(":" + ref, user="ada"))

    def test_check_warns_of_a_program_that_is_not_here(self):
        repo = self.repository(policy="version: 1\n")
        repo.write_policy("version: 1\nrulesets:\n  - {name: x, refs: [main], rules: {command: {run: /none}}}\n")
        done = run([TOOL, "check", "policy.yaml"], cwd=repo.path + "/trunkgate")
        self.assertEqual(b"policy.yaml:3:52: warning: there is no program /none here that could be run\n"
                         b"    3 |   - {name: x, refs: [main], rules: {command: {run: /none}}}\n"
                         b"      |                                                    ^~~~~ without it every push is "
                         b"refused\n"
                         b"1 warning\n", done.stderr)
        self.assertTrue(done.stdout.startswith(b"policy.yaml: ok (1 active rule, sha256 "), done)


if __name__ == "__main__":
    unittest.main()
