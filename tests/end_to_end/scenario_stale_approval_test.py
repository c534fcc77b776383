"""What was approved and then changed is not approved."""
import unittest

from scenario import ScenarioTest


class StaleApproval(ScenarioTest):
    def test_an_approval_is_for_the_commit_it_names(self):
        """B-017: what was approved and then amended is not approved."""
        first = self.work("ada", "feature/x", {"x": "1"})
        self.approve("ben", first)
        second = self.work("ada", "feature/x", {"x": "2"}, message="feat: more")
        self.check("ci-bot", second, "unit-tests")
        self.check("eval-bot", second, "mini-val", f1=0.9)
        self.merge("feature/x")
        self.not_landed("missing-approval")
        self.approve("ben", second)
        self.land()

    def test_a_force_pushed_source_is_not_what_was_approved(self):
        first = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(first)
        self.merge("feature/x")
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        self.server.commit("feat: other", {"y": "1"}, env=self.AUTHORS["dora"])
        self.accepted("dora", "+feature/x")
        # The commit that was approved is on no branch any more.
        self.server.checkout("main")
        self.not_landed("is on no branch of the server that may land here")
        self.merge("feature/x")
        self.not_landed("missing-approval", "missing-check")


if __name__ == "__main__":
    unittest.main()
