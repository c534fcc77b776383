"""One push of the kill fuzzer, by a client that speaks to receive-pack itself, and the ways in which it dies."""
import collections
import hashlib
import os
import signal
import socket
import threading
import time

from support import EMPTY_PACK, ZERO, RawClient, git, pack_of

REFS = ["refs/heads/main", "refs/heads/work/a", "refs/heads/work/b", "refs/heads/work/b2", "refs/tags/t", "refs/tags/u"]
BAD_REF = "refs/heads/elsewhere"
# Calls at which a process may die, of all that a push starts.
CALLS = ["fsync", "rename", "link", "unlink", "ftruncate", "close", "openat", "execve", "write", "exit_group"]


def key_of(pid):
    """The id that events give to the push of a receive-pack (lib/base/push_key.h); None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            start = file.read().rpartition(")")[2].split()[19]
    except OSError:
        return None
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read()[:8]
    return f"{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]}-{boot}-{pid}-{start}"


def push_id(key):
    return "push_" + hashlib.sha256(key.encode()).hexdigest()[:32]


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def hook_of(pid):
    """The name of the hook that a process runs, or something else."""
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return os.path.basename(file.read().split("\0")[0])
    except OSError:
        return None


def kill(pid, group=False):
    try:
        (os.killpg if group else os.kill)(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


class PushLog:
    """What clients asked for and were told: (push, ref, before, after)."""

    def __init__(self, first):
        self.first = first
        self.asked = collections.defaultdict(set)
        self.acknowledged = []
        self.counts = collections.Counter()
        self.lock = threading.Lock()

    def count(self, what):
        with self.lock:
            self.counts[what] += 1


class Pusher:
    def __init__(self, server, log, base, commits):
        self.server, self.log, self.base, self.commits = server, log, base, commits
        self.state = os.path.join(server.path, "trunkgate")

    def commands(self, chance, refs):
        """What to ask for: a few refs, mostly with the values they have."""
        names = chance.sample(REFS, chance.choice([1, 1, 1, 2, 3, len(REFS)]))
        if chance.random() < 0.03:
            names.append(BAD_REF)
        asked, fresh = [], []
        for name in names:
            before = refs.get(name.encode(), ZERO.encode()).decode()
            # Few values, so that refs come back to where they were.
            after = chance.choice(self.commits[:3] if chance.random() < 0.8 else self.commits)
            if chance.random() < 0.2 and name != "refs/heads/main":
                after = ZERO
            elif chance.random() < 0.1:
                after = git("commit-tree", "-p", self.base, "-m", f"feat: {chance.random()}",
                            self.base + "^{tree}", cwd=self.server.work)
                fresh.append(after)
            if before == after == ZERO:
                after = self.commits[0]
            if chance.random() < 0.03:
                before = chance.choice(self.commits)  # a lie
            asked.append((before, after, name))
        return asked, fresh

    def push(self, chance):
        argv = ["git", "receive-pack", self.server.path]
        way = chance.choices(["none", "delay", "group", "client", "hook", "file", "unfinished", "strace"],
                             [35, 8, 10, 8, 8, 15, 15, 6])[0]
        if way == "strace":
            call = chance.choice(CALLS)
            number = chance.randint(1, 60 if call in ("openat", "close") else 4)
            argv = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                    f"inject={call}:signal=KILL:when={number}", *argv]
        client = RawClient(self.server, argv=["setsid", *argv])
        try:
            pid = client.process.pid
            if way == "strace":
                pid = next(iter(children(pid)), None)
            key = key_of(pid) if pid else None
            if key is None or not client.refs:
                return
            asked, fresh = self.commands(chance, client.refs)
            pack = pack_of(self.server, fresh, [self.base]) if fresh else EMPTY_PACK
            if all(after == ZERO for _, after, _ in asked):
                pack = b""
            capabilities = "report-status side-band-64k" + (" atomic" if chance.random() < 0.1 else "")
            identifier = push_id(key)
            with self.log.lock:
                self.log.asked[identifier] = {(name, before, after) for before, after, name in asked}
            killer = threading.Thread(target=self.kill, args=(way, client, pid, key, chance.random(), chance.random()))
            client.send(asked, pack, capabilities)
            killer.start()
            _, report, _ = client.result(timeout=60) if way != "client" else (0, b"", b"")
            killer.join()
            for before, after, name in asked:
                if b"ok " + name.encode() + b"\n" in report:
                    with self.log.lock:
                        self.log.acknowledged.append((identifier, name, before, after))
            self.log.count("pushes")
            self.log.count(f"killed: {way}")
        finally:
            for stream in (client.process.stdin, client.process.stdout, client.process.stderr):
                try:
                    stream.close()
                except OSError:
                    pass
            client.process.wait(timeout=60)

    def kill(self, way, client, pid, key, first, second):
        """Runs beside a push. `first` and `second` are chances from 0 to 1."""
        if way in ("none", "strace"):
            return
        if way == "unfinished":
            # Git has told the client by now, and the gate does not know of it yet.
            while client.process.poll() is None:
                for child in children(pid):
                    if hook_of(child) == "post-receive":
                        kill(child)
                        return
            return
        if way == "file":
            path = self.state + ("/state/verdicts/" + key, "/spool/" + key + ".I",
                                 "/spool/" + key + ".R")[int(first * 3)]
            while client.process.poll() is None and not os.path.exists(path):
                time.sleep(0.0003)
            if second < 0.5:
                time.sleep(second / 50)
        else:
            time.sleep(first * 0.08)
        if way == "client":
            for stream in (client.process.stdout, client.process.stderr):
                stream.close()
        elif way == "group":
            kill(pid, group=True)
        elif way == "hook" or (way == "file" and second > 0.7):
            for child in children(pid):
                kill(child)
        else:
            kill(pid)
