"""trunkgate deliveries: what each sink has and lacks, sent again, stopped and started by hand."""
import json
import unittest

from operator_commands import POLICY, OperatorTest, Receiver
from support import TOOL, run

AGAIN = "sent with the next push; at once with: trunkgate deliver @\n"


class OperatorDeliveries(OperatorTest):
    def setUp(self):
        self.receiver = None
        super().setUp()

    def repository(self, *args, policy=None, **kwargs):
        self.receiver = Receiver(self)
        policy = policy + f"""events:
  sinks:
    - {{name: log, file: events.jsonl}}
    - {{name: ci, webhook: {{url: "{self.receiver.url}", allow: [127.0.0.1]}}, types: ["ref.*"]}}
"""
        return super().repository(*args, policy=policy, **kwargs)

    def list(self, *words):
        return self.tool("deliveries", "list", *words).replace(self.receiver.place, "PLACE")

    def push_more(self):
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.deliver()

    def test_lists_how_each_sink_is_doing_and_what_it_lacks(self):
        self.assertEqual("ci: on; 0 open; 0 dead\nlog: on; 0 open; 0 dead\n", self.list())
        self.receiver.status = 500
        self.push_more()
        reason = "PLACE has answered 500"
        head = (f"ci: on, failing since TIME, next try TIME; 1 open, the oldest of TIME; 0 dead; {reason}\n")
        row = (f"     8  TIME  ref.created        refs/heads/feature/x  open, 1 attempt, last TIME: {reason}\n")
        self.assertEqual(head + row + "log: on; 0 open; 0 dead\n", self.list())
        self.assertEqual(head + row, self.list("--sink", "ci"))
        self.assertEqual(head + row, self.list("--sink", "ci", "--failed"))
        self.assertEqual(head, self.list("--sink", "ci", "--dead"))
        self.change("UPDATE deliveries SET state = 2 WHERE sink = 'ci'")
        self.assertEqual(f"ci: on, failing since TIME, next try TIME; 0 open; 4 dead; {reason}\n"
                         "     2  TIME  ref.created        refs/heads/main  dead, 1 attempt, last TIME\n"
                         "        and 3 more: --limit 0 shows all\n", self.list("--sink", "ci", "--limit", "1"))
        done = run([TOOL, "deliveries", "list", "--format", "json", "--dead", "--sink", "ci"], cwd=self.server.path)
        sink, *rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(("ci", True, 0, 4), (sink["sink"], sink["on"], sink["open"], sink["dead"]))
        self.assertEqual([(2, "dead"), (5, "dead"), (6, "dead"), (8, "dead")],
                         [(row["sequence"], row["state"]) for row in rows])

    def test_sends_events_again_with_the_ids_that_they_had(self):
        first = {body["id"] for body in self.receiver.bodies}
        self.assertEqual([2, 5, 6], self.receiver.sequences())
        self.receiver.bodies.clear()
        self.assertEqual("ci: 1 event to be sent again\n" + AGAIN,
                         self.tool("deliveries", "redeliver", "5", "--sink", "ci"))
        self.deliver()
        self.assertEqual([5], self.receiver.sequences())
        self.assertEqual("log: 2 events to be sent again\nci: 1 event to be sent again\n" + AGAIN,
                         self.tool("deliveries", "redeliver", "1..2"))
        self.deliver()
        self.assertEqual([2, 5], self.receiver.sequences())
        self.tool("deliveries", "redeliver", "--since", "1h", "--sink", "ci")
        self.deliver()
        self.assertEqual([2, 2, 5, 5, 6], self.receiver.sequences())
        self.assertEqual(first, {body["id"] for body in self.receiver.bodies})
        # The log has them by their ids already.
        self.assertEqual(6, len(self.server.events()))

    def test_sends_again_what_was_given_up_and_nothing_else(self):
        self.change("UPDATE deliveries SET state = 2 WHERE sink = 'ci' AND sequence IN (2, 6)",
                    "UPDATE deliveries SET state = 2 WHERE sink = 'log' AND sequence = 1")
        self.receiver.bodies.clear()
        self.assertEqual("log: 0 events to be sent again\nci: 1 event to be sent again\n" + AGAIN,
                         self.tool("deliveries", "redeliver", "3..9", "--dead"))
        self.deliver()
        self.assertEqual([6], self.receiver.sequences())
        self.assertEqual("log: 1 event to be sent again\nci: 1 event to be sent again\n" + AGAIN,
                         self.tool("deliveries", "redeliver", "--dead"))
        self.deliver()
        self.assertEqual([2, 6], self.receiver.sequences())
        self.assertEqual("log: 0 events to be sent again\nci: 0 events to be sent again\n",
                         self.tool("deliveries", "redeliver", "--dead", code=1))
        self.assertEqual("ci: on; 0 open; 0 dead\nlog: on; 0 open; 0 dead\n", self.list())

    def test_gives_a_new_sink_what_was_recorded_before_it_was_there(self):
        other = Receiver(self)
        self.server.write_policy(POLICY + f"""events:
  sinks:
    - {{name: late, webhook: {{url: "{other.url}", allow: [127.0.0.1]}}, refs: ["refs/heads/feature/nightly"]}}
""")
        self.assertEqual("late: 2 events to be sent again\n" + AGAIN,
                         self.tool("deliveries", "redeliver", "--since", "1"))
        self.deliver()
        self.assertEqual([4, 6], other.sequences())

    def test_stops_and_starts_a_sink(self):
        self.receiver.bodies.clear()
        self.assertEqual("ci is off; its events are kept\n", self.tool("deliveries", "disable", "ci"))
        self.assertEqual("ci was off already\n", self.tool("deliveries", "disable", "ci"))
        self.push_more()
        self.assertEqual([], self.receiver.sequences())
        self.assertEqual("ci: off since TIME; 1 open, the oldest of TIME; 0 dead; disabled by an operator\n"
                         "     8  TIME  ref.created        refs/heads/feature/x  open\n", self.list("--sink", "ci"))
        self.assertEqual("ci: 1 event to be sent again, once the sink is enabled\n" + AGAIN,
                         self.tool("deliveries", "redeliver", "2", "--sink", "ci"))
        self.assertEqual("ci is on\n" + AGAIN, self.tool("deliveries", "enable", "ci"))
        self.assertEqual("ci was on already\n", self.tool("deliveries", "enable", "ci"))
        self.deliver()
        self.assertEqual([2, 8], self.receiver.sequences())

    def test_says_what_is_wrong_with_the_words(self):
        for said, words in [
                ("error: there is no sink 'lag'; did you mean 'log'?\n", ["disable", "lag"]),
                ("error: there is no sink 'x\\x1b'\n", ["list", "--sink", "x\x1b"]),
                ("error: say which events: EVENT, or --since TIME, and not both; or --dead\n", ["redeliver"]),
                ("error: there is no event 99 in the journal\n"
                 "hint: see which there are with: trunkgate events list\n", ["redeliver", "99"]),
                ("error: 'x' is no time and no event's number\n"
                 "hint: write 36h or 7d (ago), 2026-01-31, 2026-01-31T09:30 (UTC), or a sequence like 17\n",
                 ["redeliver", "3..x"]),
                ("error: '3..' is no range of events\nhint: write two sequences, like 17..23\n",
                 ["redeliver", "3.."])]:
            self.assertEqual(said, self.tool("deliveries", *words, code=2))


if __name__ == "__main__":
    unittest.main()
