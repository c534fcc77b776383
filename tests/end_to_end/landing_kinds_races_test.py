"""B-027 in every way to land: evidence or the source changes between the verdict and the reference's own change.

The other pushes are real ones too, by other people, while a hook of the server holds the landing.
"""
import os
import unittest

from landing_kinds import KINDS, LandingKinds
from support import git, wait_until

DIRECT = tuple(kind for kind in KINDS if kind != "queue")
MOVED = "error: REJECTED refs/heads/main: %s moved while it was landing"


class Races(LandingKinds):
    # What happens meanwhile, each by a push of its own.

    def withdraw(self, branch, tip):
        self.accepted("ben", ":" + self.attest(tip, "approval", "ben"))
        return self.attest(tip, "approval", "ben")

    def turn_into_veto(self, branch, tip):
        self.accepted("ben", f"+{self.blob({'verdict': 'veto'})}:{self.attest(tip, 'approval', 'ben')}")
        return self.attest(tip, "approval", "ben")

    def veto(self, branch, tip):
        self.accepted("cora", f"{self.blob({'verdict': 'veto'})}:{self.attest(tip, 'approval', 'cora')}")
        return self.attest(tip, "approval", "cora")

    def move(self, branch, tip):
        self.accepted("ada", f"+{tip}~1:refs/heads/{branch}")
        return f"refs/heads/{branch}"

    def delete(self, branch, tip):
        self.accepted("ada", f":refs/heads/{branch}")
        return f"refs/heads/{branch}"

    CHANGES = (withdraw, turn_into_veto, veto, move, delete)

    def raced(self, kind, change, hook, number):
        """Lands while `change` happens; returns how the push ended and what has changed."""
        branch = f"feature/{kind}-{number}"
        tip = self.make(branch, kind)
        self.approve("ben", tip)
        spec = self.spec(branch, kind, tip)
        before = self.main()
        held = self.hold_pushes(hook, "refs/heads/main")
        landing = self.in_background(lambda: self.push("dora", spec))
        try:
            held.wait()
            held.let_others_pass()
            changed = change(self, branch, tip)
        finally:
            held.release()
        result = landing()
        self.assertNotEqual(0, result.code, (kind, change.__name__, hook, result))
        self.assertEqual(before, self.main(), (kind, change.__name__, hook, result))
        self.assert_printable(result.remote)
        return result, changed

    def assert_changes_stop_landings(self, hook):
        for kind in DIRECT:
            for number, change in enumerate(self.CHANGES):
                with self.subTest(kind=kind, change=change.__name__):
                    result, changed = self.raced(kind, change, hook, number)
                    self.assertIn(MOVED % changed, result.remote)

    def test_what_changes_after_pre_receive_stops_the_landing(self):
        self.assert_changes_stop_landings("pre-receive")

    def test_what_changes_while_a_hook_of_the_server_delays_the_update_stops_the_landing(self):
        self.assert_changes_stop_landings("update")

    def test_what_changes_before_the_queue_judges_stops_the_landing(self):
        for number, change in enumerate(self.CHANGES[:4]):
            with self.subTest(change=change.__name__):
                result, _ = self.raced("queue", change, "pre-receive", number)
                self.assertIn("error: REJECTED refs/for/main: ", result.remote)

    def test_what_changes_before_the_queue_moves_main_stops_the_landing(self):
        git("config", "core.filesRefLockTimeout", "20000", cwd=self.server.path)
        lock = os.path.join(self.server.path, "refs", "heads", "main.lock")
        for number, change in enumerate(self.CHANGES[:4]):
            with self.subTest(change=change.__name__):
                branch = f"feature/late-{number}"
                tip = self.make(branch, "queue")
                self.approve("ben", tip)
                before = self.main()
                self.server.events()
                open(lock, "w").close()
                landing = self.in_background(lambda: self.push("dora", f"{tip}:refs/for/main"))
                try:
                    self.assertTrue(wait_until(lambda: self.server.has_intent("refs/heads/main")))
                    change(self, branch, tip)
                finally:
                    os.unlink(lock)
                result = landing()
                self.assertNotEqual(0, result.code, result)
                self.assertEqual(before, self.main(), result)
                self.assertIn("error: REJECTED refs/for/main: ", result.remote)

    def test_an_atomic_push_that_is_held_behind_its_landing_does_not_land(self):
        """Git moves nothing before the update hook has seen all of an atomic push, so a landing that stands first
        can be held up as long as somebody likes by what stands behind it."""
        for number, change in enumerate(self.CHANGES):
            with self.subTest(change=change.__name__):
                branch = f"feature/atomic-{number}"
                tip = self.make(branch, "merge")
                self.approve("ben", tip)
                spec, before = self.spec(branch, "merge", tip), self.main()
                held = self.hold_pushes("update", "refs/heads/zzz")
                landing = self.in_background(
                    lambda: self.push("dora", "--atomic", spec, f"{tip}:refs/heads/zzz"))
                try:
                    held.wait()
                    held.let_others_pass()
                    changed = change(self, branch, tip)
                finally:
                    held.release()
                result = landing()
                self.assertNotEqual(0, result.code, result)
                self.assertEqual(before, self.main(), result)
                self.assertIsNone(self.server.ref("refs/heads/zzz"))
                self.assertIn(f"{changed} moved while it was landing", result.remote)

    def test_what_has_landed_is_no_reason_to_refuse_what_stands_behind_it(self):
        """Not atomic: main has moved by the time the next reference is looked at."""
        tip = self.make("feature/done", "merge")
        self.approve("ben", tip)
        spec = self.spec("feature/done", "merge", tip)
        held = self.hold_pushes("update", "refs/heads/zzz")
        landing = self.in_background(lambda: self.push("dora", spec, f"{tip}:refs/heads/zzz"))
        try:
            held.wait()
            held.let_others_pass()
            self.withdraw("feature/done", tip)
        finally:
            held.release()
        self.assert_accepted(landing())
        self.assertEqual(spec.partition(":")[0], self.main())
        self.assertEqual(tip, self.server.ref("refs/heads/zzz"))

    def test_a_landing_that_nothing_disturbs_lands_however_long_it_is_held(self):
        """What the refusals above are told from."""
        for kind in DIRECT:
            for hook in ("pre-receive", "update"):
                with self.subTest(kind=kind, hook=hook):
                    branch = f"feature/calm-{kind}-{hook}"
                    tip = self.make(branch, kind)
                    self.approve("ben", tip)
                    spec, before = self.spec(branch, kind, tip), self.main()
                    held = self.hold_pushes(hook, "refs/heads/main")
                    landing = self.in_background(lambda spec=spec: self.push("dora", spec))
                    held.wait()
                    held.let_others_pass()
                    held.release()
                    self.assert_accepted(landing())
                    self.assertNotEqual(before, self.main())


if __name__ == "__main__":
    unittest.main()
