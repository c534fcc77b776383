"""Owners of paths are asked, as the file on the server says."""
import unittest

from scenario import ScenarioTest
from support import git


class Owners(ScenarioTest):
    POLICY = ScenarioTest.POLICY.replace("missing-approval: {count: 1, by: [reviewers]}",
                                         "missing-approval: {count: 1, by: [reviewers], owners: CODEOWNERS}")

    def setUp(self):
        super().setUp()
        # The owners' file comes with the seed of the repository.
        git_dir = self.server
        self.server.checkout("-B", "seed", self.server.ref("refs/heads/main"))
        self.server.commit("chore: owners", {"CODEOWNERS": "models/ cora\n"})
        git("push", "-q", "--no-verify", self.server.path, "HEAD:refs/heads/feature/seed", cwd=self.server.work,
            env={"REMOTE_USER": "ada"})
        git("update-ref", "refs/heads/main", self.server.head(), cwd=self.server.path)

    def test_the_owner_of_a_path_is_asked(self):
        commit = self.work("ada", "feature/x", {"models/vit": "1"})
        self.all_evidence(commit, reviewer="ben")
        self.merge("feature/x")
        self.not_landed("missing-approval", "models/", "cora")
        self.approve("cora", commit)
        self.land()

    def test_others_paths_need_no_owner(self):
        self.all_evidence(self.work("ada", "feature/y", {"docs/x": "1"}), reviewer="ben")
        self.merge("feature/y")
        self.land()


if __name__ == "__main__":
    unittest.main()
