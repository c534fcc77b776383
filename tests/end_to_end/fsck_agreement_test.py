"""What `git fsck` calls an error in a commit or a tag is refused; what it lets pass, or only warns
of, is not refused as malformed."""
import re
import unittest

from support import ZERO, GateTest, git, pack_of, raw_push, run

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      undecodable-message: {}
"""

ADA = b"Ada <ada@example.com> 1700000000 +0000"

# The person of an author, a committer or a tagger, and what `git fsck` says about it.
PERSONS = [
    (ADA, None),
    (b" <ada@example.com> 0 +0000", None),
    (b"Ada <> 1 -1234", None),
    (b"A\xff\x1b[2J <a b> 1 +0000", None),
    (b"Eve\0 " + ADA, "nulInHeader"),
    (b"Ada <eve\0@example.com> 1 +0000", "nulInHeader"),
    (b"<ada@example.com> 1 +0000", "missingNameBeforeEmail"),
    (b"Ada<ada@example.com> 1 +0000", "missingSpaceBeforeEmail"),
    (b"Ada> <ada@example.com> 1 +0000", "badName"),
    (b"Ada 1 +0000", "missingEmail"),
    (b"Ada <ada@example.com 1 +0000", "badEmail"),
    (b"Ada <ada<@example.com> 1 +0000", "badEmail"),
    (b"Ada <ada@example.com>1 +0000", "missingSpaceBeforeDate"),
    (b"Ada <ada@example.com> x +0000", "badDate"),
    (b"Ada <ada@example.com> 1", "badDate"),
    (b"Ada <ada@example.com> 01 +0000", "zeroPaddedDate"),
    (b"Ada <ada@example.com> -1 +0000", "badDateOverflow"),
    (b"Ada <ada@example.com> 9223372036854775808 +0000", "badDateOverflow"),
    (b"Ada <ada@example.com> 1 0000", "badTimezone"),
    (b"Ada <ada@example.com> 1 +000", "badTimezone"),
    (b"Ada <ada@example.com> 1 +00000", "badTimezone"),
    (b"Ada <ada@example.com> 1 +0000 x", "badTimezone"),
]


class FsckAgreement(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")
        self.tree = git("rev-parse", self.main + "^{tree}", cwd=self.server.work).encode()
        self.number = 0

    def verdict_of_fsck(self, oid):
        """The errors of git fsck; it reads every object that is there, so they are told apart by id. What it
        cannot even parse has no word of its own."""
        done = run(["git", "fsck", "--no-dangling", "--no-progress"], cwd=self.server.work, check=False)
        text = (done.stdout + done.stderr).decode()
        errors = re.findall(r"error in \w+ " + oid + r": (\w+):", text)
        return errors or ["unparsed"] * (f"error: {oid}: object could not be parsed" in text)

    def judge(self, kind, raw, name, expected, where=None):
        oid = git("hash-object", "-t", kind, "-w", "--literally", "--stdin", cwd=self.server.work, data=raw)
        errors = self.verdict_of_fsck(oid)
        self.assertEqual([expected] if expected else [], errors[:1], raw)
        # What cannot be read cannot be packed by walking: the objects are named one by one.
        pack = run(["git", "pack-objects", "--stdout", "-q"], cwd=self.server.work,
                   data=oid.encode() + b"\n").stdout
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, oid, name)], pack)
        if expected:
            self.assert_refused(self.server, result, before, f"REJECTED {where or name}",
                                f"{kind} {oid[:8]} is malformed", f"malformed-{kind}")
            self.assert_nothing_kept(self.server, oid)
        else:
            self.assertNotIn("malformed", result.text)
            self.assertEqual(oid, self.server.ref(name) if kind == "commit" else self.server.refs()[name])

    def commit(self, author=ADA, committer=ADA, start=None, more=b"", end=b"\nfeat: x\n"):
        start = b"tree " + self.tree + b"\nparent " + self.main.encode() + b"\n" if start is None else start
        return start + b"author " + author + b"\ncommitter " + committer + b"\n" + more + end

    def judge_commit(self, raw, expected, where=None):
        self.number += 1
        with self.subTest(raw):
            self.judge("commit", raw, f"refs/heads/x{self.number}", expected, where)

    def judge_tag(self, raw, expected):
        self.number += 1
        with self.subTest(raw):
            self.judge("tag", raw, f"refs/tags/x{self.number}", expected)

    def test_authors(self):
        for person, expected in PERSONS:
            self.judge_commit(self.commit(author=person), expected)

    def test_committers(self):
        for person, expected in PERSONS:
            self.judge_commit(self.commit(committer=person), expected)

    def test_headers_of_commits(self):
        tree = b"tree " + self.tree + b"\n"
        self.judge_commit(self.commit(more=b"note a\0b\n"), "nulInHeader")
        self.judge_commit(self.commit(more=b"encoding UTF-8\0\n"), "nulInHeader")
        self.judge_commit(self.commit(more=b"note x", end=b""), "unterminatedHeader")
        self.judge_commit(self.commit(start=b""), "unparsed")
        self.judge_commit(self.commit(start=b"tree x\n"), "unparsed")
        self.judge_commit(self.commit(start=tree + b"parent x\n"), "unparsed")
        self.judge_commit(tree + b"committer " + ADA + b"\n\nfeat: x\n", "missingAuthor")
        self.judge_commit(tree + b"author " + ADA + b"\n\nfeat: x\n", "missingCommitter")
        self.judge_commit(tree + b"author " + ADA + b"\nauthor " + ADA + b"\ncommitter " + ADA + b"\n\nfeat: x\n",
                          "multipleAuthors")
        self.judge_commit(self.commit(more=b"note x\n continued\n"), None)
        self.judge_commit(self.commit(end=b""), None)

    def test_without_a_rule_about_commits_nothing_malformed_comes_in_either(self):
        self.server.write_policy("version: 1\n")
        self.judge_commit(self.commit(author=b"Eve\0 " + ADA), "nulInHeader", "push")
        self.judge_commit(self.commit(more=b"note a\0b\n"), "nulInHeader", "push")
        self.judge_commit(self.commit(), None)
        # Not the commit that is pushed, but one below it.
        bad = self.server.raw_commit(self.commit(author=b"Ada<a> 1 +0000"))
        tip = self.server.raw_commit(self.commit().replace(self.main.encode(), bad.encode()))
        result = raw_push(self.server, [(ZERO, tip, "refs/heads/x")], pack_of(self.server, [tip], [self.main]))
        self.assertEqual(1, result.text.count(f"commit {bad[:8]} is malformed: its author line has no space "
                                              "before the address\n\n"), result)
        self.assertIsNone(self.server.ref("refs/heads/x"))

    def test_taggers(self):
        start = b"object " + self.main.encode() + b"\ntype commit\ntag v\ntagger "
        for person, expected in PERSONS:
            self.judge_tag(start + person + b"\n\nrelease\n", expected)

    def test_headers_of_tags(self):
        target = b"object " + self.main.encode() + b"\n"
        self.judge_tag(target + b"type commit\ntag v\0x\n\nrelease\n", "nulInHeader")
        self.judge_tag(target + b"type commit\ntag v\nnote a\0b\n\nrelease\n", "nulInHeader")
        self.judge_tag(target + b"type commit\ntag v\nnote x", "unterminatedHeader")
        self.judge_tag(target + b"tag v\n\nrelease\n", "unparsed")
        self.judge_tag(target + b"type commit\n\nrelease\n", "unparsed")
        # As tags of before 2005 are: git fsck only remarks on it.
        self.judge_tag(target + b"type commit\ntag v\n\nrelease\n", None)


if __name__ == "__main__":
    unittest.main()
