"""An evaluation that does not come in time: waived with an exemption of the preset trunk-based, and seen by all."""
import json
import os
import time
import unittest

from scenario import ScenarioTest
from support import git

TEAM = """groups: {reviewers: [ben, cora], robots: [ci-bot, eval-bot], managers: [rita]}
extends:
  - preset: trunk-based
    with: {reviewers: [reviewers], ci: [robots], release-managers: [managers]}
exemptions:
  break-glass: {waives: ['*'], by: [managers]}
events:
  sinks: [{name: log, file: events.jsonl}]
"""
WAIVE = ("exempt=skip-full-eval", "reason=pager 4711")


class Exemption(ScenarioTest):
    POLICY = "version: 1\n" + TEAM

    def unevaluated(self, branch):
        """A branch with everything but the evaluation, merged in the work tree."""
        commit = self.work("ada", branch, {branch.replace("/", "-"): "1\n"})
        self.approve("ben", commit)
        self.check("ci-bot", commit, "unit-tests")
        self.check("ci-bot", commit, "security-scan")
        self.merge(branch)
        return commit

    def used(self):
        return [event for event in self.server.events() if event["type"] == "dev.trunkgate.exemption.used.v1"]

    def test_A11_a_missing_evaluation_is_overridden_and_leaves_a_trail(self):
        commit = self.unevaluated("feature/slow")
        self.not_landed("check 'mini-val' of feature/slow is missing", user="rita",
                        options=["reason=without a label nothing is waived"])
        self.not_landed("'ada' may not use the exemption 'skip-full-eval'", options=WAIVE)
        self.not_landed("needs a reason", user="rita", options=WAIVE[:1])
        answer = json.loads(self.land("rita", options=[*WAIVE, "policy.format=json"]).remote)
        ref, = answer["refs"]
        self.assertEqual([("missing-approval", "satisfied"), ("missing-approval", "not applicable"),  # not a hotfix
                          ("missing-check.unit-tests", "satisfied"), ("missing-check.security-scan", "satisfied"),
                          ("missing-check.mini-val", "overridden"), ("metric-regression", "not applicable")],
                         [(asked["rule"], asked["state"]) for asked in ref["requirements"]])
        self.assertEqual([("missing-check.mini-val", "skip-full-eval")],
                         [(finding["rule"], finding["waived_by"]) for finding in ref["findings"]])
        use, = answer["exemptions"]
        self.assertEqual(("skip-full-eval", "rita", "pager 4711", ["missing-check.mini-val"]),
                         (use["label"], use["pusher"], use["reason"], use["rules"]))
        event, = self.used()
        self.assertEqual("rita", event["authid"])
        told = json.dumps(event["data"])
        for word in ("skip-full-eval", "pager 4711", "missing-check.mini-val", "refs/heads/main"):
            self.assertIn(word, told)
        # One use for one commit: where it lands next, it is used up.
        git("update-ref", "refs/heads/develop", f"{self.server.ref('refs/heads/main')}^", cwd=self.server.path)
        self.refused("rita", "main:refs/heads/develop",
                     f"the exemption 'skip-full-eval' is used up for {commit[:8]}: 1 use of 1", options=WAIVE)
        self.assertEqual(1, len(self.used()))

    def test_what_is_not_waived_still_refuses(self):
        commit = self.work("ada", "feature/slow", {"slow": "1\n"})
        self.approve("ben", commit)
        self.merge("feature/slow")
        result = self.not_landed("check 'security-scan' of feature/slow is missing",
                                 "EXEMPTION skip-full-eval would waive 1 finding", user="rita", options=WAIVE)
        self.assertIn("check 'unit-tests' of feature/slow is missing", " ".join(result.remote.split()))
        self.assertEqual([], self.used())

    def test_an_exemption_ends_a_day_after_the_commit_came(self):
        commit = self.unevaluated("feature/slow")
        records = os.path.join(self.server.path, "trunkgate/state/pushers", commit[:2])
        with open(records, "a") as file:
            file.write(f"\n{commit} ada {int(time.time()) - 2 * 86400} refs/heads/feature/slow\n")
        self.not_landed("the exemption 'skip-full-eval' ended for this commit", user="rita", options=WAIVE)
        self.assertEqual([], self.used())

    def test_no_commit_message_waives_anything(self):
        self.unevaluated("feature/slow")
        git("commit", "-q", "--amend", "-m", "Merge feature/slow\n\nexempt=skip-full-eval\n[skip-full-eval]", cwd=self.server.work)
        self.not_landed("check 'mini-val' of feature/slow is missing", user="rita")

    def test_break_glass_waives_everything_and_says_so_everywhere(self):
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        commit = self.server.commit("not conventional", {"a.ckpt": "1"}, env=self.AUTHORS["ada"])
        self.not_landed("direct-push", "missing-approval", user="rita")
        self.not_landed("'ada' may not use the exemption 'break-glass'", options=["exempt=break-glass", "reason=fire"])
        result = self.land("rita", options=["exempt=break-glass", "reason=fire"])
        text = " ".join(result.remote.replace("warning: ", "").split())
        self.assertIn("BREAK-GLASS EXEMPTION break-glass used by rita on refs/heads/main: waives everything", text)
        self.assertIn("reason: fire", text)
        event, = self.used()
        told = json.dumps(event["data"])
        for word in ("break-glass", "fire", "direct-push", "missing-approval", "unconventional-commit", "forbidden-path"):
            self.assertIn(word, told)
        # Nobody has seen it before: whoever pushed it cannot approve it later, whatever it says of its author.
        with open(os.path.join(self.server.path, "trunkgate/state/pushers", commit[:2])) as file:
            self.assertIn(f"{commit} rita ", file.read())


if __name__ == "__main__":
    unittest.main()
