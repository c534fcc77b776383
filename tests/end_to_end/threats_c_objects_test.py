"""C-010 to C-015, C-025, C-026: objects that no honest Git makes, pushed with Git's own check of objects on and off."""
import hashlib
import struct
import unittest
import zlib

from support import ZERO, GateTest, git, pack_objects, raw_push

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
      undecodable-message: {}
      foreign-author: {}
      foreign-committer: {}
      misdated-commit: {past: 520w}
      unportable-path: {}
      colliding-path: {}
      overlong-path: {}
      symlink: {inside: true}
      forbidden-path: {paths: ['*.ckpt']}
"""
NAME = "refs/heads/x"
WHO = b"Ada <ada@example.com> 1700000000 +0000"
DATED = b"Ada <ada@example.com> %s"
TREE = "error: REJECTED push: the push brings a folder that cannot be trusted: "
REF = f"error: REJECTED {NAME}: "


class HostileObjects(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")
        self.main_tree = self.server.head("HEAD^{tree}")

    def store(self, kind, raw):
        return git("hash-object", "-t", kind, "-w", "--literally", "--stdin", cwd=self.server.work, data=raw)

    def tree(self, *entries):
        """A tree of entries (mode, name, id), in this order."""
        return self.store("tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid)
                                           for mode, name, oid in entries))

    def commit(self, author=WHO, committer=WHO, message=b"feat: x\n", more=b"", tree=None, raw=None):
        """A commit of these parts; `raw` is all of its header instead, with TREE and MAIN in it."""
        header = raw or (b"tree TREE\nparent MAIN\nauthor " + author + b"\ncommitter " + committer + b"\n" + more)
        header = header.replace(b"TREE", (tree or self.main_tree).encode()).replace(b"MAIN", self.main.encode())
        return self.store("commit", header + b"\n" + message)

    def verdict(self, commit, *objects, fsck=False, sure=True):
        """Pushes it with these objects as a new branch. The first line of the gate, "Git" when Git refuses it before
        the gate sees it, "accepted"; nothing is changed or kept unless it was accepted."""
        git("config", "receive.fsckObjects", "true" if fsck else "false", cwd=self.server.path)
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, commit, NAME)], pack_objects(self.server, [commit, *objects]),
                          capabilities="report-status side-band-64k quiet")
        self.assertEqual(0, result.code, result)
        if b"ok " + NAME.encode() in result.report:
            self.assertEqual({**before, NAME: commit}, self.server.refs())
            git("update-ref", "-d", NAME, cwd=self.server.path)
            git("prune", "--expire=now", cwd=self.server.path)
            return "accepted"
        self.assertIn(b"ng " + NAME.encode(), result.report, result)
        self.assert_refused(self.server, result, before)
        self.assertEqual([], [oid for oid in (commit, *objects) if self.server.has_object(oid)])
        if sure:
            self.assertNotIn("could not decide", result.text)
        first = result.text.splitlines()[0]
        return first if first.startswith("error: REJECTED") else "Git"

    def assert_verdicts(self, wanted, with_fsck, commit, *objects):
        self.assertEqual((wanted, with_fsck), (self.verdict(commit, *objects),
                                               self.verdict(commit, *objects, fsck=True)))

    def blob(self, content=b"x\n"):
        return self.store("blob", content)

    def assert_commits(self, cases):
        for name, wanted, with_fsck, parts in cases:
            with self.subTest(name):
                commit = self.commit(**parts)
                brief = "commit " + commit[:8]
                self.assert_verdicts(wanted.replace("COMMIT", brief), with_fsck.replace("COMMIT", brief), commit)

    def assert_trees(self, cases):
        """Cases of a name, what the gate says with Git's check off and on, and entries (mode, name, content); a
        content that is None makes the entry a folder."""
        for name, wanted, with_fsck, entries in cases:
            with self.subTest(name):
                objects, made = [], []
                for mode, path, content in entries:
                    oid = self.blob(b"x\n" if content is None else content)
                    objects.append(oid)
                    if content is None:
                        oid = self.tree((b"100644", b"inner", oid))
                        objects.append(oid)
                    made.append((mode, path, oid))
                tree = self.tree(*made)
                self.assert_verdicts(wanted, with_fsck, self.commit(tree=tree), tree, *dict.fromkeys(objects))

    def test_C_010_commits_that_only_gits_own_check_refuses_are_refused_by_the_gate(self):
        bad = REF + "COMMIT is malformed: "
        self.assert_commits([
            ("NUL in the message", REF + "a NUL byte hides what follows it", "Git", {"message": b"feat: x\n\n\0y\n"}),
            ("NUL in a header", bad + "its header has a NUL, behind which Git shows nothing", "Git", {"more": b"x-h a\0b\n"}),
            ("NUL in a name", bad + "its header has a NUL, behind which Git shows nothing", "Git", {"author": b"A\0" + WHO}),
            ("a huge date", bad + "its author line has no date", "Git", {"author": DATED % b"%d +0000" % 10**19}),
            ("a date of 2^64 - 1", bad + "its committer line has no date", "Git",
             {"committer": DATED % b"%d +0000" % (2**64 - 1)}),
            ("a word for a date", bad + "its author line has no date", "Git", {"author": DATED % b"soon +0000"}),
            ("a date with a zero in front", bad + "its author line has a date with zeros in front", "Git",
             {"author": DATED % b"01700000000 +0000"}),
            ("no space before the address", bad + "its author line has no space before the address", "Git",
             {"author": b"Ada<ada@example.com> 1700000000 +0000"}),
            ("no date", bad + "its author line has no date", "Git", {"author": b"Ada <ada@example.com>"}),
            ("a word for a zone", bad + "its author line has no time zone", "Git", {"author": DATED % b"1700000000 UTC"}),
            ("a zone of five digits", bad + "its author line has no time zone", "Git",
             {"author": DATED % b"1700000000 +99999"}),
            ("no address", bad + "its author line has no single <address>", "Git", {"author": b"Ada 1700000000 +0000"}),
            ("the committer first", bad + "it has no author line after its parents", "Git",
             {"raw": b"tree TREE\nparent MAIN\ncommitter " + WHO + b"\nauthor " + WHO + b"\n"}),
            ("a parent after the author", bad + "it has no committer line after its author", "Git",
             {"raw": b"tree TREE\nauthor " + WHO + b"\nparent MAIN\ncommitter " + WHO + b"\n"}),
            ("two trees", bad + "it has no author line after its parents", "Git",
             {"raw": b"tree TREE\ntree TREE\nparent MAIN\nauthor " + WHO + b"\ncommitter " + WHO + b"\n"}),
        ])

    def test_C_010_a_negative_date_is_refused(self):
        commit = self.commit(author=DATED % b"-1 +0000")
        self.assertEqual(REF + f"commit {commit[:8]} is malformed: its author line has no date", self.verdict(commit))
        self.assertEqual("Git", self.verdict(commit, fsck=True))

    def test_C_010_commits_that_gits_own_check_takes_are_refused_by_the_gate(self):
        for name, wanted, parts in [
                ("an empty author", "the author has no name", {"author": b" <> 1700000000 +0000"}),
                ("an empty committer", "the committer has no name", {"committer": b" <> 1700000000 +0000"}),
                ("UTF-16", "the title has no 'type: ' prefix", {"more": b"encoding UTF-16\n"}),
                ("two encodings", "COMMIT is malformed: it has two encodings",
                 {"more": b"encoding UTF-8\nencoding ISO-8859-1\n"}),
                ("invalid UTF-8", "these bytes are not valid UTF-8", {"message": b"feat: caf\xe9\n"}),
                ("an escape sequence", "U+001B ESCAPE is not allowed in a message", {"message": b"feat: \x1b]0;x\x07\n"}),
                ("reordered text", "U+202E RIGHT-TO-LEFT OVERRIDE changes the order of the text",
                 {"message": "feat: a\u202eb\n".encode()}),
                ("no message", "the commit has no message", {"message": b""})]:
            self.assert_commits([(name, REF + wanted, REF + wanted, parts)])

    def test_C_010_commits_that_every_program_reads_alike_are_judged_as_any_other(self):
        self.assert_commits([
            ("an unknown header", "accepted", "accepted", {"more": b"x-unknown 1\n"}),
            ("an unknown header twice", "accepted", "accepted", {"more": b"x-unknown 1\nx-unknown 2\n"}),
            ("hostile bytes in a name", "accepted", "accepted",
             {"author": b"A\x1b[2J\xff <a@example.com> 1700000000 +0000"}),
        ])

    def test_C_010_trees_that_only_gits_own_check_refuses_are_refused_by_the_gate(self):
        attributes = ".gitattributes: line 2 has 4004 bytes"
        self.assert_trees([
            ("a name twice", TREE + "'a' stands in it twice", "Git", [(b"100644", b"a", b"1"), (b"100644", b"a", b"2")]),
            ("out of order", TREE + "'a' stands after 'b', which is out of order", "Git",
             [(b"100644", b"b", b"1"), (b"100644", b"a", b"2")]),
            (".gitmodules that is a link", TREE + "'.gitmodules' is a symbolic link", "Git",
             [(b"120000", b".gitmodules", b"x")]),
            ("a long line of .gitattributes", TREE + attributes, "Git",
             [(b"100644", b".gitattributes", b"* text=auto\n*.x " + b"a" * 4000 + b"\n")]),
            ("the same where Windows takes it for that", TREE + attributes, "Git",
             [(b"100644", b"GITATT~1", b"* text=auto\n*.x " + b"a" * 4000 + b"\n")]),
        ])

    def test_C_010_a_mode_that_old_tools_wrote_hides_nothing(self):
        # Such trees are in honest histories; every program reads them as if the zero was not there.
        self.assert_trees([
            ("a file", "accepted", "Git", [(b"0100644", b"a", b"1")]),
            ("a folder", "accepted", "Git", [(b"040000", b"a", None)]),
            ("writable by a group", "accepted", "accepted", [(b"100664", b"a", b"1")]),
            ("for the owner alone", "accepted", "accepted", [(b"100600", b"a", b"1")]),
            ("a forbidden file", REF + "a.ckpt: forbidden: matches '*.ckpt'", "Git", [(b"0100644", b"a.ckpt", b"1")]),
            ("a link", REF + "a: a symbolic link to '/etc/passwd', outside of the repository", "Git",
             [(b"0120000", b"a", b"/etc/passwd")]),
        ])

    def test_C_010_trees_that_gits_own_check_takes_are_refused_by_the_rules(self):
        windows = ", which Windows does not allow"
        for name, wanted, entries in [
                ("two letter cases", "readme: collides with 'README' on systems that take the two names for one",
                 [(b"100644", b"README", b"1"), (b"100644", b"readme", b"2")]),
                ("a link that leads outside", "a: a symbolic link to '../../etc/passwd', outside of the repository",
                 [(b"120000", b"a", b"../../etc/passwd")]),
                ("a backslash", "a\\b: the name 'a\\b' has a '\\'" + windows, [(b"100644", b"a\\b", b"1")]),
                ("a colon", "a:b: the name 'a:b' has a ':'" + windows, [(b"100644", b"a:b", b"1")]),
                ("a device", "aux: the name 'aux' is kept for a device by Windows", [(b"100644", b"aux", b"1")])]:
            self.assert_trees([(name, REF + wanted, REF + wanted, entries)])
        long = self.tree((b"100644", b"n" * 5000, self.blob()))
        for fsck in (False, True):
            self.assertRegex(self.verdict(self.commit(tree=long), long, self.blob(), fsck=fsck),
                             f"^{REF}n+\\.\\.\\.: the path has 5000 bytes$")

    def test_C_010_objects_that_are_missing_or_of_another_kind_are_refused(self):
        blob, folder = self.blob(), self.tree((b"100644", b"inner", self.blob()))
        zero, one = self.tree((b"100644", b"a", ZERO)), self.tree((b"100644", b"a", "1" * 40))
        as_folder, as_file = self.tree((b"40000", b"a", blob)), self.tree((b"100644", b"a", folder))
        nameless = self.tree((b"100644", b"", blob))
        for name, commit, objects in [
                ("no tree", self.commit(raw=b"parent MAIN\nauthor " + WHO + b"\ncommitter " + WHO + b"\n"), []),
                ("a short id", self.commit(raw=b"tree 1\nparent MAIN\nauthor " + WHO + b"\ncommitter " + WHO + b"\n"), []),
                ("a missing tree", self.commit(tree="1" * 40), []),
                ("a blob for a tree", self.commit(tree=blob), [blob]),
                ("a missing blob", self.commit(tree=one), [one]),
                ("the id of nothing", self.commit(tree=zero), [zero]),
                ("a blob for a folder", self.commit(tree=as_folder), [as_folder, blob]),
                ("an empty name", self.commit(tree=nameless), [nameless, blob])]:
            for fsck in (False, True):
                with self.subTest(name, fsck=fsck):
                    self.assertNotEqual("accepted", self.verdict(commit, *objects, fsck=fsck, sure=False))
        # Git lets this in, and no checkout of it works; it does not get past whoever looks into files.
        commit, objects = self.commit(tree=as_file), [as_file, folder, blob]
        self.assert_verdicts("accepted", "Git", commit, *objects)
        self.server.write_policy(POLICY + "      conflict-marker: {}\n")
        self.assertNotEqual("accepted", self.verdict(commit, *objects, sure=False))

    def test_C_011_two_authors_and_two_addresses_are_refused(self):
        bad = REF + "COMMIT is malformed: "
        twice = b"tree TREE\nparent MAIN\nauthor " + WHO + b"\nauthor Eve <e@x> 1 +0000\ncommitter " + WHO + b"\n"
        late = bad + "a header stands twice or in the wrong place"
        two = bad + "its %s line has no single <address>"
        self.assert_commits([
            ("two authors", bad + "it has no committer line after its author", "Git", {"raw": twice}),
            ("an author after the committer", late, late, {"more": b"author " + WHO + b"\n"}),
            ("a committer after the committer", late, late, {"more": b"committer " + WHO + b"\n"}),
            ("two addresses", two % "author", "Git", {"author": b"A <real@corp> <evil@x> 1700000000 +0000"}),
            ("two of the committer", two % "committer", "Git", {"committer": b"A <real@corp> <evil@x> 1700000000 +0000"}),
            ("one in the other", two % "author", "Git", {"author": b"A <<real@corp>evil@x> 1700000000 +0000"}),
        ])

    def test_C_012_modes_that_no_git_writes_are_refused(self):
        why = TREE + "'a' is neither file, folder, link nor submodule"
        self.assert_trees([(mode.decode(), why, "Git", [(mode, b"a", b"1")])
                           for mode in (b"777777", b"0", b"644", b"20644", b"170000")])

    def test_C_013_a_missing_author_or_committer_is_refused(self):
        bad = REF + "COMMIT is malformed: "
        start = b"tree TREE\nparent MAIN\n"
        self.assert_commits([
            ("no author", bad + "it has no author line after its parents", "Git",
             {"raw": start + b"committer " + WHO + b"\n"}),
            ("no committer", bad + "it has no committer line after its author", "Git",
             {"raw": start + b"author " + WHO + b"\n"}),
            ("neither", bad + "it has no author line after its parents", "Git", {"raw": start}),
        ])

    def test_C_014_names_that_leave_the_tree_are_refused(self):
        taken = TREE + "the name '%s' is taken for '.git' by some systems"
        self.assert_trees(
            [(name, taken % name, "Git", [(mode, name.encode(), content)])
             for name in (".git", ".GIT", "git~1", ".git ", ".git::$INDEX_ALLOCATION")
             for mode, content in ((b"40000", None), (b"100644", b"1"))] +
            [(name, TREE + f"a file is named '{name}'", "Git", [(b"40000", name.encode(), None)]) for name in (".", "..")] +
            [("a/b", TREE + "the name 'a/b' has a slash", "Git", [(b"100644", b"a/b", b"1")])])

    def test_C_014_names_with_hostile_bytes_are_refused_and_escaped(self):
        control = REF + "%s: the name '%s' has a control character"
        utf8 = REF + "%s: the name '%s' is not valid UTF-8"
        for name, text, why in [(b"a\nb", r"a\nb", control), (b"a\x1b[2Jb", r"a\x1b[2Jb", control),
                                (b"a\xff", r"a\xff", utf8), (b"\x7f", r"\x7f", control)]:
            wanted = why % (text, text)
            self.assert_trees([(text, wanted, wanted, [(b"100644", name, b"1")])])

    def test_C_015_submodules_that_run_commands_are_refused(self):
        section = b'[submodule "x"]\n\tpath = x\n\t'
        self.assert_trees([
            ("update", TREE + ".gitmodules: the update '!cmd' would run a command", "Git",
             [(b"100644", b".gitmodules", section + b"url = ../x\n\tupdate = !cmd\n")]),
            ("url", TREE + ".gitmodules: the url '--upload-pack=cmd' can be taken for an option", "Git",
             [(b"100644", b".gitmodules", section + b"url = --upload-pack=cmd\n")]),
            ("path", TREE + ".gitmodules: the path '-x' can be taken for an option", "Git",
             [(b"100644", b".gitmodules", b'[submodule "x"]\n\tpath = -x\n\turl = ../x\n')]),
            ("name", TREE + ".gitmodules: a submodule's name leaves its folder", "Git",
             [(b"100644", b".gitmodules", b'[submodule "../../x"]\n\tpath = x\n\turl = ../x\n')]),
        ])


class HugeObjects(GateTest):
    """What they cost the gate: its own time and memory in a real push, beside Git's."""

    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY + "      conflict-marker: {}\n      leaked-secret: {}\n")
        self.main = self.server.ref("refs/heads/main")
        self.usage = self.measure(self.server)

    def push(self, commit, pack, *words):
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, commit, NAME)], pack, capabilities="report-status side-band-64k quiet")
        self.assertIn(b"ng " + NAME.encode(), result.report, result)
        self.assert_refused(self.server, result, before, *words)
        self.assert_nothing_kept(self.server, commit)
        seconds, kib = self.usage()
        self.assertLess(seconds, 10, result)  # a small part of one
        return kib

    def test_C_025_a_gibibyte_of_zeros_is_refused_by_its_header(self):
        size = 1 << 30
        header = b"blob %d\0" % size
        digest, stream = hashlib.sha1(header), zlib.compressobj(1)
        chunk, packed = b"\0" * (1 << 20), b""
        for _ in range(size >> 20):
            digest.update(chunk)
            packed += stream.compress(chunk)
        packed += stream.flush()
        self.assertLess(len(packed), 8 << 20)
        tree = b"100644 zeros\0" + digest.digest()
        tree_id = hashlib.sha1(b"tree %d\0" % len(tree) + tree).hexdigest()
        commit = (f"tree {tree_id}\nparent {self.main}\n".encode() + b"author " + WHO + b"\ncommitter " + WHO +
                  b"\n\nfeat: x\n")
        commit_id = hashlib.sha1(b"commit %d\0" % len(commit) + commit).hexdigest()
        body = b"PACK" + struct.pack(">II", 2, 3)
        for kind, raw, compressed in ((1, commit, None), (2, tree, None), (3, size, packed)):
            length = raw if compressed else len(raw)
            byte, length = kind << 4 | length & 15, length >> 4
            while length:
                body += bytes([byte | 0x80])
                byte, length = length & 0x7F, length >> 7
            body += bytes([byte]) + (compressed or zlib.compress(raw))
        kib = self.push(commit_id, body + hashlib.sha1(body).digest(),
                        f"REJECTED {NAME}: zeros: the file cannot be looked into: it has",
                        "rule   leaked-secret", "rule   conflict-marker")
        self.assertLess(kib, 100 * 1024)

    def commit_of(self, author=WHO, more=b""):
        tree = self.server.head("HEAD^{tree}").encode()
        raw = (b"tree " + tree + b"\nparent " + self.main.encode() + b"\nauthor " + author + b"\ncommitter " + WHO +
               b"\n" + more + b"\nno title\n")
        commit = self.server.raw_commit(raw)
        return commit, pack_objects(self.server, [commit])

    def test_C_026_half_a_million_headers_are_refused(self):
        headers = b"".join(b"x-h%d 1\n" % number for number in range(500_000))
        commit, pack = self.commit_of(more=headers)
        self.assertLess(self.push(commit, pack, "bytes long; the limit is 1048576"), 100 * 1024)
        # As many as a commit of that size can have are read.
        commit, pack = self.commit_of(more=b"x y\n" * 250_000)
        self.assertLess(self.push(commit, pack, "the title has no 'type: ' prefix"), 100 * 1024)

    def test_C_026_a_name_of_ten_megabytes_is_refused(self):
        commit, pack = self.commit_of(author=b"A" * 10_000_000 + b" <a@example.com> 1700000000 +0000")
        self.assertLess(self.push(commit, pack, "bytes long; the limit is 1048576"), 100 * 1024)
        commit, pack = self.commit_of(author=b"A" * 1_000_000 + b" <a@example.com> 1700000000 +0000")
        self.assertLess(self.push(commit, pack, "the title has no 'type: ' prefix"), 100 * 1024)


if __name__ == "__main__":
    unittest.main()
