"""Commits that come another way, merges that hold more than their parents, sources that are gone."""
import unittest

from scenario import ScenarioTest
from support import git


class Laundering(ScenarioTest):
    def test_a_commit_that_went_through_other_refs_is_judged_all_the_same(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.accepted("ada", f"{commit}:refs/heads/hotfix/x")
        self.accepted("ada", f"{commit}:refs/tags/v1")
        self.not_landed("missing-approval", "missing-check", spec=f"{commit}:refs/heads/main")

    def test_an_evil_merge_is_refused_with_its_paths(self):
        """B-015, B-018: the approval of the branch is none of what the merge slips in."""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        git("merge", "-q", "--no-ff", "--no-commit", "feature/x", cwd=self.server.work)
        self.server.commit("Merge branch 'feature/x'", {"evil": "1"})
        self.not_landed("the merge holds changes that are on neither side", "evil", "have it approved")
        evil = self.server.head()
        # Somebody who has seen the merge itself can let it in.
        self.accepted("ada", f"{evil}:refs/heads/feature/merge")
        self.not_landed("feature/merge needs 1 approval by reviewers and has none")
        self.all_evidence(evil, reviewer="cora")
        self.land()

    def test_a_settled_conflict_lands_when_the_merge_is_approved(self):
        first = self.work("ada", "feature/a", {"README": "a\n"})
        second = self.work("dora", "feature/b", {"README": "b\n"})
        self.all_evidence(first)
        self.all_evidence(second)
        self.merge("feature/a")
        self.land()
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        git("merge", "-q", "--no-ff", "-X", "theirs", "feature/b", cwd=self.server.work)
        self.not_landed("the merge settles a conflict", "README")
        self.accepted("dora", "main:refs/heads/feature/settled")
        self.all_evidence(self.server.head(), reviewer="ben")
        self.land(user="dora")

    def test_an_octopus_lands_when_it_is_approved_as_it_is(self):
        """B-016"""
        for name in ("a", "b"):
            self.all_evidence(self.work("ada", f"feature/{name}", {name: "1"}))
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        git("merge", "-q", "--no-ff", "feature/a", "feature/b", cwd=self.server.work)
        self.not_landed("a merge of 3 parents cannot land")
        self.accepted("ada", "main:refs/heads/feature/octopus")
        self.all_evidence(self.server.head())
        self.land()

    def test_a_branch_that_is_gone_lands_while_its_approval_is_there(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.merge("feature/x")
        self.all_evidence(commit)
        self.accepted("ada", ":feature/x")
        self.land()

    def test_a_branch_that_is_gone_with_its_approval_does_not_land(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.merge("feature/x")
        self.all_evidence(commit)
        self.accepted("ada", ":feature/x")
        self.accepted("ben", ":" + self.attest(commit, "approval", "ben"))
        self.not_landed("is on no branch of the server that may land here")

    def test_a_branch_that_might_never_land_does_not_when_it_is_gone(self):
        commit = self.work("ada", "exp/x", {"x": "1"})
        self.merge("exp/x")
        self.all_evidence(commit)
        self.accepted("ada", ":exp/x")
        self.not_landed("is on no branch of the server that may land here")


if __name__ == "__main__":
    unittest.main()
