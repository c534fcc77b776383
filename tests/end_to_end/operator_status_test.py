"""trunkgate status: whether events get where they are to go."""
import json
import os
import time
import unittest

from delivery import nobody_delivers
from operator_commands import POLICY, OperatorTest, Receiver
from support import TOOL, run


class OperatorStatus(OperatorTest):
    def setUp(self):
        self.receiver = None
        super().setUp()

    def repository(self, *args, policy=None, **kwargs):
        self.receiver = Receiver(self)
        self.sinks = f"""events:
  sinks:
    - {{name: log, file: events.jsonl}}
    - {{name: ci, webhook: {{url: "{self.receiver.url}", allow: [127.0.0.1]}}, types: ["ref.*"]}}
"""
        return super().repository(*args, policy=policy + self.sinks, **kwargs)

    def json(self, code):
        done = run([TOOL, "status", "--format", "json", "--repo", self.server.path], check=False)
        self.assertEqual((code, b""), (done.returncode, done.stderr))
        return json.loads(done.stdout)

    def status(self, code):
        sha256 = self.json(code)["policy"]["sha256"][:12] or "-"
        return self.tool("status", code=code).replace(self.receiver.place, "PLACE").replace(sha256, "SHA256")

    def test_all_is_well(self):
        self.assertEqual("policy     SHA256\n"
                         "spool      0 records to be told\n"
                         "journal    6 events, the last is 6 of TIME\n"
                         "last pass  TIME\n"
                         "sink       ci: on; 0 open; 0 dead\n"
                         "sink       log: on; 0 open; 0 dead\n"
                         "all is well\n", self.status(0))
        told = self.json(0)
        self.assertEqual((True, "", 0, None), (told["well"], told["policy"]["problem"], told["spool"]["records"],
                                               told["spool"]["oldest"]))
        self.assertEqual({"epoch": "1", "events": 6, "last": 6, "newest": self.server.events()[-1]["recordedtime"]},
                         told["journal"])
        self.assertEqual([("ci", True), ("log", True)], [(sink["sink"], sink["on"]) for sink in told["sinks"]])

    def test_says_when_refs_were_looked_at_last(self):
        lock = os.path.join(self.server.path, "trunkgate", "state", "deliver.lock")
        os.utime(lock, (1_700_000_000, 1_700_000_000))
        self.assertEqual("2023-11-14T22:13:20.000000Z", self.json(0)["last_pass"])
        before = time.time()
        self.deliver()
        self.assertGreater(os.stat(lock).st_mtime, before - 1)

    def test_records_that_wait_for_long_need_attention(self):
        with nobody_delivers(self.server):
            self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
            self.assertIn("spool      2 records to be told, the oldest of TIME\n", self.status(0))
            spool = os.path.join(self.server.path, "trunkgate", "spool")
            for name in os.listdir(spool):
                os.utime(os.path.join(spool, name), (time.time() - 16 * 60,) * 2)
            self.assertIn("all of TIME\n".replace("all", "oldest") + "journal", self.status(1))
            self.assertTrue(self.status(1).endswith("1 thing needs attention\n"))

    def test_sinks_that_fail_are_off_or_have_given_up_need_attention(self):
        self.receiver.status = 500
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.deliver()
        told = self.status(1)
        self.assertIn("sink       ci: on, failing since TIME, next try TIME; 1 open, the oldest of TIME; 0 dead; "
                      "PLACE has answered 500\n", told)
        self.assertTrue(told.endswith("1 thing needs attention\n"), told)
        self.tool("deliveries", "disable", "ci")
        self.assertIn("sink       ci: off since TIME; 1 open", self.status(1))
        self.tool("deliveries", "enable", "ci")
        self.receiver.status = 200
        self.deliver()
        self.status(0)
        self.change("UPDATE deliveries SET state = 2 WHERE sink = 'log' AND sequence = 1")
        self.assertIn("log: on; 0 open; 1 dead\n1 thing needs attention\n", self.status(1))
        # One that is in the policy no more is nobody's business.
        self.server.write_policy(POLICY + "events: {sinks: [{name: other, file: other.jsonl}]}\n")
        self.assertNotIn("sink", self.status(0))

    def test_a_policy_that_cannot_be_loaded_needs_attention(self):
        self.server.write_policy("version: 1\nrulesets: 7\n")
        told = self.status(1)
        self.assertIn("policy     SHA256: ", told)
        self.assertTrue(told.endswith("1 thing needs attention\n"), told)
        os.remove(os.path.join(self.server.path, "trunkgate", "policy.yaml"))
        self.assertRegex(self.status(1), r"^policy     .*policy\.yaml")

    def test_says_that_nothing_was_recorded_yet(self):
        other = super().repository("new.git", policy=POLICY, seed=False)
        self.assertEqual("spool      0 records to be told\njournal    none yet\nlast pass  none yet\nall is well\n",
                         self.tool("status", "--repo", other.path).split("\n", 1)[1])


if __name__ == "__main__":
    unittest.main()
