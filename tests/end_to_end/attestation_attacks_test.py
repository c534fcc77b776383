"""What people who can only push try with evidence: two words under one name, words of others, other names."""
import os
import unittest

from attestation_test import AttestationTest
from merge_queue import MergeQueueTest
from scenario import ScenarioTest
from support import IDENTITY, ZERO, git, pack_objects, raw_push


class TwoUnderOneName(AttestationTest):
    """B-022: a reference holds one value, so nothing makes two attestations with one name."""

    def raw(self, user, *commands):
        pack = pack_objects(self.server, sorted({new for _, new, _ in commands if new != ZERO}))
        return raw_push(self.server, commands, pack, env={"REMOTE_USER": user})

    def test_no_names_above_or_below(self):
        self.begin()
        approval = self.ref("approval", "ben")
        self.leave(self.commit, approval, "ben")
        for ref in (approval + "/2", approval + "/approval/ben", approval.rpartition("/")[0], f"refs/attest/{self.commit}"):
            self.refuse(self.commit, ref, "ben", "refs/attest/COMMIT/KIND/NAME")
        self.refuse(self.commit, self.ref("approval", "Ben"), "ben", "'ben' cannot approve in the name of 'Ben'")

    def test_no_two_values_in_one_push(self):
        self.begin()
        yes, no = self.blob({"status": "success"}), self.blob({"status": "failure"})
        check = self.ref("check", "unit")
        for commands in ([(ZERO, yes, check), (ZERO, no, check)], [(ZERO, no, check), (no, yes, check)]):
            result = self.raw("ci-bot", *commands)
            self.assertIn("more than once", result.text, result)
            self.assertNotIn(check, self.server.refs())

    def test_a_second_creation_changes_neither_value_nor_owner(self):
        """A-018: the same words once more, with an old value that is wrong, make nobody their owner."""
        self.begin()
        check, body = self.ref("check", "unit"), self.blob({"status": "success"})
        self.leave(body, check, "ci-bot")
        for old, new in ((ZERO, body), (body, body), (self.commit, body), (ZERO, self.blob({"status": "failure"}))):
            result = self.raw("ci-two", (old, new, check))
            self.assertNotIn(b"ok refs/attest", result.report, result)
        self.assertEqual(body, self.server.refs()[check])
        self.refuse("", check, "ci-two", "left by 'ci-bot'")
        self.leave("", check, "ci-bot")

    def test_of_twenty_pushes_at_once_one_is_the_owner(self):
        self.begin(AttestationPolicy.of(20))
        import concurrent.futures
        check, body = self.ref("check", "unit"), self.blob({"status": "success"})
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            results = list(pool.map(lambda n: self.server.push(f"{body}:{check}", user=f"ci{n}"), range(20)))
        winners = [n for n, result in enumerate(results) if result.code == 0 and "new reference" in result.text]
        self.assertEqual(1, len(winners), results)


class AttestationPolicy:
    @staticmethod
    def of(count):
        from attestation_test import POLICY
        return POLICY.replace("[ci-bot, ci-two]", str([f"ci{n}" for n in range(count)]))


class Merges(ScenarioTest):
    def test_a_fox_trot_merge_lands_nothing(self):
        """B-016: with the parents the other way round main would go on along the branch."""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        other = self.work("dora", "feature/y", {"y": "1"})
        self.all_evidence(other)
        self.merge("feature/y")
        self.land()
        self.server.checkout("-B", "trotting", commit)
        git("merge", "-q", "--no-ff", "-m", "Merge branch 'main'", self.server.ref("refs/heads/main"),
            cwd=self.server.work)
        self.not_landed("direct-push", spec="HEAD:refs/heads/main")

    def test_a_merge_with_main_lands_with_the_approval_of_the_branch_only_as_git_makes_it(self):
        """B-018, both halves."""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        other = self.work("dora", "feature/y", {"y": "1"})
        self.all_evidence(other)
        self.merge("feature/y")
        self.land()
        self.merge("feature/x")
        own = self.server.head()
        git("commit", "-q", "--amend", "--no-edit", "--allow-empty", cwd=self.server.work)
        self.server.checkout("-B", "evil", own)
        with open(os.path.join(self.server.work, "x"), "w") as file:
            file.write("2")
        git("commit", "-q", "-a", "--amend", "--no-edit", cwd=self.server.work)
        self.not_landed("the merge", "x", spec="HEAD:refs/heads/main")
        self.accepted("ada", f"{own}:refs/heads/main")


class PolicyChanges(ScenarioTest):
    def test_a_push_is_judged_by_one_policy(self):
        """B-028: the policy changes between pre-receive and update; the event names the one that judged."""
        self.work("ada", "feature/a", {"a": "1"})
        before = self.policy_of_last_event()
        held = self.hold_pushes()
        self.server.checkout("-B", "feature/b", self.server.ref("refs/heads/main"))
        commit = self.server.commit("feat: b", {"b": "1"}, env=self.AUTHORS["ada"])
        pushing = self.in_background(lambda: self.push("ada", "feature/b"))
        held.wait()
        self.server.write_policy(IDENTITY + self.POLICY + "      ill-named-branch: {allow: [main]}\n")
        held.release()
        self.assert_accepted(pushing())
        self.assertEqual(commit, self.server.ref("refs/heads/feature/b"))
        self.assertEqual(before, self.policy_of_last_event())
        self.refused("ada", f"{commit}:refs/heads/feature/c", "ill-named-branch")

    def policy_of_last_event(self):
        return [e["data"]["policy"] for e in self.server.events() if e["type"].endswith("ref.created.v1")][-1]


class QueueWithExemptions(MergeQueueTest):
    TOP = IDENTITY + """exemptions:
  fix: {waives: [unconventional-commit], by: [ada], refs: [main], uses: 1}
"""

    def test_an_exemption_of_the_branch_holds_for_a_request_to_land_on_it(self):
        self.begin(top=self.TOP, rules="      unconventional-commit: {types: [fix]}\n")
        commit = self.branch("feature/x")
        before = self.main()
        result = self.ask("feature/x:refs/for/main")
        self.assertNotEqual(0, result.code, result)
        result = self.ask("feature/x:refs/for/main", options=["exempt=fix", "reason=pager"])
        self.assert_lands(result, commit, before)
        self.assertNotIn("nothing to waive", result.remote)


class OddLabels(ScenarioTest):
    def test_no_label_is_a_path_or_is_printed_raw(self):
        before = self.server.refs()
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        self.server.commit("feature: no type", {"x": "1"})
        state = os.path.join(self.server.path, "trunkgate", "state")
        for label in ("../../x", "skip-full-eval/../..", "skip-full-eval@ada", ".", "..", "SKIP-FULL-EVAL", "\x1b[31mx",
                      "x" * 5000, "*", "break-glass "):
            result = self.push("ada", "feature/x", options=[f"exempt={label}", "reason=why"])
            self.assert_refused(self.server, result, before, "exemption")
            self.assert_printable(result.remote)
        result = self.push("ada", "feature/x", options=[f"exempt=l{n}" for n in range(11)] + ["reason=why"])
        self.assert_refused(self.server, result, before, "more than 10 exemptions are asked for at once")
        self.assertFalse(os.path.exists(os.path.join(state, "exemptions")), os.listdir(state))


if __name__ == "__main__":
    unittest.main()
