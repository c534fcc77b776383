"""Events of real pushes arrive at receivers of every kind: what each is to get, in order, once."""
import json
import os
import unittest

from delivery import DeliveryTest, MailServer, NatsServer, Webhook, names
from support import git, needs, wait_until

A = "refs/heads/feature/a"
B = "refs/heads/bugfix/b"


class EverySink(DeliveryTest):
    @needs("nats-server")
    def test_each_gets_what_its_filter_takes_in_order_and_once(self):
        hook, bus, mail = Webhook(self), NatsServer(self), MailServer(self)
        bus.start()
        script = self.script('#!/bin/sh\ncat >> "$0.got"\n')
        server = self.server(
            "    - {name: log, file: events.jsonl}\n"
            + hook.sink(more=", refs: ['feature/**'], types: ['ref.*']")
            + bus.sink()
            + mail.sink(more=", types: [release.created]")
            + f"    - {{name: run, command: [{script}], types: ['ref.*'], refs: ['bugfix/**']}}\n"
            "    - {name: deleted, file: deleted.jsonl, types: [ref.deleted]}\n")
        for branch in ("feature/a", "bugfix/b", "feature/a"):
            self.push_branch(server, branch)
        git("tag", "-a", "-m", "one", "v1", cwd=server.work)
        self.assert_accepted(server.push("v1"))
        self.assert_accepted(server.push(f":{A}"))
        expected = ["push.accepted", f"ref.created {A}", "push.accepted", f"ref.created {B}",
                    "push.accepted", f"ref.updated {A}",
                    "push.accepted", "ref.created refs/tags/v1", "tag.created refs/tags/v1",
                    "release.created refs/tags/v1",
                    "push.accepted", f"ref.deleted {A}"]
        self.assertTrue(wait_until(lambda: len(self.logged(server)) >= len(expected)), self.logged(server))
        self.assertTrue(wait_until(lambda: self.journal(
            server, "SELECT count(*) FROM deliveries WHERE state <> 1") == [(0,)]))
        log = self.logged(server)
        self.assertEqual(sorted(expected), sorted(names(log)))
        self.check_order(log)
        # A bus takes what comes for several refs at once.
        self.assertEqual(sorted(map(json.dumps, log)), sorted(map(json.dumps, bus.events())))
        self.check_order(bus.events())
        self.assertEqual([f"ref.created {A}", f"ref.updated {A}", f"ref.deleted {A}"], names(hook.events()))
        with open(script + ".got") as file:
            self.assertEqual([f"ref.created {B}"], names(map(json.loads, file)))
        self.assertEqual([f"ref.deleted {A}"], names(self.logged(server, "deleted.jsonl")))
        mails = mail.mails()
        self.assertEqual(1, len(mails))
        tag = next(event for event in log if event["type"] == "dev.trunkgate.release.created.v1")
        self.assertIn(tag["id"], mails[0]["Message-ID"])

    def script(self, text):
        path = os.path.join(self.folder, "script")
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path

    def check_order(self, events):
        """No event twice, and those of a ref in the order in which they happened."""
        self.assertEqual(len(events), len({event["id"] for event in events}))
        last = {}
        for event in events:
            if "refsequence" not in event:
                continue
            ref = event["subject"], event["type"].split(".")[2]
            self.assertLess(last.get(ref, ""), event["refsequence"], event)
            last[ref] = event["refsequence"]

    @needs("nats-server")
    def test_D_047_a_bus_that_was_down_gets_everything_once(self):
        bus = NatsServer(self)
        server = self.server("    - {name: log, file: events.jsonl}\n" + bus.sink(more=", types: ['ref.*']"))
        self.push_branch(server, "feature/a")
        self.push_branch(server, "feature/a")
        # The file does not wait for the bus.
        self.wait_for(4, lambda: self.logged(server))
        bus.start()
        expected = [f"ref.created {A}", f"ref.updated {A}"]
        self.assertEqual(expected, names(self.wait_for(2, bus.events)))
        bus.stop()
        bus.start()  # with what it had
        self.push_branch(server, "feature/a")
        self.assertEqual([*expected, f"ref.updated {A}"], names(self.wait_for(3, bus.events)))


if __name__ == "__main__":
    unittest.main()
