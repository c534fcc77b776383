"""Squashes and rebases whose approval or check is missing, waived by an exemption."""
import unittest

from scenario import TEAM, ScenarioTest
from support import git

ASKED = ("exempt=skip-full-eval", "reason=pager 4711")


class WaivedRewrites(ScenarioTest):
    POLICY = TEAM.replace("land: [merge, fast-forward]", "land: [squash, rebase]").replace(
        "exemptions:\n", "exemptions:\n  unseen: {waives: [missing-approval], by: [rita], uses: 1, expires: 24h}\n")

    def setUp(self):
        super().setUp()
        self.commit = self.work("ada", "feature/x", {"x": "1\n"}, message="feat: begin x")
        self.commit = self.work("ada", "feature/x", {"x2": "1\n"}, message="feat: go on with x")
        # Main goes on, so that neither a squash nor a rebase is the branch itself.
        other = self.work("dora", "feature/other", {"other": "1\n"})
        git("update-ref", "refs/heads/main", other, cwd=self.server.path)
        self.before = other

    def squash(self, message="feat: add x"):
        self.server.checkout("-B", "main", self.before)
        git("merge", "-q", "--squash", "feature/x", cwd=self.server.work)
        git("commit", "-q", "-m", message, cwd=self.server.work, env=self.AUTHORS["rita"])
        return self.server.head()

    def rebase(self):
        self.server.checkout("-B", "main", "feature/x")
        git("rebase", "-q", self.before, cwd=self.server.work, env={"GIT_COMMITTER_DATE": "1700000600 +0000"})
        return self.server.head()

    def uses(self):
        return [event["data"]["exemption"] for event in self.server.events()
                if event["type"] == "dev.trunkgate.exemption.used.v1"]

    def assert_waived_check(self, tip):
        self.approve("ben", self.commit)
        self.check("ci-bot", self.commit, "unit-tests")
        self.not_landed("check 'mini-val' of feature/x is missing", user="rita")
        self.not_landed("'dora' may not use the exemption 'skip-full-eval'", user="dora", options=ASKED)
        result = self.land("rita", options=ASKED)
        text = " ".join(result.remote.replace("warning: ", "").split())
        self.assertIn("EXEMPTION skip-full-eval used by rita on refs/heads/main: waives 1 finding of "
                      "missing-check.mini-val; reason: pager 4711", text)
        self.assertEqual(tip, self.server.ref("refs/heads/main"))
        use, = self.uses()
        self.assertEqual(("skip-full-eval", ["missing-check.mini-val"]), (use["id"], use["rules"]))
        # The use is bound to the branch that landed, not to the commit that it became.
        git("update-ref", "refs/heads/main", self.before, cwd=self.server.path)
        self.not_landed(f"the exemption 'skip-full-eval' is used up for {self.commit[:8]}", user="rita", options=ASKED)

    def test_the_missing_check_of_a_squash(self):
        self.assert_waived_check(self.squash())

    def test_the_missing_check_of_a_rebase(self):
        self.assert_waived_check(self.rebase())

    def assert_waived_approval(self, tip):
        self.check("ci-bot", self.commit, "unit-tests")
        self.check("eval-bot", self.commit, "mini-val", f1=0.9)
        self.not_landed("feature/x needs 1 approval by reviewers and has none", user="rita")
        self.land("rita", options=["exempt=unseen", "reason=all on leave"])
        self.assertEqual(tip, self.server.ref("refs/heads/main"))
        use, = self.uses()
        self.assertEqual(("unseen", ["missing-approval"]), (use["id"], use["rules"]))
        landed, = [event for event in self.server.events() if event["type"] == "dev.trunkgate.change.landed.v1"]
        states = {asked["rule"]: asked["state"] for asked in landed["data"]["requirements"]}
        self.assertEqual({"missing-approval": "overridden", "missing-check.unit-tests": "satisfied",
                          "missing-check.mini-val": "satisfied", "metric-regression": "not applicable"}, states)

    def test_the_missing_approval_of_a_squash(self):
        self.assert_waived_approval(self.squash())

    def test_the_missing_approval_of_a_rebase(self):
        self.assert_waived_approval(self.rebase())

    def test_what_is_slipped_into_either_is_not_waived_with_the_check(self):
        self.approve("ben", self.commit)
        self.check("ci-bot", self.commit, "unit-tests")
        for make in (self.squash, self.rebase):
            make()
            with open(f"{self.server.work}/slipped-in", "w") as file:
                file.write("1\n")
            git("add", "slipped-in", cwd=self.server.work)
            git("commit", "-q", "--amend", "--no-edit", cwd=self.server.work, env=self.AUTHORS["ada"])
            self.not_landed("direct-push", "slipped-in", user="rita", options=ASKED)
        self.assertEqual([], self.uses())

    def test_a_squash_with_no_conventional_message_is_not_waived_with_the_check(self):
        self.approve("ben", self.commit)
        self.check("ci-bot", self.commit, "unit-tests")
        self.squash(message="x as it is")
        self.not_landed("the message of a squash on 'main' must be conventional", user="rita", options=ASKED)
        self.assertEqual([], self.uses())


if __name__ == "__main__":
    unittest.main()
