"""What pre-receive hands over to update and post-receive, and what update does alone."""
import os
import unittest

from support import POLICY, GateTest, git


class Handover(GateTest):
    def test_a_bad_ref_refuses_the_whole_push(self):
        repo = self.repository()
        before = repo.refs()
        good = repo.commit("feat: good")
        bad = repo.commit("bad")
        result = repo.push(f"{good}:refs/heads/feature/good", f"{bad}:refs/heads/feature/bad")
        self.assertEqual(1, result.code)
        self.assertEqual(before, repo.refs())
        self.assertFalse(repo.has_object(good))

    def test_ref_by_ref_the_good_one_lands_and_the_bad_one_does_not(self):
        repo = self.repository(policy=POLICY + "on-violation: ref\n")
        base = repo.head()
        good = repo.commit("feat: good")
        repo.checkout("-b", "other", base)
        bad = repo.commit("bad")
        result = repo.push(f"{good}:refs/heads/feature/good", f"{bad}:refs/heads/feature/bad")
        self.assertEqual(1, result.code)
        self.assertEqual(good, repo.ref("refs/heads/feature/good"), result)
        self.assertIsNone(repo.ref("refs/heads/feature/bad"))
        self.assertIn("error: REJECTED refs/heads/feature/bad: no `type: ` prefix".split(":")[0],
                      result.remote)
        self.assertIn("error: refs/heads/feature/bad is refused, as said above", result.remote)
        events = repo.events()
        self.assertEqual([("ref.created", "refs/heads/feature/good")], repo.event_types())
        rejected = [e for e in events if e["type"].endswith("push.rejected.v1")]
        self.assertEqual(["refs/heads/feature/bad"],
                         [c["ref"]["name"] for c in rejected[0]["data"]["changes"]])

    def test_ref_by_ref_every_ref_with_the_bad_commit_is_refused(self):
        repo = self.repository(policy=POLICY + "on-violation: ref\n")
        before = repo.refs()
        bad = repo.commit("bad")
        later = repo.commit("feat: later")
        result = repo.push(f"{bad}:refs/heads/feature/a", f"{later}:refs/heads/feature/b")
        self.assertEqual(1, result.code)
        self.assertEqual(before, repo.refs())

    def test_update_alone_protects(self):
        repo = self.repository()
        os.remove(os.path.join(repo.path, "hooks", "pre-receive"))
        before = repo.refs()
        repo.commit("feat: direct")
        result = repo.push("HEAD:refs/heads/main")
        self.assertEqual(1, result.code)
        self.assertEqual(before, repo.refs())
        self.assertIn("error: REJECTED refs/heads/main: no direct push to 'main'", result.remote)

    def test_update_alone_lets_the_good_ref_in_and_tells_about_it(self):
        repo = self.repository()
        os.remove(os.path.join(repo.path, "hooks", "pre-receive"))
        good = repo.commit("feat: good")
        bad = repo.commit("bad")
        result = repo.push(f"{good}:refs/heads/feature/good", f"{bad}:refs/heads/feature/bad")
        self.assertEqual(1, result.code)
        self.assertEqual(good, repo.ref("refs/heads/feature/good"), result)
        self.assertIsNone(repo.ref("refs/heads/feature/bad"))
        self.assertEqual([("ref.created", "refs/heads/feature/good")], repo.event_types())
        self.assertEqual(1, len(repo.rejections()))

    def test_a_verdict_of_another_push_is_not_believed(self):
        repo = self.repository()
        os.remove(os.path.join(repo.path, "hooks", "pre-receive"))
        bad = repo.commit("bad")
        verdicts = os.path.join(repo.path, "trunkgate", "state", "verdicts")
        os.makedirs(verdicts, exist_ok=True)
        with open(os.path.join(verdicts, "00000000-00000000-1-1"), "w") as file:
            file.write(f"a {'0' * 40} {bad} refs/heads/feature/bad\n")
        self.assertEqual(1, repo.push(f"{bad}:refs/heads/feature/bad").code)
        self.assertIsNone(repo.ref("refs/heads/feature/bad"))

    def test_nothing_of_the_hand_over_is_left_after_the_push(self):
        repo = self.repository()
        repo.commit("feat: good")
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/good"))
        repo.events()
        state = os.path.join(repo.path, "trunkgate", "state", "verdicts")
        self.assertEqual([], os.listdir(state))
        self.assertEqual([], os.listdir(os.path.join(repo.path, "trunkgate", "spool")))
        self.assertEqual([], os.listdir(os.path.join(repo.path, "trunkgate", "tmp")))


if __name__ == "__main__":
    unittest.main()
