"""C-023, C-024, C-043 and D-061: trees, notebooks and words that are meant to wear the gate out or to get around it."""
import hashlib
import json
import os
import resource
import subprocess
import time
import unittest
import zlib

from support import ENVIRONMENT, ZERO, GateTest, git, run

POLICY = """version: 1
rulesets:
  - name: content
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
      forbidden-path: {paths: ['*.ckpt']}
      oversized-file: {limit: 10 MiB}
      overlong-path: {}
      colliding-path: {}
      unportable-path: {}
      forbidden-content: {match: ['BEGIN PRIVATE']}
      conflict-marker: {}
      notebook-output: {}
      invalid-config: {}
      leaked-secret: {}
"""
MAX_SECONDS = 20       # they take a few; the machine may be busy
MAX_KIB = 700 * 1024


class Wear(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.objects = os.path.join(self.server.work, ".git", "objects")
        self.main = self.server.ref("refs/heads/main")
        self.kept = 0

    def store(self, kind, data):
        """Stores an object in the work tree without asking Git, which would not make some of them."""
        raw = b"%s %d\0" % (kind, len(data)) + data
        oid = hashlib.sha1(raw).hexdigest()
        folder = os.path.join(self.objects, oid[:2])
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, oid[2:])
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(zlib.compress(raw, 1))
        return oid

    def tree(self, entries):
        return self.store(b"tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid)
                                            for mode, name, oid in entries))

    def commit(self, tree, title="feat: wear it out"):
        return git("commit-tree", tree, "-p", self.main, "-m", title, cwd=self.server.work)

    def judge(self, commit):
        """What the installed pre-receive says of it, its exit code, seconds and memory."""
        alternates = os.path.join(self.server.path, "objects", "info", "alternates")
        with open(alternates, "w") as file:
            file.write(self.objects + "\n")
        self.addCleanup(lambda: os.path.exists(alternates) and os.unlink(alternates))
        start = time.monotonic()
        process = subprocess.Popen(["hooks/pre-receive"], cwd=self.server.path,
                                   env=dict(ENVIRONMENT, GIT_DIR="."), stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        process.stdin.write(f"{ZERO} {commit} refs/heads/x\n".encode())
        process.stdin.close()
        text = process.stderr.read().decode()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        os.unlink(alternates)
        self.assertLess(time.monotonic() - start, MAX_SECONDS, text)
        self.assertLess(usage.ru_maxrss, MAX_KIB, text)
        self.assert_printable(text)
        return process.returncode, text

    def test_C_023_a_tree_of_a_million_entries_is_judged(self):
        blob = self.store(b"blob", b"1\n")
        entries = [(b"100644", b"f%07d" % i, blob) for i in range(1_000_000)]
        code, text = self.judge(self.commit(self.tree(entries)))
        self.assertEqual((0, ""), (code, text))
        entries[500_000] = (b"100644", b"f0500000.ckpt", blob)
        code, text = self.judge(self.commit(self.tree(entries)))
        self.assertEqual(1, code)
        self.assertIn("f0500000.ckpt", text)

    def test_C_023_a_tree_twenty_thousand_deep_is_refused(self):
        oid = self.store(b"blob", b"1\n")
        mode = b"100644"
        for _ in range(20_000):
            oid, mode = self.tree([(mode, b"d", oid)]), b"40000"
        code, text = self.judge(self.commit(oid))
        self.assertIn(code, (1, 2))
        self.assertIn("refs/heads/x", text)
        self.assertIn("deep", text)

    def test_C_024_a_bomb_of_ten_billion_files_is_refused(self):
        oid = self.store(b"blob", b"1\n")
        mode = b"100644"
        for _ in range(10):
            oid, mode = self.tree([(mode, b"%d" % i, oid) for i in range(10)]), b"40000"
        code, text = self.judge(self.commit(oid))
        self.assertIn(code, (1, 2))
        self.assertIn("refs/heads/x", text)

    def test_C_043_notebooks_and_configurations_made_to_break_readers(self):
        deep = b"[" * 1_000_000
        hostile = {
            "deep.ipynb": deep,
            "twice.ipynb": b'{"cells": [], "cells": [{"outputs": [{"x": 1}], "cell_type": "code"}]}',
            "deep.json": deep,
            "twice.json": b'{"approved": false, "approved": true}',
            "mark.json": b"\xef\xbb\xbf{}",
            "long.json": b"[" + b"1," * 5_000_000 + b"1]",
        }
        for name, content in hostile.items():
            with self.subTest(name):
                tree = self.tree([(b"100644", name.encode(), self.store(b"blob", content))])
                code, text = self.judge(self.commit(tree))
                self.assertEqual(1, code, text)
                self.assertIn(name, text)

    def test_C_043_a_notebook_of_300_megabytes_is_refused_unread(self):
        cell = json.dumps({"cell_type": "markdown", "source": "x" * 1000}).encode() + b","
        content = b'{"cells": [' + cell * 300_000 + b"{}]}"
        tree = self.tree([(b"100644", b"big.ipynb", self.store(b"blob", content))])
        code, text = self.judge(self.commit(tree))
        self.assertEqual(1, code)
        self.assertIn("big.ipynb", text)

    def test_D_061_words_in_messages_and_options_waive_nothing(self):
        before = self.server.refs()
        words = "[skip policy] [skip ci] [ci skip] skip-soteri-security-check ***NO_CI*** #nogate"
        commit = self.server.commit(f"Update {words}\n\nSkip-Policy: true\nBypass: yes", {"a.ckpt": "1"},
                                    branch="work")
        for options in ((), ("skip policy",), ("skip-policy",), ("bypass",), ("exempt=all", "reason=because"),
                        ("policy=off",), ("policy.mode=off",), ("force",)):
            with self.subTest(options):
                result = self.server.push(f"{commit}:refs/heads/x", options=options)
                self.assert_refused(self.server, result, before, "unconventional-commit", "forbidden-path")
        # Nor does text that takes a secret for known stand for other rules.
        commit = self.server.commit("feat: x", {"b.ckpt": "trunkgate:allow forbidden-path\n"})
        self.assert_refused(self.server, self.server.push(f"{commit}:refs/heads/x"), before, "forbidden-path")


if __name__ == "__main__":
    unittest.main()
