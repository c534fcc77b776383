"""The full life of a feature: branch, review, checks, landing, and what the events say. And hotfixes' exemptions."""
import unittest

from scenario import ScenarioTest
from support import wait_until


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


class Owners(ScenarioTest):
    POLICY = ScenarioTest.POLICY.replace("missing-approval: {count: 1, by: [reviewers]}",
                                         "missing-approval: {count: 1, by: [reviewers], owners: CODEOWNERS}")

    def setUp(self):
        super().setUp()
        # The owners' file comes with the seed of the repository.
        git_dir = self.server
        git_dir.checkout("-B", "seed", git_dir.ref("refs/heads/main"))
        git_dir.commit("chore: owners", {"CODEOWNERS": "models/ cora\n"})
        from support import git
        git("push", "-q", "--no-verify", self.server.path + "", "HEAD:refs/heads/feature/seed", cwd=self.server.work,
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


class Races(ScenarioTest):
    def test_an_approval_withdrawn_during_the_landing_stops_it(self):
        """B-027"""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.merge("feature/x")
        self.hold_pushes()
        landing = self.in_background(lambda: self.push("ada", "main"))
        self.assertTrue(wait_until(lambda: __import__("os").path.exists(self.held)))
        # On the server, since a push would wait behind the same hook.
        from support import git
        git("update-ref", "-d", self.attest(commit, "approval", "ben"), cwd=self.server.path)
        before = self.server.ref("refs/heads/main")
        open(self.go, "w").close()
        result = landing()
        self.assertNotEqual(0, result.code, result)
        self.assertIn("moved while it was landing", result.remote)
        self.assertEqual(before, self.server.ref("refs/heads/main"))

    def test_a_source_that_moves_during_the_landing_stops_it(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.merge("feature/x")
        self.hold_pushes()
        landing = self.in_background(lambda: self.push("ada", "main"))
        self.assertTrue(wait_until(lambda: __import__("os").path.exists(self.held)))
        from support import git
        git("update-ref", "refs/heads/feature/x", self.server.ref("refs/heads/main"), cwd=self.server.path)
        open(self.go, "w").close()
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
        self.hold_pushes()
        pushes = [self.in_background(lambda oid=oid: self.push("ada", f"{oid}:refs/heads/main"))
                  for oid in (first, second)]
        self.assertTrue(wait_until(lambda: __import__("os").path.exists(self.held)))
        open(self.go, "w").close()
        codes = sorted(push().code for push in pushes)
        self.assertEqual([0, 1], codes)
        self.assertIn(self.server.ref("refs/heads/main"), (first, second))


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
        from support import git
        git("merge", "-q", "--no-ff", "--no-commit", "feature/x", cwd=self.server.work)
        self.server.commit("Merge branch 'feature/x'", {"evil": "1"})
        self.not_landed("the merge holds changes that are on neither side", "evil")
        self.merge("feature/x")
        self.land()


if __name__ == "__main__":
    unittest.main()
