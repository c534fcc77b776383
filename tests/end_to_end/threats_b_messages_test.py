"""B-043, B-044, B-046: messages that programs read differently."""
import unittest

from support import ZERO, GateTest, git, pack_of, raw_push

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
"""


class Messages(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.number = 0

    def push(self, message, encoding=None):
        """Pushes a commit with these bytes as a new branch; returns the result, its id and the name."""
        main = self.server.ref("refs/heads/main")
        tree = git("rev-parse", main + "^{tree}", cwd=self.server.work)
        self.number += 1
        who = f"Ada <ada@example.com> {1700000000 + self.number} +0000"
        header = f"tree {tree}\nparent {main}\nauthor {who}\ncommitter {who}\n"
        if encoding is not None:
            header += f"encoding {encoding}\n"
        oid = self.server.raw_commit(header.encode() + b"\n" + message)
        name = f"refs/heads/x{self.number}"
        result = raw_push(self.server, [(ZERO, oid, name)], pack_of(self.server, [oid], [main]))
        return result, oid, name

    def refuse(self, message, *words, encoding=None):
        before = self.server.refs()
        result, oid, name = self.push(message, encoding)
        self.assert_refused(self.server, result, before, name, *words)
        self.assert_nothing_kept(self.server, oid)

    def accept(self, message, encoding=None):
        result, oid, name = self.push(message, encoding)
        self.assertIn(b"ok " + name.encode(), result.report, result)
        self.assertEqual(oid, self.server.ref(name))

    def test_B_043_text_behind_a_nul_is_seen(self):
        self.refuse(b"feat: add login\n\n\0hidden\n", "NUL")
        self.refuse(b"feat: add login\0hidden\n", "NUL")
        self.refuse(b"feat: add login\n\nbody\0", "NUL")
        self.refuse(b"\0feat: add login\n", "NUL")

    def test_B_043_a_merge_with_a_nul_is_refused(self):
        main = self.server.ref("refs/heads/main")
        side = self.server.commit("feat: side", {"side": "x"})
        tree = git("rev-parse", side + "^{tree}", cwd=self.server.work)
        who = "Ada <ada@example.com> 1700000000 +0000"
        oid = self.server.raw_commit(f"tree {tree}\nparent {main}\nparent {side}\nauthor {who}\n"
                                     f"committer {who}\n\nMerge branch 'x'\n\0hidden\n".encode())
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, oid, "refs/heads/x")],
                          pack_of(self.server, [oid], [main]))
        self.assert_refused(self.server, result, before, "NUL")

    def test_B_044_latin_1_is_decoded(self):
        self.accept("feat: caf\u00e9".encode("latin-1"), encoding="ISO-8859-1")
        self.accept("feat: caf\u00e9".encode("latin-1"), encoding="latin1")
        self.refuse("caf\u00e9 opened".encode("latin-1"), "caf\u00e9 opened", encoding="ISO-8859-1")
        # A C1 control is what \x9b decodes to.
        self.refuse(b"feat: caf\x9b31m", "U+009B", encoding="ISO-8859-1")

    def test_B_044_latin_1_without_the_header_is_refused(self):
        self.refuse("feat: caf\u00e9".encode("latin-1"), "not valid UTF-8")
        self.refuse("feat: caf\u00e9".encode("latin-1"), "not valid UTF-8", encoding="UTF-8")

    def test_B_044_utf_16_is_decoded_and_not_taken_for_ascii(self):
        for name, codec in (("UTF-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("UTF-16BE", "utf-16-be")):
            with self.subTest(name):
                self.accept("feat: add login\n".encode(codec), encoding=name)
                self.refuse("add login\n".encode(codec), "add login", encoding=name)
                # Plain ASCII under this header is nothing that anybody can read.
                self.refuse(b"feat: add login\n", encoding=name)
        self.refuse("feat: \ud800x".encode("utf-16-le", "surrogatepass"), "not valid UTF-16",
                    encoding="UTF-16LE")

    def test_B_044_encodings_nobody_knows_are_refused(self):
        for name in ("x-klingon", "../../etc/passwd", "UTF-8//TRANSLIT//IGNORE", "-h", "\x1b[31m", ""):
            with self.subTest(name):
                self.refuse(b"feat: caf\xe9", encoding=name)

    def test_B_046_blank_lines_before_the_title_are_skipped_as_git_does(self):
        self.accept(b"\n\n\nfeat: add login\n")
        self.accept(b"  \n\t\nfeat: add login\n")
        self.refuse(b"\n\nadd login\n", "add login")
        self.refuse(b"\nadd login\n\nfeat: not the title\n", "add login")

    def test_B_046_carriage_returns_at_line_ends_do_not_matter(self):
        self.accept(b"feat: add login\r\n\r\nA body.\r\n")
        self.accept(b"\r\n\r\nfeat: add login\r\n")
        self.refuse(b"add login\r\n\r\nA body.\r\n", "add login")
        # Within a line they hide what stands before.
        self.refuse(b"add login\rfeat: add login\n", "CARRIAGE RETURN")
        self.refuse(b"feat: add login\radd logout\n", "CARRIAGE RETURN")

    def test_B_046_a_message_without_text_is_refused(self):
        for message in (b"", b"\n", b"   \n", b" \t \n\n\r\n", "\u00a0\u2003\n".encode()):
            with self.subTest(message):
                self.refuse(message, "the commit has no message")

    def test_B_046_white_space_before_the_title_is_part_of_it(self):
        self.refuse(b"  feat: add login\n", "unconventional-commit")


if __name__ == "__main__":
    unittest.main()
