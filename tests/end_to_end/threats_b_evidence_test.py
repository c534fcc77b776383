"""B-019, B-023, B-026: evidence that is broken, comes from elsewhere, or has dates of its maker's choice."""
import json
import os
import random
import time
import unittest

from landing_kinds import LandingKinds
from scenario import ScenarioTest
from support import IDENTITY, Repository, git, run

POLICY = """version: 1
groups: {reviewers: [ben, cora], ci: [ci-bot], release-managers: [rita]}
attestations: {approval: {by: [reviewers]}, check: {by: [ci]}, exemption: {by: [release-managers]}}
exemptions:
  hurry: {waives: [missing-check], by: [dora], refs: [main], expires: 24h}
  granted: {waives: [missing-check], by: [dora], refs: [main], expires: 24h, approval: {by: [release-managers]}}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {from: ['feature/**']}
      missing-approval: {count: 1, by: [reviewers]}
      missing-check: {require: [unit], max-age: 1h}
"""


class BrokenEvidence(ScenarioTest):
    POLICY = POLICY

    def put(self, commit, kind, name, what, issuer, value=None):
        """On the server, as if the gate had let it in; `value` is written as the reference's file as it is."""
        ref = self.attest(commit, kind, name)
        if value is None:
            git("update-ref", ref, what, cwd=self.server.path)
        else:
            path = os.path.join(self.server.path, ref)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(value)
        folder = os.path.join(self.server.path, "trunkgate", "state", "issuers")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, commit[:2]), "a") as file:
            file.write(f"\n{ref} {what} {issuer} {int(time.time())} plain\n")

    def object(self, kind, data):
        return git("hash-object", "-t", kind, "-w", "--literally", "--stdin", cwd=self.server.path, data=data)

    def judged(self, commit):
        """What pre-receive says of the merge that is on the server already; never a crash, never accepted."""
        result = self.server.judge([(self.main, self.merged, "refs/heads/main")], env={"REMOTE_USER": "dora"})
        text = result.stderr.decode(errors="surrogateescape") + result.stdout.decode(errors="surrogateescape")
        self.assertEqual(1, result.returncode, text)
        self.assertIn("error: REJECTED refs/heads/main: ", text)
        self.assert_printable(text)
        return " ".join(text.split())

    def prepare(self):
        self.commit = self.work("ada", "feature/x", {"x": "1"})
        self.main = self.server.ref("refs/heads/main")
        self.merged = self.merge("feature/x")
        run(["git", "fetch", "-q", self.server.work, "main"], cwd=self.server.path)

    def test_B_023_what_is_no_evidence_counts_for_nothing_where_it_stands(self):
        self.prepare()
        commit, blob = self.commit, self.object("blob", b'{"status": "success"}')
        who = b"tagger X <x@y> 1 +0000\n"
        tag = self.object("tag", f"object {commit}\ntype commit\ntag v\n".encode() + who + b"\nx\n")
        chain = tag
        for _ in range(50):
            chain = self.object("tag", f"object {chain}\ntype tag\ntag v\n".encode() + who + b"\nx\n")
        objects = {"a tree": git("rev-parse", commit + "^{tree}", cwd=self.server.path), "another commit": self.main,
                   "an unsigned tag": tag, "a chain of tags": chain, "an empty blob": self.object("blob", b""),
                   "no JSON": self.object("blob", b"\xff\xfe{"), "too deep": self.object("blob", b"[" * 100_000),
                   "too large": self.object("blob", b'{"text": "' + b"x" * 300_000 + b'"}'),
                   "an odd word": self.object("blob", b'{"status": "success", "sta\\u0000tus": 1}')}
        for name, oid in objects.items():
            with self.subTest(name):
                self.put(commit, "approval", "ben", oid, "ben")
                self.put(commit, "check", "unit", oid, "ci-bot")
                said = self.judged(commit)
                self.assertIn("approval 'ben' does not count: it cannot be read: ", said)
                self.assertIn("check 'unit' does not count: it cannot be read: ", said)
        for name, oid, value in (("a missing object", "1" * 40, b"1" * 40 + b"\n"),
                                 ("zeros", "0" * 40, b"0" * 40 + b"\n"),
                                 ("half an id", blob, blob[:20].encode()), ("an empty file", blob, b""),
                                 ("bytes", blob, b"\xff" * 40 + b"\n"),
                                 ("another reference", blob, b"ref: refs/heads/main\n")):
            with self.subTest(name):
                self.put(commit, "approval", "ben", oid, "ben", value)
                self.put(commit, "check", "unit", oid, "ci-bot", value)
                said = self.judged(commit)
                self.assertIn("missing-approval", said)
                self.assertIn("check 'unit' of feature/x", said)

    def test_B_023_two_hundred_broken_bodies_crash_nothing(self):
        self.prepare()
        dice = random.Random(23)
        whole = json.dumps({"status": "success", "metrics": {"f1": 0.9}, "text": "\u202e\x1b[31m",
                            "target": "main"}).encode()
        bodies = []
        for _ in range(200):
            body = bytearray(whole)
            for _ in range(dice.randrange(1, 4)):
                at = dice.randrange(len(body))
                what = dice.randrange(3)
                if what == 0:
                    body[at] = dice.randrange(256)
                elif what == 1:
                    del body[at:at + dice.randrange(1, 9)]
                else:
                    body[at:at] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 5)))
                body = body or bytearray(b"{")
            bodies.append(bytes(body))
        for body in bodies:
            self.put(self.commit, "approval", "ben", self.object("blob", body), "ben")
            self.judged(self.commit)

    def test_B_019_evidence_that_was_copied_from_another_repository_does_not_count(self):
        """Neither by a mirror nor by an admin's fetch: nobody here has seen who left it."""
        commit = self.work("ada", "feature/x", {"x": "1"})
        other = Repository(self.folder, "other.git", policy=IDENTITY + self.POLICY.replace("ben", "dora"), seed=False)
        run(["git", "fetch", "-q", self.server.path, "refs/heads/*:refs/heads/*"], cwd=other.path)
        # There dora reviews, and lets anything in.
        self.assert_accepted(other.push(f"{commit}:{self.attest(commit, 'approval', 'dora')}", user="dora"))
        self.assert_accepted(other.push(f"{commit}:{self.attest(commit, 'approval', 'cora')}", user="cora"))
        git("config", "--unset-all", "uploadpack.hideRefs", cwd=other.path)
        run(["git", "fetch", "-q", other.path, "refs/attest/*:refs/attest/*"], cwd=self.server.path)
        self.check("ci-bot", commit, "unit")
        self.merge("feature/x")
        self.not_landed("approval 'cora' does not count: it is older than the gate and not signed",
                        "approval 'dora' does not count: it is older than the gate and not signed", user="dora")
        # Nor can it be pushed here in the name of who left it there.
        self.refused("dora", f"+{self.blob({'text': 'as over there'})}:{self.attest(commit, 'approval', 'cora')}",
                     "'dora' cannot approve in the name of 'cora'")
        self.approve("cora", commit, {"text": "here, too"})
        self.land(user="dora")


class Dates(LandingKinds):
    POLICY = POLICY
    DATES = {"1970": "1 +0000", "2106": "4294967295 +0000", "2099": "4099680000 -1200"}

    def dated(self, date, name):
        self.server.checkout("-B", f"feature/{name}", self.main())
        tip = self.server.commit(f"feat: {name}", {name: "1"}, env={
            **self.AUTHORS["ada"], "GIT_AUTHOR_DATE": "@" + date, "GIT_COMMITTER_DATE": "@" + date})
        self.accepted("ada", f"feature/{name}")
        self.approve("ben", tip)
        return tip

    def age(self, log, commit, hours):
        """What the server has noted of the commit is as old as that."""
        path = os.path.join(self.server.path, "trunkgate", "state", log, commit[:2])
        with open(path) as file:
            lines = file.read().split("\n")
        place = {"pushers": 2, "issuers": 3}[log]
        for number, line in enumerate(lines):
            words = line.split(" ")
            if commit in line and len(words) > place:
                words[place] = str(int(time.time()) - hours * 3600)
                lines[number] = " ".join(words)
        with open(path, "w") as file:
            file.write("\n".join(lines))

    def test_B_026_the_date_of_a_commit_makes_no_check_fresh_or_old(self):
        for name, date in self.DATES.items():
            with self.subTest(name):
                tip = self.dated(date, name)
                self.check("ci-bot", tip, "unit")
                self.age("issuers", tip, 2)
                self.assert_stays_out(f"feature/{name}", "merge", "is 2h old; 1h is allowed")
                self.check("ci-bot", tip, "unit", "success", again=1)
                self.assert_lands(f"feature/{name}", "merge")

    def test_B_026_the_date_of_a_commit_makes_no_exemption_longer_or_shorter(self):
        hurry, granted = ["exempt=hurry", "reason=x"], ["exempt=granted", "reason=x"]
        for name, date in self.DATES.items():
            with self.subTest(name):
                tip = self.dated(date, "hurry-" + name)
                self.age("pushers", tip, 25)
                self.assert_stays_out(f"feature/hurry-{name}", "merge", "the exemption 'hurry' ended for this commit",
                                      options=hurry)
                self.age("pushers", tip, 23)
                self.assert_lands(f"feature/hurry-{name}", "merge", options=hurry)
                tip = self.dated(date, "granted-" + name)
                self.accepted("rita", f"{self.blob({'reason': 'hot'})}:{self.attest(tip, 'exemption', 'granted')}")
                self.age("issuers", tip, 25)
                self.assert_stays_out(f"feature/granted-{name}", "merge", "the grant by 'rita' ended", options=granted)
                self.age("issuers", tip, 23)
                self.assert_lands(f"feature/granted-{name}", "merge", options=granted)


if __name__ == "__main__":
    unittest.main()
