"""Many refs at once, housekeeping, and a spool that nobody empties."""
import os
import unittest

from delivery import RULES, DeliveryTest, names
from support import TOOL, git, run

LOG = "    - {name: log, file: events.jsonl}\n"
CROWDED, FULL = 10_000, 100_000


class ManyRefs(DeliveryTest):
    def test_a_push_of_a_thousand_tags_is_told_tag_by_tag_and_gc_not_at_all(self):
        server = self.server(LOG)
        commit = server.head()
        tags = [f"refs/tags/t{number}" for number in range(1000)]
        git("update-ref", "--stdin", cwd=server.work, data="".join(f"create {tag} {commit}\n" for tag in tags).encode())
        self.assert_accepted(server.push("--tags"))
        events = self.wait_for(2001, lambda: self.logged(server), 60)
        self.assertEqual(sorted(["push.accepted", *(f"ref.created {tag}" for tag in tags),
                                 *(f"tag.created {tag}" for tag in tags)]), sorted(names(events)))
        git("gc", "-q", "--prune=now", cwd=server.path)
        git("pack-refs", "--all", cwd=server.path)
        self.assertEqual(len(events), len(server.events()))
        self.push_branch(server, "feature/a")
        self.assertEqual(["push.accepted", "ref.created refs/heads/feature/a"],
                         sorted(names(server.events()[len(events):])))


class CrowdedSpool(DeliveryTest):
    def setUp(self):
        super().setUp()
        self.made = self.server(LOG)
        self.spool = os.path.join(self.made.path, "trunkgate", "spool")
        os.makedirs(self.spool, exist_ok=True)
        # The gate writes its first files, and whatever it wakes is done.
        self.push_branch(self.made, "feature/first")
        self.assertEqual(2, len(self.wait_for(2, lambda: self.logged(self.made))))
        self.made.commit("feat: more", {"more": "1"}, branch="feature/a")

    def fill(self, count):
        """So many files that no deliverer takes for records."""
        for number in range(count - len(os.listdir(self.spool))):
            os.close(os.open(f"{self.spool}/waiting-{number:032}", os.O_CREAT | os.O_WRONLY))

    def empty(self):
        for name in os.listdir(self.spool):
            os.unlink(f"{self.spool}/{name}")

    def push(self, *specs):
        result = self.made.push(*(specs or ["feature/a"]))
        self.assert_accepted(result)
        return result.remote

    def told(self):
        return [(event["type"].split(".")[3], event["subject"], event["data"].get("cause"))
                for event in self.made.events()[2:] if "push" not in event["type"]]

    def test_a_pusher_is_warned_once_and_the_events_come(self):
        self.fill(CROWDED)
        remote = self.push("feature/a", "feature/a:feature/b", "feature/a:feature/c")
        self.assertEqual("the events of this push will come late: 10000 records wait to be delivered; "
                         f"please tell an admin of this server, who runs: trunkgate deliver {self.made.path}",
                         remote.replace("\nwarning: ", " ").replace("warning: ", ""))
        self.wait_for(6, lambda: self.logged(self.made))
        done = run([TOOL, "deliver", self.made.path], check=False)
        self.assertEqual((2, f"error: {self.spool} holds 10000 files; at 100000 pushes leave no records any more\n"),
                         (done.returncode, done.stderr.decode()))
        self.empty()
        self.assertEqual({("created", f"refs/heads/feature/{name}", "push") for name in "abc"}, set(self.told()))

    def test_nobody_is_warned_below_the_limit(self):
        self.fill(CROWDED - 1)
        self.assertEqual("", self.push())

    def test_a_full_spool_takes_no_more_records_and_refs_are_told_all_the_same(self):
        self.fill(FULL)
        before = set(os.listdir(self.spool))
        remote = self.push()
        self.assertIn("no event will say who made this push: 100000", remote)
        refused = self.made.push("feature/a:refs/heads/feature/../x", "HEAD:refs/weird/x")
        self.assertNotEqual(0, refused.code)
        self.assertEqual(before, set(os.listdir(self.spool)))
        self.assertEqual([], os.listdir(os.path.join(self.made.path, "trunkgate", "state", "verdicts")))
        self.empty()
        self.assertEqual([("created", "refs/heads/feature/a", "external")], self.told())
        # And when there is room, all is as before.
        self.assertEqual("", self.push("feature/a:feature/b"))
        self.assertEqual(("created", "refs/heads/feature/b", "push"), self.told()[-1])

    def test_a_full_spool_refuses_pushes_where_the_policy_says_so(self):
        self.made.write_policy(RULES + "events:\n  overflow: block\n  sinks:\n" + LOG)
        self.fill(FULL)
        before, refs = set(os.listdir(self.spool)), self.made.refs()
        result = self.made.push("feature/a")
        self.assertNotEqual(0, result.code)
        self.assertIn("100000 records wait to be delivered, and the policy wants no push without one", result.remote)
        self.assertIn("trunkgate deliver " + self.made.path, result.remote)
        self.assertEqual((refs, before), (self.made.refs(), set(os.listdir(self.spool))))
        self.empty()
        self.assertEqual("", self.push())
        self.assertEqual([("changed", "policy", "admin"), ("created", "refs/heads/feature/a", "push")], self.told())


if __name__ == "__main__":
    unittest.main()
