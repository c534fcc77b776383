"""What moves while a branch lands: evidence, the source, the target."""
import unittest

from scenario import ScenarioTest
from support import git


class Races(ScenarioTest):
    def test_an_approval_withdrawn_during_the_landing_stops_it(self):
        """B-027"""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.merge("feature/x")
        held = self.hold_pushes()
        landing = self.in_background(lambda: self.push("ada", "main"))
        held.wait()
        # On the server, since a push would wait behind the same hook.
        git("update-ref", "-d", self.attest(commit, "approval", "ben"), cwd=self.server.path)
        before = self.server.ref("refs/heads/main")
        held.release()
        result = landing()
        self.assertNotEqual(0, result.code, result)
        self.assertIn("moved while it was landing", result.remote)
        self.assertEqual(before, self.server.ref("refs/heads/main"))

    def test_a_veto_that_comes_during_the_landing_stops_it(self):
        """B-027: what was not there must still not be there."""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.merge("feature/x")
        held = self.hold_pushes()
        landing = self.in_background(lambda: self.push("ada", "main"))
        held.wait()
        held.let_others_pass()
        self.approve("cora", commit, {"verdict": "veto"})
        before = self.server.ref("refs/heads/main")
        held.release()
        result = landing()
        self.assertNotEqual(0, result.code, result)
        self.assertIn(f"{self.attest(commit, 'approval', 'cora')} moved while it was landing", result.remote)
        self.assertEqual(before, self.server.ref("refs/heads/main"))

    def test_a_source_that_moves_during_the_landing_stops_it(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.merge("feature/x")
        held = self.hold_pushes()
        landing = self.in_background(lambda: self.push("ada", "main"))
        held.wait()
        git("update-ref", "refs/heads/feature/x", self.server.ref("refs/heads/main"), cwd=self.server.path)
        held.release()
        result = landing()
        self.assertNotEqual(0, result.code, result)
        self.assertIn("refs/heads/feature/x moved while it was landing", result.remote)

    def test_of_two_landings_at_once_the_second_starts_anew(self):
        for name in ("a", "b"):
            self.all_evidence(self.work("ada", f"feature/{name}", {name: "1"}), f1=0.9)
        self.merge("feature/a")
        first = self.server.head()
        self.merge("feature/b")
        second = self.server.head()
        held = self.hold_pushes()
        pushes = [self.in_background(lambda oid=oid: self.push("ada", f"{oid}:refs/heads/main"))
                  for oid in (first, second)]
        held.wait()
        held.release()
        codes = sorted(push().code for push in pushes)
        self.assertEqual([0, 1], codes)
        self.assertIn(self.server.ref("refs/heads/main"), (first, second))


if __name__ == "__main__":
    unittest.main()
