"""The full life of a feature: branch, review, checks, landing, and what the events say."""
import unittest

from scenario import ScenarioTest


class FeatureLife(ScenarioTest):
    def test_from_the_first_push_to_main(self):
        commit = self.work("ada", "feature/login", {"login": "1"})
        self.merge("feature/login")
        result = self.not_landed("REJECTED refs/heads/main", "approval", "unit-tests", "mini-val")
        # Everything that is missing is said at once, with the commands that help.
        self.assertIn(f"refs/attest/{commit}/approval/", result.remote)
        self.assertIn(f"refs/attest/{commit}/check/unit-tests", result.remote)
        self.approve("ben", commit)
        self.not_landed("unit-tests", "mini-val")
        self.check("ci-bot", commit, "unit-tests")
        self.check("eval-bot", commit, "mini-val", f1=0.91)
        self.land()
        self.assertEqual(self.server.head(), self.server.ref("refs/heads/main"))
        types = self.types()
        for wanted in ("change.landed", "approval.recorded", "check.recorded"):
            self.assertIn(wanted, types)

    def test_the_next_feature_is_measured_against_the_last(self):
        self.all_evidence(self.work("ada", "feature/a", {"a": "1"}), f1=0.91)
        self.merge("feature/a")
        self.land()
        worse = self.work("ada", "feature/b", {"b": "1"})
        self.all_evidence(worse, f1=0.904)
        self.merge("feature/b")
        self.not_landed("metric-regression", "f1", "0.904", "0.91")
        self.check("eval-bot", worse, "mini-val", f1=0.905)
        self.land()


if __name__ == "__main__":
    unittest.main()
