"""trunkgate doctor: what killed pushes and damage have left behind, with the commands that mend it (A-046, A-047)."""
import os
import subprocess
import time
import unittest

from delivery import nobody_delivers
from operator_commands import OperatorTest
from support import ENVIRONMENT, TOOL, run

HOUR, DAY = 3600, 86400


class OperatorDoctor(OperatorTest):
    def told(self, code):
        done = run([TOOL, "doctor"], cwd=self.server.path, check=False)
        self.assertEqual((code, b""), (done.returncode, done.stderr), done)
        return done.stdout.decode().replace(self.server.path, "SERVER")

    def leave(self, name, age, text=""):
        """A file that is so many seconds old."""
        path = os.path.join(self.server.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        self.make_old(path, age)
        return path

    def make_old(self, path, age):
        then = time.time() - age
        os.utime(path, (then, then))

    def mend(self, told):
        """Runs what it says, as an admin would."""
        for line in told.splitlines():
            if line.startswith("  fix    "):
                command = line.removeprefix("  fix    ").replace("SERVER", self.server.path)
                run(["sh", "-c", command], env={"PATH": os.path.dirname(TOOL) + ":" + ENVIRONMENT["PATH"]})

    def test_finds_nothing_where_nothing_is_wrong(self):
        self.assertEqual("nothing is wrong\n", self.told(0))

    def test_A_047_locks_that_a_killed_git_left_refuse_pushes_and_are_named(self):
        self.leave("refs/heads/main.lock", 3 * HOUR)
        self.leave("packed-refs.lock", 11 * 60)
        self.leave("refs/heads/feature/new.lock", 60)  # may be somebody's
        self.server.commit("feat: three", {"a": "3\n"})
        refused = self.server.push("HEAD:refs/heads/main")
        self.assertIn("the server cannot update it: a lock file was left behind 180 minutes ago", refused.text)
        told = self.told(1)
        self.assertEqual("packed-refs.lock is a lock 11 minutes old that no process holds; until it is gone, nobody "
                         "changes packed-refs\n"
                         "  fix    rm SERVER/packed-refs.lock\n"
                         "refs/heads/main.lock is a lock 3 hours old that no process holds; until it is gone, nobody "
                         "changes refs/heads/main\n"
                         "  fix    rm SERVER/refs/heads/main.lock\n"
                         "2 things are wrong\n", told)
        self.mend(told)
        self.assertEqual("nothing is wrong\n", self.told(0))
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))

    def test_A_047_a_lock_with_a_name_that_cannot_be_printed_has_no_command(self):
        # U+009B begins a control sequence in some terminals.
        self.leave("refs/heads/a\u009b2Jb.lock", HOUR)
        self.assertEqual("refs/heads/a<U+009B>2Jb.lock is a lock 60 minutes old that no process holds; until it is "
                         "gone, nobody changes refs/heads/a<U+009B>2Jb\n1 thing is wrong\n", self.told(1))

    def test_A_047_a_lock_may_belong_to_a_git_that_is_at_work_in_the_repository(self):
        self.leave("refs/heads/main.lock", 3 * HOUR)
        folder, name = os.path.split(self.server.path)
        for cwd, options, variables in ((self.server.path, [], {}), (self.server.path + "/objects", [], {}),
                                        (folder, ["--git-dir=" + name], {}), ("/", ["--git-dir", self.server.path], {}),
                                        (folder, [], {"GIT_DIR": name})):
            worker = subprocess.Popen(["git", *options, "cat-file", "--batch"], cwd=cwd,
                                      env={**ENVIRONMENT, **variables}, stdin=subprocess.PIPE,
                                      stdout=subprocess.DEVNULL)
            try:
                self.assertEqual("nothing is wrong\n", self.told(0), (cwd, options, variables))
            finally:
                worker.communicate()
        self.assertIn("refs/heads/main.lock is a lock", self.told(1))

    def test_A_046_quarantines_that_pushes_left_are_counted_and_pruned(self):
        for name, age in (("tmp_objdir-incoming-aaaaaa", 20 * DAY), ("tmp_objdir-incoming-bbbbbb", 16 * DAY),
                          ("tmp_objdir-incoming-cccccc", DAY)):
            self.make_old(os.path.dirname(self.leave(f"objects/{name}/left", age)), age)
        told = self.told(1)
        self.assertEqual("2 quarantines of killed pushes in objects/, up to 20 days old\n"
                         "  fix    git -C SERVER prune --expire=2.weeks.ago\n1 thing is wrong\n", told)
        self.mend(told)
        self.assertEqual(["tmp_objdir-incoming-cccccc"],
                         [name for name in os.listdir(self.server.path + "/objects") if name.startswith("tmp_")])
        self.assertEqual("nothing is wrong\n", self.told(0))

    def test_records_that_nobody_delivers_are_counted_and_delivered(self):
        with nobody_delivers(self.server):
            self.server.commit("feat: three", {"a": "3\n"})
            self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
            spool = os.path.join(self.server.path, "trunkgate", "spool")
            names = os.listdir(spool)
            for name in names:
                self.make_old(os.path.join(spool, name), 5 * HOUR)
            told = self.told(1)
        self.assertEqual(2, len(names))
        self.assertEqual("2 records of pushes in the spool, up to 5 hours old; no event tells of them yet\n"
                         "  fix    trunkgate deliver SERVER\n1 thing is wrong\n", told)
        self.mend(told)
        self.assertEqual("nothing is wrong\n", self.told(0))

    def test_damaged_files_and_a_journal_that_was_changed_are_told(self):
        self.leave("trunkgate/spool/5bce98f7-4397d1b6-1-1.I", HOUR, "{")
        self.deliver()
        self.change("DELETE FROM events WHERE sequence = 3")
        self.assertEqual("trunkgate/spool/5bce98f7-4397d1b6-1-1.I.damaged was set aside because it was damaged; keep it "
                         "or remove it\n"
                         "the journal: event 3 was removed\n"
                         "  fix    trunkgate events verify --repo SERVER\n2 things are wrong\n", self.told(1))


if __name__ == "__main__":
    unittest.main()
