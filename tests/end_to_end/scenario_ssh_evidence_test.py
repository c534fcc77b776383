"""Evidence of several people with keys of their own: stale, their own, forged, against, and of owners."""
import unittest

from scenario_ssh import SshScenarioTest
from support import git, needs


@needs("sshd", "ssh-keygen")
class EvidenceOverSsh(SshScenarioTest):
    def landed(self):
        return [(e["authid"], e["data"]["landing"]) for e in self.server.events()
                if e["type"] == "dev.trunkgate.change.landed.v1"]

    def test_an_approval_is_stale_after_another_commit(self):
        first = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(first)
        second = self.work("ada", "feature/x", {"x": "2"}, message="feat: more")
        self.check("ci-bot", second, "unit-tests")
        self.check("eval-bot", second, "mini-val", f1=0.91)
        self.merge("feature/x")
        self.not_landed("feature/x needs 1 approval by reviewers and has none",
                        f"git push origin {second}:{self.attest(second, 'approval', 'YOU')}")
        self.approve("ben", second)
        self.land()
        self.assertEqual(self.server.head(), self.server.ref("refs/heads/main"))

    def test_an_approval_is_stale_after_an_amendment_that_was_forced(self):
        first = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(first)
        self.server.commit("feat: x", {"x": "2"}, env=self.AUTHORS["ada"])
        git("reset", "-q", "--soft", "HEAD~2", cwd=self.server.work)
        self.server.commit("feat: x", env=self.AUTHORS["ada"])
        self.accepted("ada", "+feature/x")
        self.merge("feature/x")
        self.not_landed("missing-approval", "missing-check")

    def test_the_author_does_not_approve_whoever_pushed_it(self):
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        commit = self.server.commit("feat: x", {"x": "1"}, env=self.AUTHORS["ben"])
        self.accepted("ada", "feature/x")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' is its author")
        self.approve("cora", commit)

    def test_whose_key_pushed_it_does_not_approve_whatever_the_author_line_says(self):
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        commit = self.server.commit("feat: x", {"x": "1"}, env=self.AUTHORS["ada"])
        self.accepted("ben", "feature/x")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' pushed it")
        # Nor when somebody else pushes it again, under a name that asks for less.
        self.accepted("dora", f"{commit}:refs/heads/hotfix/x")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' pushed it")
        self.merge("feature/x")
        self.not_landed("feature/x needs 1 approval by reviewers and has none")

    def test_nobody_approves_in_the_name_of_another_key(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.refused("cora", f"{commit}:{self.attest(commit, 'approval', 'ben')}",
                     "'cora' cannot approve in the name of 'ben'", self.attest(commit, "approval", "cora"))

    def test_a_check_by_a_key_that_is_not_the_cis_is_forged(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        good = self.blob({"status": "success"})
        for user in ("ada", "ben", "rita"):
            self.refused(user, f"{good}:{self.attest(commit, 'check', 'unit-tests')}", f"'{user}' may not leave a check")
        self.check("ci-bot", commit, "unit-tests", status="failure")
        self.refused("ada", f"+{good}:{self.attest(commit, 'check', 'unit-tests')}", "'ada' may not leave a check")
        self.refused("eval-bot", f"+{good}:{self.attest(commit, 'check', 'unit-tests')}", "left by 'ci-bot'")
        self.approve("ben", commit)
        self.check("eval-bot", commit, "mini-val", f1=0.91)
        self.merge("feature/x")
        self.not_landed("check 'unit-tests' of feature/x says failure")
        self.check("ci-bot", commit, "unit-tests")
        self.land()

    def test_a_veto_stands_until_its_key_takes_it_back(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        veto = self.attest(commit, "approval", "cora")
        self.approve("cora", commit, {"verdict": "veto", "text": "not before the freeze"})
        self.merge("feature/x")
        self.not_landed("'cora' vetoes feature/x", "it says: not before the freeze")
        for user in ("ada", "ben", "rita"):
            self.refused(user, f":{veto}", "left by 'cora'")
        self.accepted("cora", f":{veto}")
        self.land()


@needs("sshd", "ssh-keygen")
class OwnersOverSsh(SshScenarioTest):
    POLICY = SshScenarioTest.POLICY.replace("missing-approval: {count: 1, by: [reviewers]}",
                                            "missing-approval: {count: 1, by: [reviewers], owners: CODEOWNERS}")

    def test_a_missing_owner_is_named_and_asked(self):
        self.server.checkout("-B", "seed", self.server.ref("refs/heads/main"))
        owners = self.server.commit("chore: owners", {"CODEOWNERS": "models/ cora\n"})
        self.accepted("ada", f"{owners}:refs/heads/feature/seed")
        git("update-ref", "refs/heads/main", owners, cwd=self.server.path)  # by an admin
        # The branch makes itself an owner; what counts is the file on main.
        commit = self.work("ada", "feature/x", {"models/vit": "1", "CODEOWNERS": "* ben\n"})
        self.all_evidence(commit)
        self.merge("feature/x")
        self.not_landed("an owner of models/vit has to approve", "CODEOWNERS:1: cora")
        self.approve("cora", commit)
        self.land()


if __name__ == "__main__":
    unittest.main()
