"""trunkgate sweep: notice, archive and the way back, with real pushes and real repositories."""
import glob
import json
import os
import re
import sqlite3
import unittest

from delivery import nobody_delivers
from support import TOOL, GateTest, git, run, wait_until

POLICY = """version: 1
identity: {unknown: allow}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {from: ['feature/**']}
sweep:
  - {name: merged, refs: ['feature/**'], merged-into: [main], after: 10d, notice: 2d}
  - {name: untouched, refs: ['exp/**'], after: 10d, notice: 2d, except: ['exp/keep/**']}
"""
DAY = 86400
EXP, KEPT = "refs/heads/exp/a", "refs/archive/heads/exp/a"
# Kills the sweep whose git is about to move references ("prepared"), or has moved them ("committed").
HOOK = """#!/bin/sh
[ "$1" = {state} ] || exit 0
kill -9 "$(awk '{{print $4}}' /proc/$PPID/stat)"
exit {code}
"""


class Sweep(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.tip = self.server.commit("feat: try", {"a": "1\n"}, branch="exp/a")
        self.assert_accepted(self.server.push("exp/a"))
        self.server.events()

    def sweep(self, *words, code=0):
        done = run([TOOL, "sweep", "--repo", self.server.path, *words], check=False)
        text = (done.stdout + done.stderr).decode()
        self.assertEqual(code, done.returncode, text)
        self.assert_printable(text)
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
        return text.replace(self.tip[:8], "TIP")

    def table(self, *rows):
        return "\n".join(["BRANCH  TIP       IDLE      WHAT", *rows, ""])

    def pass_days(self, days):
        """Lets everything that the gate knows be so much older; commits are from 2023."""
        self.server.events()
        age = int(days * DAY)
        folder = os.path.join(self.server.path, "trunkgate")
        with sqlite3.connect(folder + "/journal.db") as journal:
            journal.execute("UPDATE refs SET not_after = not_after - ? WHERE not_after > 0", [age * 1000000])
            journal.execute("UPDATE events SET time = time - ?", [age * 1000000])
        journal.close()
        if os.path.exists(folder + "/state/sweep.json"):
            with open(folder + "/state/sweep.json") as file:
                state = json.load(file)
            state["notices"] = [[name, tip, given - age, end - age]
                                for name, tip, given, end in state["notices"]]
            with open(folder + "/state/sweep.json", "w") as file:
                json.dump(state, file)

    def give_notice(self):
        self.pass_days(9.5)
        self.assertIn("was given notice", self.sweep())

    def story(self):
        """Of each event of the sweep's and of restored branches: type, subject, cause, who."""
        return [(event["type"][14:-3], re.sub("push_.*", "PUSH", event["subject"]), event["data"]["cause"],
                 event["data"]["actor"]["id"]) for event in self.server.events()[self.before:]]

    def swept_by(self, *rows):
        return [(name, subject, "timer", "sweep") for name, subject in rows]

    def files(self):
        """Everything in the repository, with its times, but for what SQLite keeps for readers."""
        return sorted((path, os.stat(path).st_mtime_ns)
                      for path in glob.glob(self.server.path + "/**", recursive=True)
                      if not path.endswith(("-shm", "-wal", "/trunkgate")))

    @property
    def archived(self):
        return self.swept_by(("push.accepted", "PUSH"), ("ref.created", KEPT), ("ref.deleted", EXP),
                             ("branch.archived", EXP))

    def test_notice_archive_and_both_ways_back(self):
        self.before = len(self.server.events())
        self.assertEqual("nothing to sweep\n", self.sweep())
        self.pass_days(7.5)
        self.assertEqual("nothing to sweep\n", self.sweep())
        self.pass_days(2)
        self.assertEqual([], self.story())
        before = self.files()
        row = "exp/a   TIP  9 days    %s; archived after TIME (untouched)"
        self.assertEqual(self.table(row % "would be given notice"), self.sweep("--dry-run"))
        self.assertEqual(before, self.files())
        self.assertEqual(self.table(row % "was given notice"), self.sweep())
        self.assertEqual(self.table("exp/a   TIP  9 days    archived after TIME (untouched)"), self.sweep())
        self.assertEqual(self.swept_by(("branch.stale", EXP)), self.story())
        stale = self.server.events()[-1]["data"]
        self.assertEqual((["ada@example.com"], self.tip), (stale["owners"][:1], stale["tip"]))
        self.pass_days(2)
        self.assertEqual(self.table(f"exp/a   TIP  11 days   would be archived as {KEPT} (untouched)"),
                         self.sweep("--dry-run"))
        self.assertIsNotNone(self.server.ref(EXP))
        self.assertEqual(self.table(f"exp/a   TIP  11 days   archived as {KEPT} (untouched)"), self.sweep())
        self.assertEqual({KEPT: self.tip, "refs/heads/main": self.server.ref("refs/heads/main")}, self.server.refs())
        self.assertEqual(self.swept_by(("branch.stale", EXP)) + self.archived, self.story())
        self.assertEqual("nothing to sweep\n", self.sweep())

        # Whoever wants it back takes it out of the archive and pushes it.
        self.before = len(self.server.events())
        git("fetch", "-q", self.server.path, KEPT, cwd=self.server.work)
        self.assert_accepted(self.server.push(f"FETCH_HEAD:{EXP}"))
        self.assertEqual(["push.accepted", "ref.created", "branch.restored"], [name for name, *_ in self.story()])
        self.assertEqual(KEPT, self.server.events()[-1]["data"]["restored_from"])
        self.assertEqual("nothing to sweep\n", self.sweep("--dry-run"))

        # It goes again, and an operator brings it back.
        self.give_notice()
        self.pass_days(2)
        self.assertEqual(self.table(f"exp/a   TIP  11 days   archived as {KEPT} (untouched)"), self.sweep())
        self.before = len(self.server.events())
        self.assertEqual(f"exp/a is back, with what {KEPT} has\n", self.sweep("--restore", "exp/a"))
        self.assertEqual(self.tip, self.server.ref(EXP))
        me = run(["id", "-un"]).stdout.decode().strip()
        self.assertEqual([("push.accepted", "PUSH", "admin", me), ("ref.created", EXP, "admin", me),
                          ("branch.restored", EXP, "admin", me)], self.story())
        self.assertEqual(f"error: there is a branch 'exp/a'\nhint: what the archive has of it is {KEPT}\n",
                         self.sweep("--restore", "exp/a", code=1))
        self.assertEqual("error: the archive has no branch 'exp/b'\n"
                         "hint: see what it has with: git for-each-ref refs/archive/heads\n",
                         self.sweep("--restore", "exp/b", code=1))

    def test_a_branch_that_is_pushed_after_the_notice_stays(self):
        self.give_notice()
        self.server.commit("feat: more", {"a": "2\n"}, branch="exp/a")
        self.assert_accepted(self.server.push("exp/a"))
        self.assertEqual("nothing to sweep\n", self.sweep())
        self.before = len(self.server.events())
        # Not even for the old tip does the old notice count.
        self.assert_accepted(self.server.push("-f", f"{self.tip}:{EXP}"))
        self.give_notice()
        self.pass_days(2)
        self.sweep()
        self.assertEqual(self.tip, self.server.ref(KEPT))
        self.assertEqual(self.swept_by(("branch.stale", EXP)) + self.archived, self.story()[2:])

    def test_a_merged_branch_goes_and_one_that_is_not_stays(self):
        self.server.checkout("main")
        self.server.commit("feat: x", {"x": "1\n"}, branch="feature/x")
        self.server.checkout("main")
        self.server.commit("feat: y", {"y": "1\n"}, branch="feature/y")
        self.assert_accepted(self.server.push("feature/x", "feature/y", f"{self.tip}:refs/heads/exp/keep/a", ":exp/a"))
        self.server.checkout("main")
        self.server.merge("feature/x")
        self.assert_accepted(self.server.push("main"))
        self.server.events()
        self.before = len(self.server.events())
        self.give_notice()
        self.pass_days(2)
        tip = self.server.ref("refs/heads/feature/x")
        self.assertEqual("BRANCH     TIP       IDLE      WHAT\n"
                         f"feature/x  {tip[:8]}  11 days   archived as refs/archive/heads/feature/x (merged)\n",
                         self.sweep())
        self.assertEqual({"refs/archive/heads/feature/x", "refs/heads/exp/keep/a", "refs/heads/feature/y",
                          "refs/heads/main"}, set(self.server.refs()))
        self.assertEqual(["branch.stale", "push.accepted", "ref.created", "ref.deleted", "branch.archived"],
                         [name for name, *_ in self.story()])

    def kill(self, state, code):
        """A sweep that would archive the branch and is killed at the state; then one that is not."""
        self.give_notice()
        self.before = len(self.server.events())
        self.pass_days(2)
        hook = os.path.join(self.server.path, "hooks", "reference-transaction")
        with open(hook, "w") as file:
            file.write(HOOK.format(state=state, code=code))
        os.chmod(hook, 0o755)
        done = run([TOOL, "sweep", "--repo", self.server.path], check=False)
        self.assertEqual(-9, done.returncode, done)
        # Git goes on without it.
        locks = [self.server.path + "/refs/**/*.lock", self.server.path + "/packed-refs.lock"]
        wait_until(lambda: not any(glob.glob(lock, recursive=True) for lock in locks))
        os.remove(hook)
        self.server.events()
        self.sweep()
        story = self.story()
        self.assertEqual({KEPT: self.tip, "refs/heads/main": self.server.ref("refs/heads/main")}, self.server.refs())
        ids = [event["id"] for event in self.server.events()]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual([], os.listdir(self.server.path + "/trunkgate/spool"))
        return story

    def test_a_sweep_that_is_killed_before_git_moves_anything_is_done_again(self):
        self.assertEqual(self.swept_by(("push.rejected", "PUSH")) + self.archived, self.kill("prepared", 1))

    def test_a_sweep_that_is_killed_while_git_moves_references_is_told_once(self):
        self.assertEqual(self.archived, self.kill("prepared", 0))

    def test_a_sweep_that_is_killed_after_git_has_moved_them_is_told_once(self):
        self.assertEqual(self.archived, self.kill("committed", 0))

    def test_what_nobody_has_delivered_yet_counts(self):
        self.give_notice()
        self.pass_days(2)
        with nobody_delivers(self.server):
            self.assert_accepted(self.server.push(f"{self.tip}:refs/heads/exp/b"))
            self.server.commit("feat: more", {"a": "2\n"}, branch="exp/a")
            self.assert_accepted(self.server.push("exp/a"))
            self.assertEqual("nothing to sweep\n", self.sweep())

    def test_a_policy_without_sweep_has_nothing_to_do(self):
        self.server.write_policy(POLICY[:POLICY.index("sweep:")])
        self.assertEqual("nothing to sweep: the policy has no 'sweep'\n", self.sweep())

    def test_a_policy_that_cannot_be_loaded_archives_nothing(self):
        self.server.write_policy(POLICY.replace("notice: 2d", "notice: 99d"))
        os.remove(os.path.join(self.server.path, "trunkgate", "state", "last-good-policy.json"))
        self.assertIn("error: the policy cannot be loaded: it has 2 mistakes", self.sweep(code=2))
        self.assertEqual(self.tip, self.server.ref(EXP))


if __name__ == "__main__":
    unittest.main()
