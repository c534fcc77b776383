"""Nobody lands work on their own word, in whatever way it lands and in whatever order they push."""
import unittest

from landing_kinds import KINDS, POLICY, LandingKinds
from support import git

HOTFIXES = """      missing-check: {require: [mini-val], except: {source: ['hotfix/**']}}
"""


class OwnWord(LandingKinds):
    def test_an_approval_under_a_false_author_line_is_refused_and_lands_nothing(self):
        for kind in KINDS:
            with self.subTest(kind):
                branch = f"feature/false-{kind}"
                tip = self.make(branch, kind, author="dora", pushers=("ben", "ben"))
                self.refused("ben", f"{tip}:{self.attest(tip, 'approval', 'ben')}", "'ben' pushed it")
                self.refused("ben", f"{tip}:{self.attest(tip, 'approval', 'cora')}", "in the name of 'cora'")
                self.assert_stays_out(branch, kind, "needs 1 approval by reviewers and has none", user="ben")
                # Nor after somebody else has pushed the same commit under another name.
                self.accepted("ada", f"{tip}:refs/heads/feature/again-{kind}")
                self.refused("ben", f"{tip}:{self.attest(tip, 'approval', 'ben')}", "'ben' pushed it")
                self.assert_stays_out(branch, kind, "needs 1 approval by reviewers and has none", user="ada")
                self.approve("cora", tip)
                self.assert_lands(branch, kind)

    def test_an_approval_does_not_count_once_its_giver_pushes_the_commit(self):
        """The other order: what somebody else brought is approved first and pushed afterwards."""
        for kind in KINDS:
            with self.subTest(kind):
                branch = f"feature/first-{kind}"
                tip = self.make(branch, kind, author="dora")
                self.approve("ben", tip)
                self.accepted("ben", f"{tip}:refs/heads/exp/mine-{kind}")
                self.assert_stays_out(branch, kind, "does not count", "'ben'", "pushed it")
                # Taking the branch away takes nothing back.
                self.accepted("ben", f":refs/heads/exp/mine-{kind}")
                self.assert_stays_out(branch, kind, "does not count", "'ben'", "pushed it")
                self.approve("cora", tip)
                self.assert_lands(branch, kind)

    def test_the_approval_of_who_pushed_an_earlier_part_of_the_branch_does_not_count(self):
        for kind in KINDS:
            with self.subTest(kind):
                branch = f"feature/part-{kind}"
                tip = self.make(branch, kind, author="dora", pushers=("ben", "ada"))
                self.approve("ben", tip)
                self.assert_stays_out(branch, kind, "'ben'", "pushed it")
                self.approve("cora", tip)
                self.assert_lands(branch, kind)

    def test_the_approval_of_an_author_of_an_earlier_part_does_not_count(self):
        for kind in KINDS:
            with self.subTest(kind):
                branch = f"feature/wrote-{kind}"
                self.make(branch, kind, author="ben")
                tip = self.server.commit("feat: last part", {f"last-{kind}": "1\n"}, env=self.AUTHORS["ada"])
                self.accepted("ada", branch)
                self.approve("ben", tip)
                self.assert_stays_out(branch, kind, "'ben'", "is its author")
                self.approve("cora", tip)
                self.assert_lands(branch, kind)

    def test_B_024_an_approval_in_the_push_that_lands_does_not_count(self):
        for kind in KINDS:
            with self.subTest(kind):
                branch = f"feature/with-{kind}"
                tip = self.make(branch, kind)
                spec, approval = self.spec(branch, kind), f"{tip}:{self.attest(tip, 'approval', 'ben')}"
                before = self.main()
                for specs in ((approval, spec), (spec, approval), ("--atomic", approval, spec)):
                    result = self.push("ben", *specs)
                    self.assertNotEqual(0, result.code, (kind, specs, result))
                    self.assertEqual(before, self.main(), (kind, specs, result))
                    self.assertRegex(result.text, "approval|a landing cannot be part of an atomic push")
                    if self.attest(tip, "approval", "ben") in self.server.refs():
                        self.accepted("ben", ":" + self.attest(tip, "approval", "ben"))
                self.approve("ben", tip)
                self.assert_lands(branch, kind)


class Hotfixes(LandingKinds):
    POLICY = POLICY % HOTFIXES

    def test_the_same_commit_pushed_again_as_a_hotfix_waives_nothing(self):
        for kind in KINDS:
            with self.subTest(kind):
                name = f"slow-{kind}"
                tip = self.make(f"feature/{name}", kind)
                self.approve("ben", tip)
                self.assert_stays_out(f"feature/{name}", kind, "check 'mini-val' of")
                self.accepted("ada", f"{tip}:refs/heads/hotfix/{name}")
                self.assert_stays_out(f"hotfix/{name}", kind, "check 'mini-val' of")
                # Nor does it when the feature goes with the push that lands the hotfix.
                spec, before = self.spec(f"hotfix/{name}", kind), self.main()
                for specs in ((f":refs/heads/feature/{name}", spec), (spec, f":refs/heads/feature/{name}")):
                    result = self.push("ada", *specs)
                    self.assertNotEqual(0, result.code, (kind, specs, result))
                    self.assertEqual(before, self.main(), (kind, specs, result))
                    git("update-ref", f"refs/heads/feature/{name}", tip, cwd=self.server.path)
                self.check("ci-bot", tip, "mini-val")
                self.assert_lands(f"hotfix/{name}", kind)

    def test_a_hotfix_from_the_start_is_excepted(self):
        """What the refusals above are told from."""
        for kind in KINDS:
            with self.subTest(kind):
                self.approve("ben", self.make(f"hotfix/quick-{kind}", kind))
                self.assert_lands(f"hotfix/quick-{kind}", kind)


if __name__ == "__main__":
    unittest.main()
