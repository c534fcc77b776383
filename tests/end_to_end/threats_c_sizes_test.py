"""C-021, C-022: commits far beyond any honest size."""
import os
import subprocess
import unittest

from support import ENVIRONMENT, ZERO, GateTest, git, measured, pack_of, raw_push, read_usage, run

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
"""
WHO = b"Ada <ada@example.com> 1700000000 +0000\n"
MAX_SECONDS = 1        # of the processor
MAX_KIB = 100 * 1024


class Sizes(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")
        self.tree = self.server.head("HEAD^{tree}").encode()

    def raw(self, parents, message):
        lines = b"".join(b"parent " + oid.encode() + b"\n" for oid in parents)
        return (b"tree " + self.tree + b"\n" + lines + b"author " + WHO + b"committer " + WHO + b"\n" +
                message)

    def refuse(self, raw, *words):
        """Refused when pushed, and the gate itself takes little time and memory for it."""
        oid = self.server.raw_commit(raw)
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, oid, "refs/heads/x")],
                          pack_of(self.server, [oid], [self.main]),
                          capabilities="report-status side-band-64k quiet")
        self.assert_refused(self.server, result, before, "REJECTED refs/heads/x", *words)
        self.assert_nothing_kept(self.server, oid)

        alternates = os.path.join(self.server.path, "objects", "info", "alternates")
        with open(alternates, "w") as file:
            file.write(os.path.join(self.server.work, ".git", "objects") + "\n")
        told = os.path.join(self.folder, "usage")
        process = subprocess.Popen(measured(told, ["hooks/pre-receive"]), cwd=self.server.path,
                                   env=dict(ENVIRONMENT, GIT_DIR="."), stdin=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        process.stdin.write(f"{ZERO} {oid} refs/heads/x\n".encode())
        process.stdin.close()
        self.assertEqual(1, process.wait())
        os.unlink(alternates)
        _, seconds, kib = read_usage(told)
        self.assertLess(seconds, MAX_SECONDS)
        self.assertLess(kib, MAX_KIB)

    def test_C_021_a_message_of_a_hundred_megabytes_is_refused(self):
        self.refuse(self.raw([self.main], b"feat: x\n\n" + b"all work and no play\n" * 5_000_000),
                    "bytes long; the limit is 1048576")

    def test_C_021_a_message_just_below_the_limit_of_a_commit_is_judged(self):
        self.refuse(self.raw([self.main], b"no title\n\n" + b"x" * 1_040_000), "no title")
        self.refuse(self.raw([self.main], b"feat: x\n\n" + b"x" * 1_048_576), "the limit is 1048576")

    def test_C_022_a_million_parents_are_refused(self):
        self.refuse(self.raw([self.main] * 1_000_000, b"feat: x\n"), "the limit is 1048576")

    def test_C_022_twenty_thousand_distinct_parents_are_refused(self):
        stream = b"".join(
            b"commit refs/heads/p\nmark :%d\ncommitter Ada <ada@example.com> %d +0000\n"
            b"data 7\nfeat: p\nfrom %s\n" % (number + 1, 1_600_000_000 + number, self.main.encode())
            for number in range(20_000))
        marks = os.path.join(self.folder, "marks")
        run(["git", "fast-import", "--quiet", "--force", f"--export-marks={marks}"],
            cwd=self.server.work, data=stream)
        with open(marks) as file:
            parents = [line.split()[1] for line in file]
        self.refuse(self.raw(parents, b"feat: x\n"), "20000 parents; the limit is 128")


if __name__ == "__main__":
    unittest.main()
