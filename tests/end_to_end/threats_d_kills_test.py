"""D-022 to D-029: kill -9 at eight points of a push and its delivery, many times each.

Whatever is killed when: a ref that moved is told once, as what it became; nothing is told of one that did not move.
"""
import collections
import json
import os
import signal
import sqlite3
import subprocess
import unittest

from kill_fuzzer_check import read_journal
from support import EMPTY_PACK, ENVIRONMENT, GateTest, RawClient, TOOL, ZERO, needs, run, wait_until

ROUNDS = int(os.environ.get("TRUNKGATE_KILL_ROUNDS", "8"))


@needs("strace")
class Kills(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.server.events()
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        run(["git", "push", "-q", self.server.path, f"{self.commit}:refs/heads/feature/objects"], cwd=self.server.work)
        self.state = os.path.join(self.server.path, "trunkgate")

    def wrap(self, hook, calls, when):
        """From now on the hook is killed at the call."""
        path = os.path.join(self.server.path, "hooks", hook)
        if not os.path.exists(path + ".ours"):
            os.rename(path, path + ".ours")
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\nexec strace -qq -o /dev/null -e trace={calls} '
                       f'-e inject={calls}:signal=KILL:when={when} {path}.ours "$@"\n')
        os.chmod(path, 0o755)

    def push(self, name, argv=()):
        """The report of a push; what is killed in it was set up before."""
        client = RawClient(self.server, argv=[*argv, "git", "receive-pack", self.server.path])
        client.send([(ZERO, self.commit, name)], EMPTY_PACK)
        _, report, _ = client.result()
        return report

    def check(self, moved):
        """Delivers, and compares with what refs say: `moved` for all of the rounds, None for either."""
        refs = {name for name in self.server.refs() if "/round" in name}
        if moved is not None:
            self.assertEqual(ROUNDS if moved else 0, len(refs))
        events = self.server.events()
        told = collections.Counter(event["subject"] for event in events if "/round" in event["subject"] and
                                   event["type"].endswith("ref.created.v1"))
        self.assertEqual({name: 1 for name in refs}, dict(told))
        accepted = {change["ref"]["name"] for event in self.server.accepted() for change in event["data"]["changes"]}
        self.assertEqual(refs, {name for name in accepted if "/round" in name})
        self.assertEqual([], [n for n in os.listdir(self.state + "/spool") if ".tmp-" not in n])
        rows = read_journal(self.state + "/journal.db")
        self.assertEqual(len(rows), len({identifier for _, identifier, _, _ in rows}))
        self.assertEqual(list(range(1, len(rows) + 1)), [sequence for sequence, _, _, _ in rows])

    def rounds(self, hook, calls, when, moved):
        self.wrap(hook, calls, when)
        for number in range(ROUNDS):
            report = self.push(f"refs/heads/feature/round{number}")
            self.assertEqual(moved, b"ok refs/" in report, report)
        self.check(moved)

    def test_D_022_pre_receive_after_it_has_read_its_input(self):
        self.rounds("pre-receive", "mkdir,fsync", 1, moved=False)

    def test_D_023_pre_receive_after_its_intent(self):
        # Calls of add_file(): rename, fsync of the file, fsync of the folder.
        self.rounds("pre-receive", "fsync", 2, moved=False)

    def test_D_024_pre_receive_when_it_ends(self):
        self.rounds("pre-receive", "exit_group", 1, moved=False)

    def test_D_025_update_when_it_ends(self):
        self.rounds("update", "exit_group", 1, moved=False)

    def test_D_025_receive_pack_between_update_and_the_ref(self):
        for number in range(ROUNDS):
            report = self.push(f"refs/heads/feature/round{number}",
                               ["strace", "-qq", "-o", "/dev/null", "-e", "trace=rename", "-e",
                                "inject=rename:signal=KILL:when=1"])
            self.assertNotIn(b"ok refs/", report)
        self.check(None)

    def test_D_026_receive_pack_after_the_ref(self):
        for number in range(ROUNDS):
            name = f"refs/heads/feature/round{number}"
            client = RawClient(self.server)
            path = os.path.join(self.server.path, name)
            client.send([(ZERO, self.commit, name)], EMPTY_PACK)
            while client.process.poll() is None and not os.path.exists(path):
                pass
            client.process.send_signal(signal.SIGKILL)
            client.result()
        self.check(True)

    def test_D_027_post_receive_before_its_record(self):
        self.rounds("post-receive", "rename,ftruncate", 1, moved=True)

    def test_D_028_post_receive_after_its_record(self):
        self.rounds("post-receive", "exit_group", 1, moved=True)

    def test_D_029_a_deliverer_at_every_call(self):
        lock = ["flock", os.path.join(self.state, "state", "deliver.waiting")]
        killed = 0
        for number, calls in enumerate(["fsync,fdatasync", "pwrite64", "write", "rename,link", "unlink", "ftruncate",
                                        "flock"] * (1 + ROUNDS // 10)):
            for when in (1, 2, 3, 5, 8, 13):
                self.push(f"refs/heads/feature/round-{number}-{when}", lock)
                process = subprocess.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e",
                     f"inject={calls}:signal=KILL:when={when}", TOOL, "deliver", self.server.path],
                    env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
                killed += process.returncode not in (0, 2)
        self.assertGreater(killed, 15)
        self.check(None)
        with open(self.state + "/events.jsonl") as file:
            ids = [json.loads(line)["id"] for line in file]
        self.assertEqual([identifier for _, identifier, _, _ in read_journal(self.state + "/journal.db")],
                         list(dict.fromkeys(ids)))

    def test_D_029_the_first_deliverer_at_every_call_makes_one_sound_journal(self):
        """Nothing stands there yet, so that making the tables is interrupted as well."""
        lock = ["flock", os.path.join(self.state, "state", "deliver.waiting")]
        self.push("refs/heads/feature/round0", lock)
        wait_until(lambda: b"another" not in run([TOOL, "deliver", self.server.path]).stdout)
        killed = 0
        for calls in ["fsync,fdatasync", "pwrite64", "write", "rename,link", "unlink", "openat"]:
            for when in range(1, 60):
                for name in os.listdir(self.state):
                    if name.startswith(("journal", "events")):
                        os.remove(os.path.join(self.state, name))
                marker = os.path.join(self.state, "state", "journal.json")
                if os.path.exists(marker):
                    os.remove(marker)
                process = subprocess.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e",
                     f"inject={calls}:signal=KILL:when={when}", TOOL, "deliver", self.server.path],
                    env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
                if process.returncode == 0:
                    break
                killed += 1
                done = run([TOOL, "deliver", self.server.path])
                self.assertEqual(b"", done.stderr, (calls, when))
                self.assertEqual("1", self.epoch(), (calls, when))
        self.assertGreater(killed, 30)

    def epoch(self):
        journal = sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True)
        try:
            return journal.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
        finally:
            journal.close()


if __name__ == "__main__":
    unittest.main()
