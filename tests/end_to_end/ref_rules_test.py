"""Rules about references, over real pushes: tags, owners, frozen times, ages, and B-010, B-026."""
import hashlib
import os
import time
import unittest

from support import IDENTITY, GateTest, git

TAGS = """version: 1
{mode}
rulesets:
  - name: releases
    refs: ['refs/tags/v*']
    rules:
      moved-tag: {{}}
      lightweight-tag: {{}}
      stray-tag: {{on: [main, 'release/**']}}
      untold-metrics: {{require: ['F1: [0-9.]+']}}
  - name: trunk
    refs: ['refs/heads/**']
    rules:
      rewound-branch: {{}}
"""


class Tags(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=TAGS.format(mode=""))

    def tag(self, name, rev="HEAD", message="Release\n\nF1: 0.81"):
        git("tag", "-f", "-a", "-m", message, name, rev, cwd=self.server.work)

    def refuse(self, *specs, words):
        before = self.server.refs()
        self.assert_refused(self.server, self.server.push(*specs), before, *words)

    def test_a_release_tag_on_the_trunk_is_accepted(self):
        self.tag("v1")
        self.assert_accepted(self.server.push("refs/tags/v1"))

    def test_B_010_a_release_tag_neither_moves_nor_goes(self):
        self.tag("v1")
        self.assert_accepted(self.server.push("refs/tags/v1"))
        self.tag("v1", message="Another text\n\nF1: 0.99")
        self.refuse("+refs/tags/v1", words=["the tag exists and must not move", "moved-tag"])
        self.refuse(":refs/tags/v1", words=["the tag must not be deleted"])

    def test_every_fault_of_a_tag_is_told_at_once(self):
        self.server.commit("feat: stray", {"stray": "x"})
        self.refuse("HEAD:refs/tags/v1",
                    words=["lightweight-tag", "stray-tag", "untold-metrics",
                           "git tag -a -f -m 'MESSAGE' v1"])

    def test_the_commands_of_the_message_repair_the_tag(self):
        self.refuse("HEAD:refs/tags/v1", words=["lightweight-tag"])
        head = self.server.head()[:8]
        git("tag", "-a", "-f", "-m", "F1: 0.5", "v1", head, cwd=self.server.work)
        self.assert_accepted(self.server.push("refs/tags/v1"))

    def test_a_tag_lands_together_with_its_branch(self):
        self.server.commit("feat: next", {"next": "x"})
        self.tag("v1")
        self.refuse("refs/tags/v1", words=["is on none of the branches it must be on"])
        for order in (["HEAD:refs/heads/main", "refs/tags/v1"], ["refs/tags/v1", "HEAD:refs/heads/release/1"]):
            with self.subTest(order):
                self.assert_accepted(self.server.push(*order))
                self.server.commit("feat: next", {"next": order[1]})
                git("update-ref", "-d", "refs/tags/v1", cwd=self.server.path)
                self.tag("v1")

    def test_ref_by_ref_a_tag_does_not_land_without_its_branch(self):
        self.server.write_policy(TAGS.format(mode="on-violation: ref"))
        git("checkout", "-q", "--orphan", "other", cwd=self.server.work)
        self.server.commit("feat: other", {"other": "x"})
        self.tag("v1")
        for specs in (["+HEAD:refs/heads/main", "refs/tags/v1"],
                      ["refs/tags/v1", "+HEAD:refs/heads/main"]):
            self.refuse(*specs, words=["rewound-branch", "stray-tag"])
        # A branch that is accepted brings the tag in, whichever stands first.
        self.assert_accepted(self.server.push("refs/tags/v1", "HEAD:refs/heads/release/1"))
        self.assertIsNotNone(self.server.ref("refs/tags/v1"))

    def test_a_malformed_tag_is_refused_as_the_pushers_fault(self):
        body = f"object {self.server.head()}\ntype commit\ntag v1\ntagger Ada\n\nF1: 1\n"
        tag = git("hash-object", "-t", "tag", "-w", "--literally", "--stdin", cwd=self.server.work,
                  data=body.encode())
        self.refuse(f"{tag}:refs/tags/v1", words=["is malformed: its tagger line", "malformed-tag"])


class Owners(GateTest):
    POLICY = "version: 1\n" + IDENTITY + """rulesets:
  - name: all
    refs: ['refs/heads/**']
    rules:
      unauthorised-push: {create: [ada], update: [ada], delete: [ada], own: ['user/{me}/**']}
      ill-named-ref: {}
"""

    def test_everybody_has_branches_of_their_own_and_no_others(self):
        server = self.repository(policy=self.POLICY)
        server.commit("feat: next", {"next": "x"})
        self.assert_accepted(server.push("HEAD:refs/heads/user/bo/x", user="bo"))
        before = server.refs()
        for spec, words in (("HEAD:refs/heads/user/ada/x", "belongs to somebody else than 'bo'"),
                            ("HEAD:refs/heads/x", "'bo' may not create branch 'x'"),
                            ("HEAD:refs/heads/main", "'bo' may not update branch 'main'"),
                            (":refs/heads/main", "'bo' may not delete branch 'main'")):
            self.assert_refused(server, server.push(spec, user="bo"), before, words)
        result = server.push("HEAD~1:refs/heads/user/bo/x", "--force", user="bo")
        self.assert_accepted(result)
        self.assert_accepted(server.push(":refs/heads/user/bo/x", user="bo"))
        self.assert_accepted(server.push("HEAD:refs/heads/main", user="ada"))

    def test_a_name_that_looks_like_another_is_refused(self):
        server = self.repository(policy=self.POLICY)
        before = server.refs()
        for name in ("Main", "m\u0430in", "ma1n", "deadbeef"):
            self.assert_refused(server, server.push(f"HEAD:refs/heads/{name}", user="ada"), before,
                                "ill-named-ref")


class Ages(GateTest):
    POLICY = """version: 1
rulesets:
  - name: features
    refs: ['feature/**']
    rules:
      overdue-branch: {warn-after: 48h, limit: 72h}
"""
    FROZEN = "      frozen-ref: {text: 'no features today'}\n"

    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=self.POLICY)
        name = hashlib.sha256(b"refs/heads/feature/x").hexdigest()
        self.claim = os.path.join(self.server.path, "trunkgate", "state", "branches", name)

    def backdate(self, hours):
        with open(self.claim) as file:
            words = file.read().split()
        words[1] = str(int(words[1]) - hours * 3600)
        with open(self.claim, "w") as file:
            file.write(" ".join(words) + "\n")

    def test_B_026_dates_in_commits_neither_age_nor_renew_a_branch(self):
        for date in ("@0", "@4300000000"):
            self.server.commit("feat: one", {"one": date}, date=date)
            self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.backdate(73)
        before = self.server.refs()
        self.server.commit("feat: two", {"two": "x"}, date=f"@{int(time.time())}")
        self.assert_refused(self.server, self.server.push("HEAD:refs/heads/feature/x"), before,
                            "'feature/x' is 73 hours old; the limit is 72 hours")

    def test_deleting_and_pushing_again_does_not_renew_a_branch(self):
        self.server.commit("feat: one", {"one": "x"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.backdate(80)
        self.assert_accepted(self.server.push(":refs/heads/feature/x"))
        before = self.server.refs()
        self.assert_refused(self.server, self.server.push("HEAD:refs/heads/feature/x"), before,
                            "'feature/x' is 80 hours old")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/y"))

    def test_a_refused_push_leaves_no_claim_that_counts(self):
        self.server.write_policy(self.POLICY + self.FROZEN)
        self.server.commit("feat: one", {"one": "x"})
        before = self.server.refs()
        self.assert_refused(self.server, self.server.push("HEAD:refs/heads/feature/x"), before,
                            "'feature/x' is frozen: no features today")
        self.backdate(500)
        self.server.write_policy(self.POLICY)
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.server.commit("feat: two", {"two": "x"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))


if __name__ == "__main__":
    unittest.main()
