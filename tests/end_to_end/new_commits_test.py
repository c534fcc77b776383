"""Which commits are judged: everything new to a rule, and never what was there before it."""
import os
import unittest

from support import GateTest, git

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {%s}
"""
TAGS = """  - name: releases
    refs: ['refs/tags/v*']
    rules:
      unconventional-commit: {}
"""


class NewCommits(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY % "", install=False)
        self.old = [self.server.commit(f"old and bad {n}", {"old": str(n)}) for n in range(3)]
        git("push", "-q", self.server.path, "HEAD:refs/heads/main", cwd=self.server.work)

    def refused_titles(self, *specs):
        before = self.server.refs()
        result = self.server.push(*specs)
        self.assert_refused(self.server, result, before, "unconventional-commit")
        return result.remote

    def test_history_older_than_the_installation_is_not_judged(self):
        self.server.install()
        self.server.commit("feat: go on", {"new": "x"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        self.assert_accepted(self.server.push(f"{self.old[1]}:refs/heads/old"))

    def test_a_new_branch_on_old_history_is_judged_for_its_own_commits_only(self):
        self.server.install()
        git("checkout", "-q", self.old[0], cwd=self.server.work)
        self.server.commit("feat: start early", {"new": "x"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.server.commit("a new bad one", {"new": "y"})
        text = self.refused_titles("HEAD:refs/heads/feature/y")
        self.assertIn("a new bad one", text)
        self.assertNotIn("old and bad", text)

    def test_a_branch_deleted_since_the_installation_may_come_back(self):
        git("push", "-q", self.server.path, f"{self.old[2]}:refs/heads/gone", cwd=self.server.work)
        bad = self.server.commit("older work", {"gone": "x"})
        git("push", "-q", self.server.path, f"{bad}:refs/heads/gone", cwd=self.server.work)
        self.server.install()
        # The first push after the installation, should that not have recorded what is old.
        self.assert_accepted(self.server.push(f"{self.old[2]}:refs/heads/first"))
        self.assert_accepted(self.server.push(":refs/heads/gone"))
        self.assert_accepted(self.server.push(f"{bad}:refs/heads/gone"))

    def test_the_first_tag_under_a_new_ruleset_is_not_judged_for_old_commits(self):
        self.server.install()
        self.server.commit("feat: go on", {"new": "x"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        self.server.write_policy(POLICY % "" + TAGS)
        git("tag", "-m", "one", "v1", cwd=self.server.work)
        self.assert_accepted(self.server.push("refs/tags/v1"))
        git("tag", "v0", self.old[1], cwd=self.server.work)
        self.assert_accepted(self.server.push("refs/tags/v0"))

    def test_the_first_branch_of_a_new_ruleset_is_not_judged_for_old_commits(self):
        only_release = POLICY.replace("refs/heads/**", "refs/heads/release/**") % ""
        self.server.write_policy(only_release)
        self.server.install()
        self.assert_accepted(self.server.push(f"{self.old[2]}:refs/heads/release/1"))
        self.server.commit("a new bad one", {"new": "x"})
        self.refused_titles("HEAD:refs/heads/release/1")

    def test_what_was_accepted_as_a_warning_stays_accepted(self):
        self.server.write_policy(POLICY % "mode: warn")
        self.server.install()
        self.server.commit("bad but warned", {"new": "x"})
        result = self.server.push("HEAD:refs/heads/main")
        self.assert_accepted(result)
        self.assertIn("warning: ", result.remote)
        self.server.write_policy(POLICY % "mode: enforce")
        self.server.commit("feat: now for real", {"new": "y"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))

    def test_a_stale_clone_pushes_on_an_old_commit(self):
        self.server.install()
        stale = os.path.join(self.folder, "stale")
        git("clone", "-q", self.server.path, stale, cwd=self.folder)
        for number in range(5):
            self.server.commit(f"feat: step {number}", {"new": str(number)})
            self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        git("commit", "-q", "--allow-empty", "-m", "fix: from long ago", cwd=stale)
        self.server.work = stale
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))

    def test_clocks_that_are_off_do_not_hide_a_bad_commit(self):
        self.server.install()
        self.server.commit("from the past", {"new": "a"}, date="@1")
        self.server.commit("feat: from the future", {"new": "b"}, date=4000000000)
        self.assertIn("from the past", self.refused_titles("HEAD:refs/heads/main"))

    def test_merging_old_history_in_judges_only_what_is_new(self):
        self.server.install()
        git("checkout", "-q", "-b", "side", self.old[0], cwd=self.server.work)
        self.server.commit("feat: on the side", {"side": "x"})
        self.server.merge("main", "chore: bring main in")
        self.assert_accepted(self.server.push("HEAD:refs/heads/side"))


if __name__ == "__main__":
    unittest.main()
