"""D-015 to D-017, D-033, D-038: a journal in another's hands, spoilt, or written under another clock.

Hooks never open the journal, so a push neither waits for it nor fails with it.
"""
import ctypes
import glob
import json
import os
import re
import sqlite3
import unittest

from delivery import nobody_delivers
from support import BUILD, POLICY, GateTest, PushResult, TOOL, git, run

NOBODY, OTHER = 65534, 1  # nobody, daemon
DAY = 86400 * 1_000_000
ROOT = unittest.skipUnless(os.geteuid() == 0, "only root can act as other accounts")


def as_user(user, mask="022"):
    return ["setpriv", f"--reuid={user}", f"--regid={NOBODY}", "--clear-groups",
            "sh", "-c", f'umask {mask}; exec "$@"', "sh"]


class Journal(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.folder_of_gate = os.path.join(self.server.path, "trunkgate")
        self.journal = os.path.join(self.folder_of_gate, "journal.db")
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        self.told = []

    def push(self, name, argv=()):
        """Accepted, and nothing was to be said."""
        result = PushResult(run([*argv, "git", "push", self.server.path, f"{self.commit}:refs/heads/feature/{name}"],
                                cwd=self.server.work, check=False))
        self.assert_accepted(result)
        self.assertNotIn("warning", result.remote)
        self.told.append(("ref.created", f"refs/heads/feature/{name}"))

    def watch(self, path):
        """A function that says, as inotify(7) does, how the file was opened since then or since it was called last."""
        library = ctypes.CDLL(None, use_errno=True)
        watch = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.addCleanup(os.close, watch)
        in_open = 0x20
        self.assertGreater(library.inotify_add_watch(watch, os.fsencode(path), in_open), 0)

        def opened():
            try:
                return os.read(watch, 65536)
            except BlockingIOError:
                return b""
        return opened

    def deliver(self, argv=()):
        return run([*argv, TOOL, "deliver", self.server.path], check=False)

    def test_D_015_a_journal_that_another_process_holds_delays_no_push(self):
        self.push("a")
        self.server.events()
        holder = sqlite3.connect(self.journal, isolation_level=None)
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        opened = self.watch(self.journal)
        with nobody_delivers(self.server):
            self.push("b")
        self.assertEqual(b"", opened())
        done = self.deliver()
        self.assertEqual(2, done.returncode, done)
        self.assertIn("database is locked", done.stderr.decode())
        self.assertNotEqual(b"", opened())
        holder.execute("COMMIT")
        holder.close()
        self.assertEqual(self.told, self.server.event_types())
        self.assertEqual([], glob.glob(self.journal + ".damaged*"))

    def test_D_016_a_spoilt_journal_is_set_aside_and_said(self):
        def write(text):
            for path in glob.glob(self.journal + "*"):
                os.remove(path)
            with open(self.journal, "wb") as file:
                file.write(text)

        def replace(make):
            for path in glob.glob(self.journal + "*"):
                if "damaged" not in path:
                    os.remove(path)
            make()

        self.push("begin")
        self.server.events()
        ways = {"garbage": lambda: write(b"garbage" * 1000),
                "zero length": lambda: write(b""),
                "truncated": lambda: os.truncate(self.journal, os.path.getsize(self.journal) * 3 // 5 // 4096 * 4096),
                "a folder": lambda: replace(lambda: os.mkdir(self.journal)),
                "a link": lambda: replace(lambda: os.symlink("/etc/hostname", self.journal))}
        before = open("/etc/hostname").read() if os.path.exists("/etc/hostname") else None
        for epoch, (way, spoil) in enumerate(ways.items(), 2):
            with self.subTest(way):
                with nobody_delivers(self.server):  # no woken deliverer sees it first
                    spoil()
                    self.push(way.replace(" ", "-"))
                done = self.deliver()
                said = done.stderr.decode()
                self.assertEqual(2, done.returncode, said)
                self.assertIn("journal.db was gone" if way == "zero length" else "it was renamed to", said)
                self.assertIn(f"events are counted in epoch {epoch} from now on", said)
                last = self.server.events()[-1]
                self.assertEqual(self.told[-1][1], last["subject"])
                self.assertTrue(last["source"].endswith(f"epoch={epoch}"), last["source"])
        self.assertEqual(self.told, self.server.event_types())
        if before is not None:
            self.assertEqual(before, open("/etc/hostname").read())

    def share(self):
        if run([*as_user(NOBODY), "test", "-x", BUILD + "/libexec/trunkgate/pre-receive"], check=False).returncode:
            self.skipTest("the build folder cannot be reached by other accounts")
        os.chmod(self.folder, 0o755)

    @ROOT
    def test_D_017_a_journal_of_another_account_delays_no_push(self):
        self.share()
        run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.server.path, self.server.work])
        self.push("a", as_user(NOBODY))
        self.assertEqual(0, self.deliver(as_user(NOBODY)).returncode)
        os.chown(self.journal, 0, 0)
        os.chmod(self.journal, 0o600)
        for path in (self.journal + "-wal", self.journal + "-shm"):
            if os.path.exists(path):
                os.remove(path)
        self.push("b", as_user(NOBODY))
        done = self.deliver(as_user(NOBODY))
        self.assertEqual(2, done.returncode, done)
        self.assertIn("journal.db", done.stderr.decode())
        os.chown(self.journal, NOBODY, NOBODY)
        self.assertEqual(0, self.deliver(as_user(NOBODY)).returncode)
        run(["chown", "-R", "0:0", self.server.path])
        self.assertEqual(self.told, self.server.event_types())

    @ROOT
    def test_D_033_a_shared_repository_takes_pushes_and_deliverers_of_two_accounts(self):
        self.share()
        git("config", "core.sharedRepository", "0660", cwd=self.server.path)
        run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.server.path, self.server.work])
        run(["chmod", "-R", "ug+rwX", self.server.path])
        run(["find", self.server.path, "-type", "d", "-exec", "chmod", "g+s", "{}", "+"])
        with open(self.folder + "/gitconfig", "w") as file:
            file.write("[safe]\n\tdirectory = *\n")
        safe = ["env", f"GIT_CONFIG_GLOBAL={self.folder}/gitconfig"]
        for number, (user, mask) in enumerate([(NOBODY, "077"), (OTHER, "077"), (NOBODY, "002"), (OTHER, "002")] * 2):
            self.push(f"f{number}", [*as_user(user, mask), *safe])
            deliverer = OTHER if number % 3 else NOBODY
            done = self.deliver([*as_user(deliverer, "077"), *safe])
            self.assertEqual((0, b""), (done.returncode, done.stderr))
        self.assertEqual([], os.listdir(os.path.join(self.folder_of_gate, "spool")))
        with open(os.path.join(self.folder_of_gate, "events.jsonl")) as file:
            events = [json.loads(line) for line in file]
        self.assertEqual([ref for _, ref in self.told],
                         [event["subject"] for event in events if event["type"].endswith("ref.created.v1")])


class Clock(GateTest):
    """The programs are linked so that no library can stand between them and the clock: instead of the clock, everything
    that they have recorded is moved."""

    def setUp(self):
        super().setUp()
        self.taker = os.path.join(self.folder, "take")
        with open(self.taker, "w") as file:
            file.write(f"#!/bin/sh\ntest -e {self.folder}/up || exit 1\n(cat; echo) >>{self.folder}/taken\n")
        os.chmod(self.taker, 0o755)
        self.server = self.repository(policy=POLICY + f"events: {{sinks: [{{name: taker, command: {self.taker}}}, "
                                                      "{name: events, file: events.jsonl}]}\n")
        self.commit = self.server.commit("feat: add login", {"login": "1"})

    def jump(self, micros):
        """The server's clock goes that much forward, or back."""
        journal = sqlite3.connect(os.path.join(self.server.path, "trunkgate", "journal.db"))
        with journal:
            for table, columns in {"deliveries": ["due", "first_tried", "changed"], "events": ["time", "recorded"],
                                   "sinks": ["failing_since", "tried_at", "retry_at", "last_success"]}.items():
                for column in columns:
                    journal.execute(f"UPDATE {table} SET {column} = {column} - ? WHERE {column} > 0", (micros,))
        journal.close()
        for path in glob.glob(os.path.join(self.server.path, "trunkgate", "spool", "*")):
            with open(path) as file:
                text = file.read()
            with open(path, "w") as file:
                file.write(re.sub(r'("(?:time|looked)":)([0-9]+)',
                                  lambda at: at.group(1) + str(int(at.group(2)) - micros), text))

    def push(self, name):
        with nobody_delivers(self.server):
            self.assert_accepted(self.server.push(f"{self.commit}:refs/heads/feature/{name}"))

    def test_D_038_a_clock_that_jumps_neither_stops_nor_repeats_anything(self):
        for name, micros in (("forward", DAY), ("back", -DAY), ("back-again", -DAY), ("forth", 2 * DAY)):
            with self.subTest(name):
                if os.path.exists(self.folder + "/up"):
                    os.remove(self.folder + "/up")
                self.push(name)
                run([TOOL, "deliver", self.server.path], check=False)  # the taker refuses, and is tried again later
                self.push(name + "-2")
                self.jump(micros)
                with open(self.folder + "/up", "w"):
                    pass
                self.server.events()
                with open(self.folder + "/taken") as file:
                    taken = [json.loads(line) for line in file if line.strip()]
                refs = [event["subject"] for event in taken if event["type"].endswith("ref.created.v1")]
                self.assertEqual([f"refs/heads/feature/{name}", f"refs/heads/feature/{name}-2"], refs[-2:])
        events = self.server.events()
        self.assertEqual([f"{n:020}" for n in range(1, len(events) + 1)], [event["sequence"] for event in events])
        self.assertEqual([event["id"] for event in events], [event["id"] for event in taken])


if __name__ == "__main__":
    unittest.main()
