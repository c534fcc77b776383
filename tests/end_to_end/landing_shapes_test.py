"""Histories of all shapes that people push to main: octopuses, crossings, foxtrots, merges of merges."""
import unittest

from landing import LandingTest
from support import git


class LandingShapes(LandingTest):
    def test_an_octopus_lands_one_branch_at_a_time(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.branch("feature/y", {"y": "1"})
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        git("merge", "-q", "--no-ff", "-m", "Merge both", "feature/x", "feature/y",
            cwd=self.server.work)
        octopus = self.server.head()
        self.refuse("a merge of 3 parents cannot land; land one branch at a time", octopus[:8])
        self.merge("feature/x", "feature/y")
        self.land()

    def test_an_octopus_on_a_branch_lands_with_it(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.branch("feature/y", {"y": "1"})
        self.branch("feature/all", {"z": "1"}, push=False)
        git("merge", "-q", "--no-ff", "-m", "chore: merge both", "feature/x", "feature/y",
            cwd=self.server.work)
        self.assert_accepted(self.server.push("feature/all"))
        self.merge("feature/all")
        self.land()

    def test_histories_that_cross_land_by_merge(self):
        self.begin()
        text = "".join(f"line {n}\n" for n in range(30))
        self.branch("feature/base", {"shared": text})
        self.land()
        # main takes in the branch, and the branch takes in main as it was before that: two bases.
        self.branch("feature/x", {"shared": text + "x\n"})
        before = self.server.ref("refs/heads/main")
        self.branch("feature/y", {"shared": "y\n" + text})
        self.merge("feature/y")
        self.land()
        self.server.checkout("feature/x")
        self.server.merge("feature/y", "Merge branch 'feature/y' into feature/x")
        self.server.commit("feat: on top", {"shared": "top\ny\n" + text + "x\n"})
        self.assert_accepted(self.server.push("feature/x"))
        self.assertNotEqual(before, self.server.ref("refs/heads/main"))
        self.merge("feature/x")
        bases = git("merge-base", "--all", "HEAD^1", "HEAD^2", cwd=self.server.work)
        self.assertEqual(1, len(bases.split()))
        self.land()
        # Crossed for good: each side merges what the other one was.
        main, tip = self.server.ref("refs/heads/main"), self.server.head("feature/x")
        self.branch("feature/z", {"z": "1"}, push=False)
        self.server.checkout("-B", "feature/z", tip)
        left = self.server.commit("feat: left", {"left": "1"})
        self.assert_accepted(self.server.push("feature/z"))
        self.merge("feature/z")
        self.land()
        merged = self.server.head()
        self.server.checkout("feature/z")
        self.server.merge(main, "Merge main")
        self.server.commit("feat: more", {"left": "2"})
        self.assert_accepted(self.server.push("feature/z"))
        self.server.checkout("-B", "main", merged)
        self.server.merge("feature/z")
        bases = git("merge-base", "--all", "HEAD^1", "HEAD^2", cwd=self.server.work).split()
        self.assertEqual({main, left}, set(bases))
        self.land()

    def test_a_foxtrot_is_refused_and_told_how_to_turn_round(self):
        self.begin()
        self.branch("feature/y", {"y": "1"})
        self.branch("feature/x", {"x": "1"})
        self.merge("feature/y")
        self.land()
        # What `git pull` does when main has moved on.
        self.server.checkout("feature/x")
        self.server.merge("main", "Merge branch 'main'")
        foxtrot = self.server.head()
        self.refuse("'main' would become the second parent of a merge",
                    "not the other way round", f"git merge --no-ff {foxtrot[:8]}")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.refuse("'main' would become the second parent of a merge")
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        self.server.merge(foxtrot)
        self.land()

    def test_an_evil_merge_has_an_id_of_its_own(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.merge("feature/x")
        self.server.commit("chore: slip in", {"evil": "1"})
        tree = self.server.head("HEAD^{tree}")
        evil = git("commit-tree", tree, "-p", "HEAD~2", "-p", "feature/x", "-m", "Merge",
                   cwd=self.server.work)
        self.server.checkout(evil)
        self.refuse("the merge holds changes that are on neither side", "evil",
                    "rule   direct-push.evil-merge (trunk")
        self.assert_only_rejected_last("direct-push.evil-merge")

    def assert_only_rejected_last(self, rule):
        event = self.server.rejections()[-1]
        self.assertEqual({rule}, {v["rule"] for v in event["data"]["violations"]}, event)

    def test_a_settled_conflict_has_the_same_id(self):
        self.begin()
        self.branch("feature/x", {"README": "theirs\n"})
        self.branch("feature/y", {"README": "ours\n"})
        self.land()
        self.server.checkout("-B", "main", "feature/y")
        git("merge", "-q", "--no-ff", "-X", "ours", "feature/x", cwd=self.server.work)
        self.refuse("settles a conflict", "rule   direct-push.evil-merge (trunk")
        self.assert_only_rejected_last("direct-push.evil-merge")

    def test_a_history_from_elsewhere_does_not_land(self):
        self.begin()
        self.server.checkout("--orphan", "feature/elsewhere")
        git("rm", "-q", "-r", "--cached", ".", cwd=self.server.work)
        self.server.commit("feat: elsewhere", {"elsewhere": "1"})
        self.assert_accepted(self.server.push("feature/elsewhere"))
        git("checkout", "-q", "-f", "-B", "main", self.server.ref("refs/heads/main"),
            cwd=self.server.work)
        git("merge", "-q", "--no-ff", "--allow-unrelated-histories", "feature/elsewhere",
            cwd=self.server.work)
        self.refuse("a history that has nothing in common with 'main'")


if __name__ == "__main__":
    unittest.main()
