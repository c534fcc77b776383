"""C-023, C-024, C-043 and D-061: trees, notebooks and words that are meant to wear the gate out or to get around it."""
import hashlib
import json
import os
import subprocess
import threading
import unittest
import zlib

from support import ENVIRONMENT, ZERO, GateTest, git, measured, read_usage

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
MAX_SECONDS = 20       # of the processor; they take a few
MAX_WAIT = 240         # the machine may be busy
MAX_KIB = 100 * 1024
MANY_KIB = 700 * 1024  # for a million files


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

    def judge(self, commit, max_kib=MAX_KIB):
        """What the installed pre-receive says of it, its exit code, seconds and memory."""
        alternates = os.path.join(self.server.path, "objects", "info", "alternates")
        with open(alternates, "w") as file:
            file.write(self.objects + "\n")
        self.addCleanup(lambda: os.path.exists(alternates) and os.unlink(alternates))
        told = os.path.join(self.folder, "usage")
        process = subprocess.Popen(measured(told, ["hooks/pre-receive"]), cwd=self.server.path,
                                   env=dict(ENVIRONMENT, GIT_DIR="."), stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        process.stdin.write(f"{ZERO} {commit} refs/heads/x\n".encode())
        process.stdin.close()
        timer = threading.Timer(MAX_WAIT, process.kill)
        timer.start()
        text = process.stderr.read().decode()
        timer.cancel()
        process.stderr.close()
        process.wait()
        os.unlink(alternates)
        self.assertIn(process.returncode, (0, 1, 2), "killed: " + text)
        _, seconds, kib = read_usage(told)
        self.assertLess(seconds, MAX_SECONDS, text)
        self.assertLess(kib, max_kib, text)
        self.assert_printable(text)
        return process.returncode, text

    def test_C_023_a_tree_of_a_million_entries_is_judged(self):
        blob = self.store(b"blob", b"1\n")
        entries = [(b"100644", b"f%07d" % i, blob) for i in range(1_000_000)]
        code, text = self.judge(self.commit(self.tree(entries)), MANY_KIB)
        self.assertEqual((0, ""), (code, text))
        entries[500_000] = (b"100644", b"f0500000.ckpt", blob)
        code, text = self.judge(self.commit(self.tree(entries)), MANY_KIB)
        self.assertEqual(1, code)
        self.assertIn("f0500000.ckpt", text)

    def test_C_023_a_tree_twenty_thousand_deep_is_refused(self):
        oid = self.store(b"blob", b"1\n")
        mode = b"100644"
        for _ in range(20_000):
            oid, mode = self.tree([(mode, b"d", oid)]), b"40000"
        code, text = self.judge(self.commit(oid), MANY_KIB)
        self.assertIn(code, (1, 2))
        self.assertIn("refs/heads/x", text)
        self.assertIn("deep", text)

    def test_C_024_a_bomb_of_ten_billion_files_is_refused(self):
        oid = self.store(b"blob", b"1\n")
        mode = b"100644"
        for _ in range(10):
            oid, mode = self.tree([(mode, b"%d" % i, oid) for i in range(10)]), b"40000"
        code, text = self.judge(self.commit(oid), MANY_KIB)
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

    def judge_file(self, name, content, policy=None):
        if policy is not None:
            self.server.write_policy(policy)
        return self.judge(self.commit(self.tree([(b"100644", name, self.store(b"blob", content))])))

    def test_C_043_configurations_of_100_megabytes_are_refused_unread(self):
        item = {"yaml": b"- {a: 1, b: two}\n", "json": b'{"a": 1},\n', "toml": b"[[a]]\nb = 'two'\n"}
        for kind, text in item.items():
            with self.subTest(kind):
                content = text * (100_000_000 // len(text))
                code, said = self.judge_file(b"big." + kind.encode(), content)
                self.assertEqual(1, code, said)
                self.assertIn("has 95.4 MiB; configuration files above 1.0 MiB are not read", said)
                # No policy makes the gate read as much as that.
                code, said = self.judge_file(b"big." + kind.encode(), content,
                                             POLICY.replace("invalid-config: {}", "invalid-config: {limit: 1 GiB}"))
                self.assertEqual(1, code, said)
                self.assertIn("the file cannot be looked into: it has", " ".join(said.split()))
                self.server.write_policy(POLICY)

    def test_C_035_bombs_of_aliases_are_findings(self):
        laughs = b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + b"".join(
            b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 20))
        lists = b"a0: &a0 {x: [1, 2, 3]}\n" + b"".join(
            b"a%d: &a%d {l: [%s]}\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 20))
        text = b"a: &a '" + b"x" * 500_000 + b"'\nb: [" + b"*a, " * 100_000 + b"*a]\n"
        for name, content in ((b"laughs.yaml", laughs), (b"lists.yml", lists), (b"itself.yaml", b"a: &a [*a]\n"),
                              (b"key.yaml", b"? &a [*a]\n: 1\n"), (b"text.yaml", text)):
            with self.subTest(name):
                code, said = self.judge_file(name, content)
                self.assertEqual(1, code, said)
                self.assertIn(name.decode() + ":", said)
                self.assertIn("rule   invalid-config", said)
        # Keys that are merged again and again are the same keys.
        merges = b"a0: &a0 {x: 1, y: 2}\n" + b"".join(
            b"a%d: &a%d {<<: [%s], z%d: 1}\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9), n) for n in range(1, 20))
        self.assertEqual((0, ""), self.judge_file(b"merges.yml", merges))

    def test_C_036_files_nested_a_hundred_thousand_deep_are_findings(self):
        deep = 100_000
        for name, content in {
                "open.json": b"[" * deep, "closed.json": b"[" * deep + b"]" * deep,
                "maps.json": b'{"a":' * deep + b"1" + b"}" * deep,
                "flow.yaml": b"[" * deep + b"]" * deep, "dashes.yaml": b"- " * deep + b"x\n",
                "maps.yaml": b"{a: " * deep + b"1" + b"}" * deep, "keys.yaml": b"? " * deep + b"x\n",
                "quotes.yaml": b"a: " + b"!!str " * deep + b"x\n",
                "lists.toml": b"a = " + b"[" * deep + b"]" * deep,
                "tables.toml": b"a = " + b"{a=" * deep + b"1" + b"}" * deep,
                "dots.toml": b"a." * deep + b"a = 1\n",
                "cells.ipynb": b'{"cells": ' + b"[" * deep + b"]" * deep + b"}",
                "meta.ipynb": b'{"cells": [], "metadata": ' + b'{"a":' * deep + b"1" + b"}" * deep + b"}"}.items():
            with self.subTest(name):
                code, said = self.judge_file(name.encode(), content)
                self.assertEqual(1, code, said)
                self.assertIn(f"REJECTED refs/heads/x: {name}", said)

    def test_C_043_the_largest_files_that_are_read_take_bounded_memory(self):
        cell = json.dumps({"cell_type": "code", "outputs": [], "source": ["x = 1\n"] * 20, "execution_count": None})
        notebook = b'{"cells": [' + (cell.encode() + b",") * (9_000_000 // len(cell)) + cell.encode() + b"]}"
        numbers = b"[" + b"1," * 180_000 + b"1]"
        many = b"[" + b"1," * 480_000 + b"1]"
        for name, content in ((b"fine.ipynb", notebook), (b"numbers.json", numbers),
                              (b"numbers.yaml", b"- 1\n" * 180_000),
                              (b"numbers.toml", b"".join(b"a%d = 1\n" % n for n in range(60_000)))):
            with self.subTest(name):
                self.assertEqual((0, ""), self.judge_file(name, content))
        for name, content in ((b"many.json", many), (b"many.yaml", b"- 1\n" * 250_000)):
            with self.subTest(name):
                code, said = self.judge_file(name, content)
                self.assertEqual(1, code, said)
                self.assertIn("the file holds more than 200000 values", said)

    def test_C_014_two_hundred_thousand_paths_with_hostile_bytes_are_judged(self):
        blob = self.store(b"blob", b"1\n")
        names = sorted(b"a\n\xff\x1b[%07d" % number for number in range(200_000))
        code, said = self.judge(self.commit(self.tree([(b"100644", name, blob) for name in names])), MANY_KIB)
        self.assertEqual(1, code)
        self.assertIn(r"a\n\xff\x1b[0000000: the name", said)
        self.assertLess(len(said), 64 * 1024)

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
