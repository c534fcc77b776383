"""The merge queue when others are at work, when it is killed, and when the server is broken."""
import fcntl
import os
import subprocess
import threading
import unittest

from merge_queue import FEATURES, IDENTITY, MergeQueueTest, git
from support import ENVIRONMENT, PushResult, run, wait_until

# What runs in a transaction of git update-ref on main: $parent is proc-receive, $above receive-pack.
ON_MAIN = """test "$1" = %s || exit 0
grep -q ' refs/heads/main$' || exit 0
read -r _ _ _ updater _ </proc/$PPID/stat
parent=$(cut -d' ' -f4 /proc/$PPID/stat)
above=$(cut -d' ' -f4 /proc/$parent/stat)
%s
"""


class Landing(threading.Thread):
    """A push that goes on while the test does something else."""

    def __init__(self, test, spec, user="ada"):
        super().__init__()
        self.test, self.spec, self.user, self.outcome = test, spec, user, None
        self.start()

    def run(self):
        done = subprocess.run(["git", "push", "origin", self.spec], cwd=self.test.server.work,
                              env=dict(ENVIRONMENT, REMOTE_USER=self.user), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        self.outcome = PushResult(done)

    def result(self):
        self.join()
        return self.outcome


class Races(MergeQueueTest):
    def held(self):
        """Keeps Git from moving main; returns a function that lets it."""
        self.config("core.filesRefLockTimeout", "20000")
        lock = os.path.join(self.server.path, "refs", "heads", "main.lock")
        with open(lock, "w"):
            pass
        return lambda: os.remove(lock)

    def wait_for_intent(self):
        """The landing has been judged and recorded; Git is about to move main."""
        self.assertTrue(wait_until(lambda: self.server.has_intent("refs/heads/main")))

    def set_ref(self, name, oid):
        """Without the lock that is held."""
        with open(os.path.join(self.server.path, name), "w") as file:
            file.write(oid + "\n")

    def test_many_at_once_land_one_after_the_other(self):
        self.begin()
        before = self.main()
        commits = {self.branch(f"feature/{i}") for i in range(6)}
        landings = [Landing(self, f"feature/{i}:refs/for/main") for i in range(6)]
        for landing in landings:
            self.assert_accepted(landing.result())
        line = git("log", "--first-parent", "--format=%P", f"{before}..main", cwd=self.server.path).splitlines()
        self.assertEqual(6, len(line))
        self.assertEqual(commits, {parents.split()[1] for parents in line})
        self.assert_no_request_left()
        events = [e["data"]["change"] for e in self.server.events()
                  if e["type"] == "dev.trunkgate.ref.updated.v1"]
        self.assertEqual(6, len(events))
        # An unbroken chain from the first to the last.
        steps = {change["before"]: change["after"] for change in events}
        at = before
        for _ in range(6):
            at = steps[at]
        self.assertEqual(self.main(), at)

    def test_of_two_that_conflict_the_second_is_judged_on_the_new_main(self):
        self.begin()
        self.branch("feature/x", {"README": "mine\n"})
        self.branch("feature/y", {"README": "yours\n"})
        results = [landing.result() for landing in
                   [Landing(self, f"feature/{name}:refs/for/main") for name in "xy"]]
        self.assertEqual([0, 1], sorted(result.code for result in results))
        reason = [self.reasons(result)["refs/for/main"] for result in results if result.code != 0]
        self.assertRegex(reason[0], r"^'feature/[xy]' does not merge into 'main': 1 file conflicts$")

    def test_who_waits_too_long_is_told(self):
        self.begin()
        self.branch("feature/x")
        before = self.server.refs()
        with open(os.path.join(self.server.path, "trunkgate", "state", "queue.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = self.ask("feature/x:refs/for/main")
        self.assert_not_landed(result, before, "another landing is going on; push again")
        self.assert_accepted(self.ask("feature/x:refs/for/main"))

    def test_a_direct_landing_that_comes_first_is_built_upon(self):
        self.begin()
        before = self.main()
        x, y = self.branch("feature/x"), self.branch("feature/y")
        self.server.checkout("-B", "main", before)
        first = self.server.merge("feature/y")
        self.assert_accepted(self.server.push(first + ":refs/heads/feature/z", user="ada"))
        release = self.held()
        landing = Landing(self, "feature/x:refs/for/main")
        self.wait_for_intent()
        self.set_ref("refs/heads/main", first)
        release()
        merge = self.assert_lands(landing.result(), x, first)
        self.assertTrue(y)
        changes = [e["data"]["change"] for e in self.server.events() if e["subject"] == "refs/heads/main"
                   and e["type"] == "dev.trunkgate.ref.updated.v1"]
        self.assertEqual(merge, changes[-1]["after"])

    def test_a_branch_that_moves_away_meanwhile_does_not_land(self):
        self.begin()
        before = self.main()
        commit = self.branch("feature/x")
        release = self.held()
        landing = Landing(self, "feature/x:refs/for/main")
        self.wait_for_intent()
        run(["git", "update-ref", "refs/heads/feature/x", before], cwd=self.server.path)
        release()
        result = landing.result()
        self.assertEqual(f"{commit[:8]} is on no branch of the server yet", self.reasons(result)["refs/for/main"])
        self.assertEqual(before, self.main())
        # Nothing is told of the landing that was judged and did not come about.
        self.assertEqual(["proc-receive"], [e["data"]["stage"] for e in self.server.rejections()])
        types = [kind for kind, subject in self.server.event_types() if subject == "refs/heads/main"]
        self.assertEqual([], types)
        self.assertEqual([], os.listdir(os.path.join(self.server.path, "trunkgate", "spool")))

    def test_killed_after_main_has_moved(self):
        for phase in ("prepared", "committed"):
            with self.subTest(phase=phase):
                self.setUp()
                self.begin()
                before = self.main()
                commit = self.branch("feature/x")
                self.server.events()
                self.hook("reference-transaction", ON_MAIN % (phase, "kill -9 $parent $above"))
                self.assertNotEqual(0, self.ask("feature/x:refs/for/main").code)
                self.assertTrue(wait_until(lambda: self.main() != before))
                parents = git("log", "-1", "--format=%P", "main", cwd=self.server.path).split()
                self.assertEqual([before, commit], parents)
                told = [e for e in self.server.events() if e["subject"] == "refs/heads/main"]
                self.assertEqual(["dev.trunkgate.ref.updated.v1", "dev.trunkgate.change.landed.v1"],
                                 [e["type"] for e in told])
                self.assertEqual(("push-recovered", before, self.main(), "ada"), (
                    told[0]["data"]["cause"], told[0]["data"]["change"]["before"],
                    told[0]["data"]["change"]["after"], told[0]["data"]["actor"]["id"]))

    def test_the_hook_alone_killed_after_main_has_moved(self):
        self.begin()
        before = self.main()
        self.branch("feature/x")
        self.branch("feature/y")
        more = self.server.commit("feat: more", {"more": "1"})
        self.server.events()
        self.hook("reference-transaction", ON_MAIN % ("committed", "kill -9 $parent"))
        result = self.ask("feature/x:refs/for/main", "feature/y")
        self.assertEqual("fail to run proc-receive hook", self.reasons(result)["refs/for/main"])
        self.assertEqual(more, self.server.ref("refs/heads/feature/y"))
        self.assertNotEqual(before, self.main())
        told = [(e["type"], e["subject"]) for e in self.server.events()]
        self.assertIn(("dev.trunkgate.ref.updated.v1", "refs/heads/main"), told)
        self.assertEqual([], self.server.rejections())

    def test_a_hook_of_the_server_that_keeps_main_is_the_servers_fault(self):
        self.begin()
        self.branch("feature/x")
        before = self.server.refs()
        self.hook("reference-transaction", ON_MAIN % ("prepared", "echo no >&2; exit 1"))
        result = self.ask("feature/x:refs/for/main")
        reason = self.reasons(result)["refs/for/main"]
        self.assertTrue(reason.startswith("the server could not decide: git cannot move the branch: "), reason)
        self.assertEqual(before, self.server.refs())
        self.assertNotIn(("ref.updated", "refs/heads/main"), self.server.event_types())

    def test_a_broken_policy_lands_nothing(self):
        self.begin()
        self.branch("feature/x")
        before = self.server.refs()
        os.remove(os.path.join(self.server.path, "trunkgate", "policy.yaml"))
        os.remove(os.path.join(self.server.path, "hooks", "pre-receive"))
        reason = self.reasons(self.ask("feature/x:refs/for/main"))["refs/for/main"]
        self.assertRegex(reason, r"^the server could not decide: the policy .* is missing$")
        self.assertEqual(before, self.server.refs())

    def test_a_full_spool_lands_nothing(self):
        self.begin()
        self.branch("feature/x")
        before = self.server.refs()
        self.server.events()
        spool = os.path.join(self.server.path, "trunkgate", "spool")
        os.rmdir(spool)
        with open(spool, "w"):
            pass
        reason = self.reasons(self.ask("feature/x:refs/for/main"))["refs/for/main"]
        self.assertRegex(reason, "^the server could not decide: ")
        self.assertEqual(before, self.server.refs())


if __name__ == "__main__":
    unittest.main()
