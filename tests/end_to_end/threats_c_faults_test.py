"""C-029 to C-032: broken stores, few files, little memory, failing system calls: never an open gate."""
import glob
import hashlib
import os
import shutil
import struct
import unittest
import zlib

from support import EMPTY_PACK, ZERO, GateTest, git, needs, raw_push

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
"""
ERRORS = {"mmap": "ENOMEM", "mremap": "ENOMEM", "openat": "EMFILE", "read": "EIO",
          "pread64": "EIO", "newfstatat": "EIO", "fstat": "EIO", "getdents64": "EIO", "readlink": "EIO",
          "write": "ENOSPC", "fsync": "EIO", "rename": "EIO", "mkdir": "EACCES"}
NEEDS_STRACE = needs("strace")


def one_object_pack(folder, oid, raw):
    """A pack with one commit, and its index (gitformat-pack(5))."""
    kind_and_size, rest = 1 << 4 | len(raw) & 15, len(raw) >> 4
    head = b""
    while rest:
        head += bytes([kind_and_size | 0x80])
        kind_and_size, rest = rest & 0x7f, rest >> 7
    entry = head + bytes([kind_and_size]) + zlib.compress(raw, 1)
    pack = b"PACK" + struct.pack(">II", 2, 1) + entry
    pack_sum = hashlib.sha1(pack).digest()
    first = int(oid[:2], 16)
    index = (b"\xfftOc" + struct.pack(">I", 2) +
             b"".join(struct.pack(">I", 1 if byte >= first else 0) for byte in range(256)) +
             bytes.fromhex(oid) + struct.pack(">II", zlib.crc32(entry), 12) + pack_sum)
    name = os.path.join(folder, "pack-" + hashlib.sha1(bytes.fromhex(oid)).hexdigest())
    with open(name + ".pack", "wb") as file:
        file.write(pack + pack_sum)
    with open(name + ".idx", "wb") as file:
        file.write(index + hashlib.sha1(index).digest())


class Faults(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")

    def share_work_objects(self):
        """Lets the server see every object of the work tree."""
        with open(os.path.join(self.server.path, "objects", "info", "alternates"), "w") as file:
            file.write(os.path.join(self.server.work, ".git", "objects") + "\n")

    def keep_records(self):
        """No deliverer takes records away: it cannot get its lock."""
        os.makedirs(os.path.join(self.server.path, "trunkgate", "state", "deliver.lock"))

    def take_intents(self):
        """How many intent records there are; takes them away."""
        paths = glob.glob(os.path.join(self.server.path, "trunkgate", "spool", "*.I"))
        for path in paths:
            os.unlink(path)
        return len(paths)

    def test_C_029_a_commit_missing_below_a_new_one_is_refused(self):
        middle = self.server.commit("feat: middle", {"x": "1"})
        tip = self.server.commit("feat: tip", {"x": "2"})
        self.share_work_objects()
        gone = os.path.join(self.server.work, ".git", "objects", middle[:2], middle[2:])
        os.rename(gone, gone + ".away")
        done = self.server.judge([(ZERO, tip, "refs/heads/x")])
        self.assertNotEqual(0, done.returncode, done)
        result = raw_push(self.server, [(ZERO, tip, "refs/heads/x")], EMPTY_PACK)
        self.assertNotIn(b"ok refs/", result.report, result)
        os.rename(gone + ".away", gone)
        self.assertEqual(0, self.server.judge([(ZERO, tip, "refs/heads/x")]).returncode)

    def test_C_029_a_missing_alternate_is_refused(self):
        self.server.commit("feat: x", {"x": "1"})
        pool = os.path.join(self.folder, "pool")
        shutil.copytree(os.path.join(self.server.path, "objects"), pool)
        for folder in glob.glob(os.path.join(self.server.path, "objects", "??")):
            shutil.rmtree(folder)
        with open(os.path.join(self.server.path, "objects", "info", "alternates"), "w") as file:
            file.write(pool + "\n")
        self.assert_accepted(self.server.push("HEAD:refs/heads/before"))
        os.rename(pool, pool + ".away")
        tip = self.server.commit("feat: y", {"y": "1"})
        result = self.server.push("HEAD:refs/heads/x")
        self.assertNotEqual(0, result.code, result)
        self.assertNotEqual(0, self.server.judge([(ZERO, tip, "refs/heads/x")]).returncode)
        os.rename(pool + ".away", pool)
        self.assert_accepted(self.server.push("HEAD:refs/heads/x"))

    def test_C_029_objects_that_are_cut_short_or_empty_are_refused(self):
        bad = self.server.commit("no title", {"x": "1"})
        self.share_work_objects()
        path = os.path.join(self.server.work, ".git", "objects", bad[:2], bad[2:])
        os.chmod(path, 0o644)
        with open(path, "rb") as file:
            whole = file.read()
        for keep in (0, 10):
            with self.subTest(keep=keep):
                with open(path, "wb") as file:
                    file.write(whole[:keep])
                # libgit2 may loop for ever on such an object; here its time is cut short.
                done = self.server.judge([(ZERO, bad, "refs/heads/x")], prefix=["prlimit", "--cpu=3"])
                self.assertNotEqual(0, done.returncode, done)

    def test_C_030_two_thousand_packs_and_few_files_give_the_right_verdict(self):
        folder = os.path.join(self.server.path, "objects", "pack")
        tree = git("rev-parse", self.main + "^{tree}", cwd=self.server.path)
        tips = {}
        for title in (b"no title", b"feat: fine"):
            tip = self.main
            for number in range(1000):
                raw = (b"tree %s\nparent %s\nauthor Ada <ada@example.com> %d +0000\n"
                       b"committer Ada <ada@example.com> %d +0000\n\n%s\n" %
                       (tree.encode(), tip.encode(), 1_700_000_000 + number, 1_700_000_000 + number,
                        title if number == 0 else b"feat: step"))
                tip = hashlib.sha1(b"commit %d\0" % len(raw) + raw).hexdigest()
                one_object_pack(folder, tip, raw)
            tips[title] = tip
        few = ["prlimit", "--nofile=256:256"]
        done = self.server.judge([(ZERO, tips[b"no title"], "refs/heads/x")], prefix=few)
        self.assertEqual(1, done.returncode, done)
        self.assertIn(b'"no title"', done.stderr)
        done = self.server.judge([(ZERO, tips[b"feat: fine"], "refs/heads/x")], prefix=few)
        self.assertEqual(0, done.returncode, done)

    def test_C_031_with_little_memory_a_bad_push_is_never_accepted(self):
        bad = self.server.commit("no title", {"x": "1"})
        git("reset", "-q", "--hard", self.main, cwd=self.server.work)
        good = self.server.commit("feat: fine", {"x": "2"})
        self.share_work_objects()
        self.keep_records()
        codes = set()
        for mebibytes in (*range(1, 40), *range(40, 200, 20)):
            prefix = ["prlimit", f"--as={mebibytes << 20}"]
            done = self.server.judge([(ZERO, bad, "refs/heads/x")], prefix=prefix)
            self.assertNotEqual(0, done.returncode, (mebibytes, done))
            done = self.server.judge([(ZERO, good, "refs/heads/x")], prefix=prefix)
            codes.add(done.returncode)
            written = self.take_intents()
            if done.returncode == 0:
                self.assertEqual(1, written, (mebibytes, done))
        self.assertIn(0, codes)
        self.assertGreater(len(codes), 1)

    def failing_calls(self, commands, env=None):
        """Runs the gate with the Nth call of each kind failing, for every N there is."""
        log = os.path.join(self.folder, "strace.log")
        for call, error in ERRORS.items():
            number = 0
            while True:
                number += 1
                prefix = ["strace", "-qq", "-o", log, "-e", f"trace={call}",
                          "-e", f"inject={call}:error={error}:when={number}"]
                self.take_intents()
                done = self.server.judge(commands, prefix=prefix, env=env)
                with open(log, errors="replace") as file:
                    if "(INJECTED)" not in file.read():
                        break
                yield f"{call} {number}", done, self.take_intents()
            self.assertLess(number, 2000)

    @NEEDS_STRACE
    def test_C_032_whichever_call_fails_a_bad_push_is_not_accepted(self):
        bad = self.server.commit("no title", {"x": "1"})
        git("repack", "-adq", cwd=self.server.work)
        self.share_work_objects()
        for what, done, _ in self.failing_calls([(ZERO, bad, "refs/heads/x")]):
            self.assertNotEqual(0, done.returncode, (what, done))

    @NEEDS_STRACE
    def test_C_032_whichever_call_fails_a_direct_push_is_not_accepted(self):
        self.server.write_policy("version: 1\nrulesets:\n  - name: trunk\n    refs: [main]\n"
                                 "    rules:\n      direct-push: {}\n")
        tip = self.server.commit("feat: unseen", {"x": "1"})
        self.share_work_objects()
        for what, done, _ in self.failing_calls([(self.main, tip, "refs/heads/main")]):
            self.assertNotEqual(0, done.returncode, (what, done))

    @NEEDS_STRACE
    def test_C_032_whichever_call_fails_a_bad_push_in_quarantine_is_not_accepted(self):
        bad = self.server.commit("no title", {"x": "1"})
        incoming = os.path.join(self.server.path, "objects", "tmp_objdir-incoming-test")
        shutil.copytree(os.path.join(self.server.work, ".git", "objects"), incoming)
        env = {"GIT_QUARANTINE_PATH": incoming, "GIT_OBJECT_DIRECTORY": incoming,
               "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.path.join(self.server.path, "objects")}
        for what, done, _ in self.failing_calls([(ZERO, bad, "refs/heads/x")], env):
            self.assertNotEqual(0, done.returncode, (what, done))

    @NEEDS_STRACE
    def test_C_032_whichever_call_fails_a_good_push_is_accepted_only_with_its_record(self):
        good = self.server.commit("feat: fine", {"x": "1"})
        git("repack", "-adq", cwd=self.server.work)
        self.share_work_objects()
        self.keep_records()
        for what, done, written in self.failing_calls([(ZERO, good, "refs/heads/x")]):
            if done.returncode == 0:
                self.assertEqual(1, written, (what, done))


if __name__ == "__main__":
    unittest.main()
