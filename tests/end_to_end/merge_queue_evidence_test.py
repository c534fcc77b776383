"""The merge queue asks for evidence as any landing does; what is missing stands in Git's own summary."""
import unittest

from merge_queue import IDENTITY, MergeQueueTest

TOP = IDENTITY + "groups: {reviewers: [ben]}\nattestations: {approval: {by: [reviewers]}}\n"


class Evidence(MergeQueueTest):
    def approve(self, commit, user="ben"):
        self.assert_accepted(self.ask(f"{commit}:refs/attest/{commit}/approval/{user}", user=user))

    def test_a_branch_lands_once_it_is_approved(self):
        self.begin(rules="      missing-approval: {by: [reviewers]}\n", top=TOP)
        before_main = self.main()
        commit = self.branch("feature/x")
        before = self.server.refs()
        result = self.ask("feature/x:refs/for/main")
        reason = self.reasons(result)["refs/for/main"]
        self.assertIn("approv", reason)
        self.assertIn(f"error: REJECTED refs/for/main: {reason}", result.remote)
        self.assertIn("rule   missing-approval", result.remote)
        self.assertEqual(before, self.server.refs())
        self.approve(commit)
        self.assert_lands(self.ask("feature/x:refs/for/main"), commit, before_main)

    def test_an_approval_of_an_earlier_commit_does_not_count(self):
        self.begin(rules="      missing-approval: {by: [reviewers]}\n", top=TOP)
        self.approve(self.branch("feature/x"))
        self.server.commit("feat: more", {"more": "1"})
        self.assert_accepted(self.ask("feature/x"))
        before = self.server.refs()
        self.assertIn("approv", self.reasons(self.ask("feature/x:refs/for/main"))["refs/for/main"])
        self.assertEqual(before, self.server.refs())

    def test_an_exemption_waives_what_is_missing_and_is_used_up_by_the_landing(self):
        self.begin(rules="      missing-approval: {by: [reviewers]}\n",
                   top=TOP + "exemptions: {hurry: {waives: [missing-approval], by: [ada], refs: [main], budget: 1}}\n")
        options = ["exempt=hurry", "reason=pager 4711"]
        before_main = self.main()
        commit, other = self.branch("feature/x"), self.branch("feature/y")
        before = self.server.refs()
        result = self.ask("feature/x:refs/for/main", options=["policy=check", *options])
        self.assertIn("would happen: 'feature/x' lands on 'main'", result.remote)
        self.assertEqual(before, self.server.refs())
        # Nobody else may.
        self.assert_refused(self.server, self.ask("feature/x:refs/for/main", user="zoe", options=options), before,
                            "'zoe' may not use the exemption 'hurry'")
        result = self.ask("feature/x:refs/for/main", options=options)
        self.assert_accepted(result)
        merge = self.main()
        self.assertIn("hurry", result.remote)
        self.assertNotIn("nothing to waive", result.remote)
        used = [e for e in self.server.events() if e["type"] == "dev.trunkgate.exemption.used.v1"]
        self.assertEqual(["refs/heads/main"], [e["subject"] for e in used])
        self.assertEqual([before_main, commit], self.parents(merge))
        before = self.server.refs()
        result = self.ask(other + ":refs/for/main", options=options)
        self.assertRegex(self.reasons(result)["refs/for/main"], "hurry")
        self.assertEqual(before, self.server.refs(), result)


if __name__ == "__main__":
    unittest.main()
