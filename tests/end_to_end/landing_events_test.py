"""What is told besides the references: landings, evidence, releases, hotfixes, drafts."""
import contextlib
import json
import os
import sqlite3
import unittest

from delivery import nobody_delivers
from support import IDENTITY, TOOL, GateTest, git, run

POLICY = """version: 1
%sgroups: {reviewers: [bo, cy], ci: [robot]}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {from: ['feature/**', 'hotfix/**']}
attestations:
  approval: {by: [reviewers]}
  check: {by: [ci]}
events:
  sinks: [{name: log, file: events.jsonl}]
  releases: ['refs/tags/v*']
  hotfixes: {branches: ['hotfix/**'], into: [develop]}
""" % IDENTITY


class LandingEvents(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)

    def push(self, *specs, user="ada", **kwargs):
        result = self.server.push(*specs, user=user, **kwargs)
        self.assert_accepted(result)

    def branch(self, name, files):
        """A branch with one commit from main; returns its id."""
        self.server.checkout("-B", name, self.server.ref("refs/heads/main"))
        oid = self.server.commit(f"feat: {name}", files)
        self.push(name)
        return oid

    def land(self, name, **kwargs):
        """Merges a branch to main and pushes; returns the merge's id."""
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        oid = self.server.merge(name)
        self.push("main", **kwargs)
        return oid

    def blob(self, value):
        return git("hash-object", "-w", "--stdin", cwd=self.server.work, data=json.dumps(value).encode())

    def told(self, kind):
        return [e for e in self.server.events() if e["type"] == f"dev.trunkgate.{kind}.v1"]

    def test_a_feature_is_told_from_its_evidence_to_its_release(self):
        before = self.server.ref("refs/heads/main")
        topic = self.branch("feature/x", {"x": "1"})
        approval, check = f"refs/attest/{topic}/approval/bo", f"refs/attest/{topic}/check/mini-val"
        self.push(f"{topic}:{approval}", user="bo")
        result = self.blob({"status": "success", "metrics": {"f1": 0.91}, "url": "https://ci.example/7"})
        self.push(f"{result}:{check}", user="robot")
        merge = self.land("feature/x")
        git("tag", "-a", "-m", "First", "v1.0.0", merge, cwd=self.server.work)
        self.push("v1.0.0")
        self.assertEqual([
            ("ref.created", "refs/heads/feature/x"),
            ("ref.created", approval), ("approval.recorded", topic),
            ("ref.created", check), ("check.recorded", topic),
            ("ref.updated", "refs/heads/main"), ("change.landed", "refs/heads/main"),
            ("ref.created", "refs/tags/v1.0.0"), ("tag.created", "refs/tags/v1.0.0"),
            ("release.created", "refs/tags/v1.0.0"),
        ], self.server.event_types())
        events = self.server.events()
        self.assertEqual([f"{n:020}" for n in range(1, len(events) + 1)], [e["sequence"] for e in events])
        by_id = {e["id"]: e for e in events}
        self.assertEqual(len(events), len(by_id))
        # What follows from a change of a reference stands right behind it, the tag before the release.
        behind = []
        for event in events:
            if "causationid" in event:
                cause = by_id[event["causationid"]]
                behind.append((event["type"][14:-3], cause["type"][14:-3],
                               int(event["sequence"]) - int(cause["sequence"])))
                self.assertEqual(event["partitionkey"], cause["partitionkey"])
                self.assertEqual(event["correlationid"], cause["correlationid"])
        self.assertEqual([("approval.recorded", "ref.created", 1), ("check.recorded", "ref.created", 1),
                          ("change.landed", "ref.updated", 1), ("tag.created", "ref.created", 1),
                          ("release.created", "ref.created", 2)], behind)
        told, = self.told("approval.recorded")
        self.assertEqual(("bo", {"commit": topic, "by": "bo", "state": "approved", "attestation": approval}),
                         (told["authid"], told["data"]["approval"]))
        told, = self.told("check.recorded")
        self.assertEqual({"commit": topic, "context": "mini-val", "state": "success",
                          "metrics": {"f1": 0.91}, "url": "https://ci.example/7", "attestation": check},
                         told["data"]["check"])
        told, = self.told("change.landed")
        self.assertEqual({"kind": "merge", "merged_heads": [topic], "source_refs": ["refs/heads/feature/x"],
                          "first_parent": before}, told["data"]["landing"])
        told, = self.told("release.created")
        self.assertEqual((merge, None), (told["data"]["version"]["commit"], told["data"]["previous_version"]))

    def test_a_withdrawn_approval_is_told(self):
        topic = self.branch("feature/x", {"x": "1"})
        ref = f"refs/attest/{topic}/approval/bo"
        self.push(f"{self.blob({'verdict': 'veto', 'text': 'not yet'})}:{ref}", user="bo")
        self.push(f":{ref}", user="bo")
        self.assertEqual(["rejected", "revoked"],
                         [e["data"]["approval"]["state"] for e in self.told("approval.recorded")])

    def test_a_fast_forward_lands(self):
        topic = self.branch("feature/x", {"x": "1"})
        self.push(f"{topic}:refs/heads/main")
        told, = self.told("change.landed")
        self.assertEqual({"kind": "fast-forward", "source_refs": ["refs/heads/feature/x"]},
                         told["data"]["landing"])

    def test_a_direct_push_that_the_policy_lets_through_is_told_as_one(self):
        self.server.write_policy(POLICY.replace("'hotfix/**']}", "'hotfix/**'], except: {pushers: [cy]}}"))
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        self.server.commit("feat: at once", {"y": "1"})
        self.push("main", user="cy")
        told, = self.told("change.landed")
        self.assertEqual({"kind": "direct", "source_refs": []}, told["data"]["landing"])

    def test_what_does_not_land_is_no_landing(self):
        self.branch("feature/x", {"x": "1"})
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        self.server.commit("feat: at once", {"y": "1"})
        self.assertNotEqual(0, self.server.push("main", user="ada").code)
        self.assertEqual([], self.told("change.landed"))

    def test_releases_know_the_one_before(self):
        first = self.server.ref("refs/heads/main")
        self.push(f"{first}:refs/tags/v1.0.0", f"{first}:refs/tags/nightly")
        self.branch("feature/x", {"x": "1"})
        merge = self.land("feature/x")
        self.push(f"{merge}:refs/tags/v1.1.0")
        one, two = self.told("release.created")
        self.assertIsNone(one["data"]["previous_version"])
        self.assertEqual(("v1.0.0", 2), (two["data"]["previous_version"]["name"], two["data"]["commits_since"]))

    def test_a_hotfix_is_unmerged_until_develop_has_it(self):
        self.push(f"{self.server.ref('refs/heads/main')}:refs/heads/develop")
        fix = self.branch("hotfix/pager", {"x": "1"})
        merge = self.land("hotfix/pager")
        told, = self.told("hotfix.unmerged")
        landed, = self.told("change.landed")
        self.assertEqual("refs/heads/hotfix/pager", told["subject"])
        self.assertEqual({"commit": fix, "branch": "refs/heads/hotfix/pager", "landed_on": "refs/heads/main",
                          "landed_by": merge, "landed": landed["time"], "into": "refs/heads/develop",
                          "merged": False}, told["data"]["hotfix"])
        self.push(":refs/heads/hotfix/pager")
        self.server.checkout("-B", "develop", self.server.ref("refs/heads/develop"))
        self.server.commit("feat: other", {"y": "1"})
        self.push("develop")
        self.assertEqual(1, len(self.told("hotfix.unmerged")))
        self.server.merge(merge)
        self.push("develop")
        self.assertEqual([False, True], [e["data"]["hotfix"]["merged"] for e in self.told("hotfix.unmerged")])

    def test_a_draft_says_so_in_its_events(self):
        git("config", "receive.advertisePushOptions", "true", cwd=self.server.path)
        self.server.checkout("-B", "feature/x")
        self.server.commit("feat: x", {"x": "1"})
        self.push("feature/x", options=["draft"])
        self.server.commit("feat: more", {"x": "2"})
        self.push("feature/x")
        self.assertEqual([True, True, None, None], [e["data"].get("draft") for e in self.server.events()])

    def test_events_wait_for_a_policy_that_cannot_be_loaded(self):
        """Nobody else knows which sinks take them, and what is a release."""
        policy = POLICY.replace("refs/tags/v*", "refs/tags/rel/*")
        self.server.write_policy(policy)
        main = self.server.ref("refs/heads/main")
        self.push(f"{main}:refs/tags/v1", f"{main}:refs/tags/rel/1")
        self.assertEqual(["refs/tags/rel/1"], [e["subject"] for e in self.told("release.created")])
        with nobody_delivers(self.server):
            self.push(f"{main}:refs/tags/v2", f"{main}:refs/tags/rel/2")
            self.server.write_policy("version: 1\nevents: {releases: 7\n")
            os.unlink(os.path.join(self.server.path, "trunkgate", "state", "last-good-policy.json"))
        result = run([TOOL, "deliver", self.server.path], check=False)
        self.assertEqual((2, True), (result.returncode, result.stderr.endswith(
            b"error: events wait until the policy can be loaded\n")), result.stderr)
        self.server.write_policy(policy)
        self.assertEqual(["refs/tags/rel/1", "refs/tags/rel/2"],
                         [e["subject"] for e in self.told("release.created")])

    def test_a_sink_that_starts_over_is_told_the_same(self):
        """As after a kill between the sink and the journal, which then says that nothing has arrived."""
        self.push(f"{self.server.ref('refs/heads/main')}:refs/heads/develop")
        fix = self.branch("hotfix/pager", {"x": "1"})
        self.push(f"{fix}:refs/attest/{fix}/approval/bo", user="bo")
        self.land("hotfix/pager")
        self.push(f"{self.server.ref('refs/heads/main')}:refs/tags/v1")
        once = self.server.events()
        self.assertEqual({"approval.recorded", "change.landed", "hotfix.unmerged", "release.created", "tag.created"},
                         {e["type"][14:-3] for e in once if "causationid" in e})
        folder = os.path.join(self.server.path, "trunkgate")
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "journal.db"))) as journal, journal:
            journal.execute("UPDATE deliveries SET state = 0")
        os.unlink(os.path.join(folder, "events.jsonl"))
        self.assertEqual(once, self.server.events())


if __name__ == "__main__":
    unittest.main()
