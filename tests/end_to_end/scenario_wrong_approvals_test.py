"""Approvals of one's own work, of another commit, for another target; forged checks; a veto."""
import unittest

from scenario import ScenarioTest


class WrongApprovals(ScenarioTest):
    def test_the_author_cannot_approve(self):
        commit = self.work("ben", "feature/x", {"x": "1"})
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' is its author")

    def test_a_false_author_line_does_not_help(self):
        """B-025"""
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        commit = self.server.commit("feat: x", {"x": "1"}, env=self.AUTHORS["dora"])
        self.accepted("ben", "feature/x")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' pushed it")
        self.accepted("dora", f"{commit}:refs/heads/hotfix/x")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' pushed it")

    def test_who_pushed_an_earlier_commit_cannot_approve_the_branch(self):
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        self.server.commit("feat: x", {"x": "1"}, env=self.AUTHORS["dora"])
        self.accepted("ben", "feature/x")
        tip = self.work("ada", "feature/x", {"x": "2"}, message="feat: more")
        self.approve("ben", tip)
        self.check("ci-bot", tip, "unit-tests")
        self.check("eval-bot", tip, "mini-val", f1=0.9)
        self.merge("feature/x")
        self.not_landed("missing-approval", "ben")
        self.approve("cora", tip)
        self.land()

    def test_an_approval_of_another_commit_does_not_count(self):
        """B-019: nor does one for another target."""
        good = self.work("ada", "feature/good", {"g": "1"})
        bad = self.work("ada", "feature/bad", {"b": "1"})
        self.all_evidence(good)
        self.check("ci-bot", bad, "unit-tests")
        self.check("eval-bot", bad, "mini-val", f1=0.95)
        self.merge("feature/bad")
        self.not_landed("missing-approval")
        self.approve("ben", bad, {"target": "develop"})
        self.not_landed("missing-approval")
        self.approve("ben", bad, {"target": "main"})
        self.land()

    def test_a_forged_check_is_refused_and_does_not_count(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.refused("ada", f"{self.blob({'status': 'success'})}:{self.attest(commit, 'check', 'unit-tests')}",
                     "'ada' may not leave a check")

    def test_a_veto_stands_until_it_is_taken_back(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.approve("cora", commit, {"verdict": "veto", "text": "not before the freeze"})
        self.merge("feature/x")
        self.not_landed("cora", "veto")
        self.refused("ben", f":{self.attest(commit, 'approval', 'cora')}", "left by 'cora'")
        self.accepted("cora", f":{self.attest(commit, 'approval', 'cora')}")
        self.land()


if __name__ == "__main__":
    unittest.main()
