"""Parallel pushes of which many are killed, and deliverers that are killed as well.

    python3 -B kill_fuzzer.py [--outside] SECONDS SEED...

Pushers move a few refs of one repository to and fro while `git gc`, `git pack-refs` and deliverers run.
Whatever takes part dies again and again: receive-pack, a hook, the whole group, the client, a deliverer;
after a while that chance decides, when a certain file appears, or at its Nth call of a kind (strace).
At the end everything is delivered, and check() says whether every acknowledged update stands in exactly
one event. With --outside, refs are moved by other means than pushes as well, and only the net state must
be right. Prints counts as JSON; ends with 1 when something is wrong.
"""
import argparse
import fcntl
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import support
from kill_fuzzer_check import check
from kill_fuzzer_push import Pusher, PushLog, kill
from support import ENVIRONMENT, TOOL, Repository, git, run

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {allow: [main, 'work/**']}
"""
PUSHERS, DELIVERERS = 4, 2
# Calls at which a deliverer may die.
DELIVER_CALLS = ["fsync,fdatasync", "pwrite64", "write", "rename,link", "unlink", "ftruncate", "flock", "openat"]


class World:
    """Work goes on while nobody stops it: then stale locks are removed, which only a still world allows."""

    def __init__(self):
        self.changed = threading.Condition()
        self.working, self.stopping, self.over = 0, False, False

    def __enter__(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.stopping)
            self.working += 1

    def __exit__(self, *_):
        with self.changed:
            self.working -= 1
            self.changed.notify_all()

    def stop_and(self, action):
        with self.changed:
            self.stopping = True
            self.changed.wait_for(lambda: self.working == 0)
            action()
            self.stopping = False
            self.changed.notify_all()


class KillFuzzer:
    def __init__(self, folder, seed, outside=False):
        self.random, self.outside, self.seed = random.Random(seed), outside, seed
        self.server = Repository(folder, policy=POLICY)
        git("config", "receive.autogc", "false", cwd=self.server.path)
        base = self.server.head()
        commits = [self.server.commit(f"feat: {n}", {"f": str(n)}) for n in range(6)]
        self.fill_packed_refs(base)
        git("push", "-q", self.server.path, f"{commits[-1]}:refs/heads/work/all", cwd=self.server.work)
        self.state = os.path.join(self.server.path, "trunkgate")
        if seed % 2:
            self.deliver()  # else the first pass of all comes when pushes are being killed already
        self.log = PushLog(dict(self.server.refs()))
        self.pusher = Pusher(self.server, self.log, base, commits)
        self.world = World()
        self.failures = []

    def fill_packed_refs(self, commit):
        """Git 2.39 takes a packed-refs file for the one it knows when second, size and inode are the same. One of less
        than 32 KiB it has read and closed, so that the next but one can get its inode: then Git deletes a ref that is
        not at the value that was asked for. A larger one stays mapped, and no other gets its inode."""
        git("update-ref", "--stdin", cwd=self.server.path,
            data="".join(f"create refs/tags/old/{n:04} {commit}\n" for n in range(600)).encode())
        git("pack-refs", "--all", cwd=self.server.path)
        assert os.path.getsize(os.path.join(self.server.path, "packed-refs")) > 32 * 1024

    def keep_house(self, chance):
        what = chance.choice([["gc", "-q"], ["pack-refs", "--all"], ["pack-refs"]])
        if self.outside and chance.random() < 0.8:
            name, other = chance.sample(["work/a", "work/b", "work/c", "work/d"], 2)
            value = chance.choice(self.pusher.commits)
            what = chance.choice([["branch", "-M", name, other], ["branch", "-C", name, other],
                                  ["update-ref", f"refs/heads/{name}", value],
                                  ["update-ref", "-d", f"refs/heads/{name}"],
                                  ["update-ref", "refs/tags/t", value]])
        git(*what, cwd=self.server.path, check=False)
        self.log.count("git " + what[0])
        time.sleep(chance.random() * 0.3)

    def hold_deliverers(self, chance):
        """For a while no deliverer does anything, so that what dead pushes have done piles up."""
        with open(os.path.join(self.state, "state", "deliver.waiting"), "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            time.sleep(chance.random() * 2)
        time.sleep(chance.random() * 0.3)

    def run_deliverer(self, chance):
        argv = [TOOL, "deliver", *chance.choice([[], [], ["--woken"], ["--watch"]]), self.server.path]
        if chance.random() < 0.3:
            call = chance.choice(DELIVER_CALLS)
            argv = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                    f"inject={call}:signal=KILL:when={chance.randint(1, 40)}", *argv]
        process = subprocess.Popen(argv, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(timeout=chance.choice([0.01, 0.02, 0.05, 0.1, 0.5, 1.5]))
        except subprocess.TimeoutExpired:
            self.log.count("deliverers killed")
        kill(process.pid, group=True)
        process.wait()
        self.log.count("deliverers")

    def remove_locks(self):
        for pattern in ("*.lock", "refs/**/*.lock"):
            for path in glob.glob(os.path.join(self.server.path, pattern), recursive=True):
                os.unlink(path)
                self.log.count("stale locks")

    def keep_doing(self, action, chance):
        try:
            while not self.world.over:
                with self.world:
                    action(chance)
        except Exception as failure:  # of the fuzzer itself
            self.failures.append(repr(failure))
            raise

    def run(self, seconds, enough):
        """Goes on until `enough` says so of the PushLog, for two minutes at most. Returns the Checks."""
        actions = [self.pusher.push] * PUSHERS + [self.run_deliverer] * DELIVERERS + [self.keep_house]
        if self.seed % 3 == 0:
            actions.append(self.hold_deliverers)
        threads = [threading.Thread(target=self.keep_doing, args=(action, random.Random(self.random.random())))
                   for action in actions]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while not self.failures and (time.monotonic() < end or (time.monotonic() < end + 120 and not enough(self.log))):
            time.sleep(min(2, max(end - time.monotonic(), 0.5)))
            self.world.stop_and(self.remove_locks)
        self.world.over = True
        for thread in threads:
            thread.join()
        self.wait_for_orphans()
        self.remove_locks()
        self.deliver()
        checks = check(self.server.path, self.log, only_hooks=not self.outside)
        for failure in self.failures:
            checks.fault("the fuzzer failed", failure)
        left = os.listdir(os.path.join(self.state, "spool"))
        for name in left:
            if ".tmp-" not in name:
                checks.fault("left in the spool", name)
        checks.counts.update(self.log.counts)
        return checks

    def wait_for_orphans(self):
        """Hooks outlive a receive-pack that was killed, and woken deliverers do anyway."""
        def alive():
            for cwd in glob.glob("/proc/[0-9]*/cwd"):
                try:
                    with open(os.path.dirname(cwd) + "/cmdline") as file:
                        if self.server.path in file.read() or os.readlink(cwd) == self.server.path:
                            return True
                except OSError:
                    pass
            return False
        if not support.wait_until(lambda: not alive()):
            raise AssertionError("processes of the run do not end")

    def deliver(self):
        for _ in range(3):
            support.wait_until(lambda: b"another deliverer" not in run([TOOL, "deliver", self.server.path]).stdout)


def fuzz(seed, seconds, outside=False, enough=lambda log: True):
    """One run in a folder of its own; returns the Checks. The folder of a bad run stays."""
    folder = tempfile.mkdtemp(prefix="trunkgate-fuzz-")
    checks = KillFuzzer(folder, seed, outside).run(seconds, enough)
    checks.folder = folder
    if not checks.faults:
        shutil.rmtree(folder, ignore_errors=True)
    return checks


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seconds", type=float)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--outside", action="store_true", help="move refs by other means than pushes, too")
    arguments = parser.parse_args()
    bad = False
    for seed in arguments.seeds:
        checks = fuzz(seed, arguments.seconds, arguments.outside)
        bad = bad or bool(checks.faults)
        print(json.dumps({"seed": seed, "outside": arguments.outside, **dict(sorted(checks.counts.items())),
                          "faults": checks.faults, **({"folder": checks.folder} if checks.faults else {})}), flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
