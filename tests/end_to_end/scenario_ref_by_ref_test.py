"""Evidence where each reference of a push is let in for itself (`on-violation: ref`)."""
import unittest

from scenario import TEAM, ScenarioTest
from support import git


class RefByRef(ScenarioTest):
    POLICY = TEAM.replace("version: 1\n", "version: 1\non-violation: ref\n").replace("refs: [main]\n    rules", "refs: [main, develop]\n    rules")

    def setUp(self):
        super().setUp()
        git("update-ref", "refs/heads/develop", self.server.ref("refs/heads/main"), cwd=self.server.path)

    def statuses(self, result):
        return sorted(line.split(None, 2)[-1] for line in result.text.splitlines() if "-> " in line)

    def merged(self, target, branch):
        self.server.checkout("-B", target, self.server.ref(f"refs/heads/{target}"))
        git("merge", "-q", "--no-ff", branch, cwd=self.server.work, env=self.AUTHORS["ada"])
        return self.server.head()

    def test_what_has_its_evidence_lands_and_what_lacks_it_is_refused_by_update(self):
        good = self.work("ada", "feature/good", {"good": "1"})
        bad = self.work("ada", "feature/bad", {"bad": "1"})
        self.all_evidence(good)
        main, develop = self.merged("main", "feature/good"), self.merged("develop", "feature/bad")
        before = self.server.ref("refs/heads/develop")
        result = self.push("ada", "main", "develop")
        self.assertNotEqual(0, result.code, result)
        text = " ".join(result.remote.split())
        self.assertIn("REJECTED refs/heads/develop: feature/bad needs 1 approval by reviewers and has none", text)
        self.assertIn(f"git push origin {bad}:{self.attest(bad, 'approval', 'YOU')}", text)
        self.assertNotIn("REJECTED refs/heads/main", text)
        self.assertIn("develop -> develop (hook declined)", result.text)  # update's word, not pre-receive's
        self.assertEqual(main, self.server.ref("refs/heads/main"))
        self.assertEqual(before, self.server.ref("refs/heads/develop"))
        self.assertEqual(["refs/heads/main"], [event["subject"] for event in self.server.events()
                                               if event["type"] == "dev.trunkgate.change.landed.v1"])
        # With the evidence the other lands as it is.
        self.all_evidence(bad, reviewer="cora")
        self.accepted("ada", "develop")
        self.assertEqual(develop, self.server.ref("refs/heads/develop"))

    def test_an_attestation_that_is_refused_takes_no_other_with_it(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        mine, others = self.attest(commit, "approval", "ben"), self.attest(commit, "approval", "cora")
        result = self.push("ben", f"{commit}:{mine}", f"{commit}:{others}")
        self.assertNotEqual(0, result.code, result)
        self.assertIn("'ben' cannot approve in the name of 'cora'", " ".join(result.remote.split()))
        self.assertEqual((commit, None), (self.server.ref(mine), self.server.ref(others)))
        self.check("ci-bot", commit, "unit-tests")
        self.check("eval-bot", commit, "mini-val", f1=0.9)
        self.merge("feature/x")
        self.land()  # ben's approval counts: who left it is known

    def test_a_landing_and_its_evidence_in_one_push_is_no_landing(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.check("ci-bot", commit, "unit-tests")
        self.check("eval-bot", commit, "mini-val", f1=0.9)
        self.merge("feature/x")
        before = self.server.ref("refs/heads/main")
        result = self.push("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "main")
        self.assertNotEqual(0, result.code, result)
        self.assertEqual(before, self.server.ref("refs/heads/main"))
        self.assertEqual(commit, self.server.ref(self.attest(commit, "approval", "ben")))
        self.land("ben")

    def test_an_exemption_waives_for_its_own_reference_only(self):
        good = self.work("ada", "feature/good", {"good": "1"})
        bad = self.work("ada", "feature/bad", {"bad": "1"})
        for commit in (good, bad):
            self.approve("ben", commit)
            self.check("ci-bot", commit, "unit-tests")
        main, _ = self.merged("main", "feature/good"), self.merged("develop", "feature/bad")
        before = self.server.ref("refs/heads/develop")
        result = self.push("rita", "main", "develop", options=["exempt=skip-full-eval", "reason=x"])  # for main
        self.assertNotEqual(0, result.code, result)
        self.assertEqual((main, before), (self.server.ref("refs/heads/main"), self.server.ref("refs/heads/develop")))
        used = [event["data"]["exemption"]["id"] for event in self.server.events()
                if event["type"] == "dev.trunkgate.exemption.used.v1"]
        self.assertEqual(["skip-full-eval"], used)


if __name__ == "__main__":
    unittest.main()
