"""`trunkgate deliver --watch`, and the deliverer that a push wakes."""
import os
import select
import signal
import subprocess
import time
import unittest

from delivery import RULES, HeldDeliveryTest, Webhook, deliverers, names
from support import ENVIRONMENT, TOOL, run, wait_until

LOG = "    - {name: log, file: events.jsonl}\n"
A = "refs/heads/feature/a"


class Service(HeldDeliveryTest):
    def start(self, *servers):
        paths = [server.path for server in servers]
        process = subprocess.Popen([TOOL, "deliver", "--watch", *paths], env=ENVIRONMENT, cwd="/",
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        for path in paths:
            self.assertTrue(wait_until(lambda: os.path.exists(path + "/trunkgate/journal.db")))
        return process

    def end(self, process):
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()

    def test_events_arrive_within_a_second_and_it_ends_when_it_is_asked_to(self):
        hook = Webhook(self)
        server = self.server(LOG + hook.sink())
        service = self.start(server)
        pushes, taken = 0, 60
        while pushes < 3 or taken >= 1:  # a machine may have other things to do, but not all the time
            pushes += 1
            self.assertLess(pushes, 30)
            self.push_branch(server, "feature/a")
            start = time.monotonic()
            for events in (hook.events, lambda: self.logged(server)):
                self.assertEqual(2 * pushes, len(self.wait_for(2 * pushes, events)))
            taken = min(taken, time.monotonic() - start)
        # What the pushes have woken has left it to the service.
        self.assertTrue(wait_until(lambda: deliverers(server.path) == [service.pid]))
        service.send_signal(signal.SIGTERM)
        self.assertEqual(0, service.wait(timeout=30))  # by itself it would look at the refs again after 60 s
        self.assertEqual(b"", service.stderr.read())

    def test_a_second_one_is_refused(self):
        server = self.server(LOG)
        self.start(server)
        second = run([TOOL, "deliver", "--watch", server.path], check=False, timeout=60)
        self.assertNotEqual(0, second.returncode)
        self.assertIn(f"another 'trunkgate deliver --watch' is at {server.path}", second.stderr.decode())

    def test_a_sink_that_does_not_answer_holds_up_no_other_one(self):
        hook = Webhook(self, *[self.hold] * 8)
        server = self.server(hook.sink() + LOG)
        other = self.server(LOG, name="other.git")
        self.start(server, other)
        for pushes in (1, 2, 3):
            self.push_branch(server, "feature/a")
            # Less than the 15 s that the silent one is waited for.
            self.assertEqual(2 * pushes, len(self.wait_for(2 * pushes, lambda: self.logged(server), 12)))
        self.push_branch(other, "feature/b")
        self.assertEqual(2, len(self.wait_for(2, lambda: self.logged(other), 12)))
        self.over.set()  # and the rest of what it has to get comes at once
        self.assertEqual([f"ref.created {A}", f"ref.updated {A}", f"ref.updated {A}"],
                         [name for name in names(self.wait_for(6, hook.events)) if name.startswith("ref.")])

    def test_a_service_tries_again_by_itself(self):
        hook = Webhook(self, 500, 500)
        server = self.server(hook.sink(more=", types: ['ref.*']"))
        self.start(server)
        self.push_branch(server, "feature/a")
        self.assertEqual([f"ref.created {A}"] * 3, names(self.wait_for(3, hook.events)))

    def test_a_policy_that_gets_a_webhook_is_followed_without_a_restart(self):
        hook = Webhook(self)
        server = self.server(LOG)
        service = self.start(server)
        server.write_policy(RULES + "events:\n  sinks:\n" + LOG + hook.sink())
        self.push_branch(server, "feature/a")
        self.assertEqual(2, len(self.wait_for(2, hook.events)))
        self.assertTrue(wait_until(lambda: deliverers(server.path) == [service.pid]))


class Woken(HeldDeliveryTest):
    def test_A_049_it_has_nothing_of_the_push(self):
        hook = Webhook(self, *[self.hold] * 8)
        server = self.server(hook.sink())
        server.commit("feat: add", {"a": "1"}, branch="feature/a")
        ours, theirs = os.pipe()
        self.addCleanup(os.close, ours)
        run(["git", "push", "-q", server.path, "feature/a"], cwd=server.work, pass_fds=(theirs,))
        os.close(theirs)
        self.assertTrue(wait_until(lambda: hook.requests))
        (pid,) = deliverers(server.path)  # so the push did not wait for it
        # Nobody holds the other end any more.
        self.assertEqual([ours], select.select([ours], [], [], 0)[0])
        self.assertEqual(b"", os.read(ours, 1))
        self.assertEqual([pid], deliverers(server.path))
        self.assertEqual(pid, os.getsid(pid))
        if os.geteuid() == 0:  # it has secrets in memory, so nobody else sees more of it
            self.assertEqual(["/dev/null"] * 3, [os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)])
            with open(f"/proc/{pid}/environ", "rb") as file:
                self.assertEqual({b"PATH=/usr/local/bin:/usr/bin:/bin", b"LC_ALL=C", b""},
                                 set(file.read().split(b"\0")))

    def test_it_leaves_the_processors_to_pushes(self):
        hook = Webhook(self, *[self.hold] * 8)
        server = self.server(hook.sink())
        self.push_branch(server, "feature/a")
        self.assertTrue(wait_until(lambda: hook.requests))
        (pid,) = deliverers(server.path)
        self.assertEqual(19, os.getpriority(os.PRIO_PROCESS, pid))
        # Where sessions share the processors, that of the session counts alone.
        if os.path.exists(f"/proc/{pid}/autogroup"):
            with open(f"/proc/{pid}/autogroup") as file:
                self.assertEqual("nice 19", file.read().strip().split(" ", 1)[1])

    def test_one_is_enough_for_many_pushes_at_once(self):
        hook = Webhook(self, *[self.hold] * 100)
        server = self.server(LOG + hook.sink())
        count = 12
        commit = server.commit("feat: add", {"a": "1"})
        pushes = [subprocess.Popen(["git", "push", "-q", server.path, f"{commit}:refs/heads/feature/{number}"],
                                   cwd=server.work, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
                  for number in range(count)]
        self.assertEqual([0] * count, [push.wait(timeout=60) for push in pushes])
        self.assertEqual(2 * count, len(self.wait_for(2 * count, lambda: self.logged(server))))
        self.assertEqual(2 * count, len({event["id"] for event in self.logged(server)}))


if __name__ == "__main__":
    unittest.main()
