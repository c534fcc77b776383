"""C-001 to C-003: nothing a pusher writes reaches a terminal, a log or an event as it is."""
import json
import os
import unicodedata
import unittest

from support import ZERO, GateTest, git, pack_of, raw_push

POLICY = """version: 1
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {from: ['**']}
      unconventional-commit: {}
"""
HOSTILE = ("\x1b[31m", "\x1b]0;owned\x07", "\x9b31m", "\x7f", "\b\b", "\u202e", "\u2066", "\u200b",
           "\u200f", "\u061c", "\u2028", "\ufeff", "\U000e0041")
BROKEN = (b"\xff\xfe", b"\xc3", b"\x9b31m", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf")
MAX_OUTPUT = 20 * 1024
MAX_JSON = 128 * 1024  # for bots: up to a hundred findings


class Output(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")
        self.tree = self.server.head("HEAD^{tree}")

    def raw(self, title, who=b"Ada <ada@example.com>", body=b""):
        line = who + b" 1700000000 +0000\n"
        return self.server.raw_commit(
            b"tree " + self.tree.encode() + b"\nparent " + self.main.encode() + b"\nauthor " + line +
            b"committer " + line + b"\n" + title + b"\n" + body)

    def push(self, oid, name="refs/heads/main", old=None, options=None):
        if old is None:
            old = self.main if name == "refs/heads/main" else ZERO
        capabilities = "report-status side-band-64k quiet" + (" push-options" if options else "")
        return raw_push(self.server, [(old, oid, name)], pack_of(self.server, [oid], [self.main]),
                        options=options, capabilities=capabilities)

    def assert_safe(self, text):
        self.assertLessEqual(len(text), MAX_OUTPUT)
        for char in text:
            # Bytes that are no UTF-8 stand here as surrogates, category Cs.
            self.assertFalse(char != "\n" and unicodedata.category(char) in
                             ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"), f"{char!r} in {text!r}")

    def refuse(self, result):
        self.assertNotIn(b"ok refs/", result.report, result)
        self.assertEqual(self.main, self.server.ref("refs/heads/main"))
        self.assert_safe(result.text)

    def assert_events_safe(self):
        self.assertTrue(self.server.events())
        with open(os.path.join(self.server.path, "trunkgate", "events.jsonl"), "rb") as file:
            for line in file.read().split(b"\n"):
                self.assert_safe(line.decode("utf-8")[:MAX_OUTPUT])

    def test_C_001_hostile_titles_and_authors_are_shown_escaped(self):
        for text in HOSTILE:
            with self.subTest(text):
                oid = self.raw(f"add{text}login".encode(), f"A{text} <a{text}@example.com>".encode())
                result = self.push(oid)
                self.refuse(result)
                self.assertIn("login", result.text)
        self.assert_events_safe()

    def test_C_001_hostile_bytes_in_an_accepted_push_make_safe_events(self):
        for number, text in enumerate(HOSTILE):
            oid = self.raw(f"add{text}login".encode(), f"A{text} <a{text}@example.com>".encode(),
                           f"\nA body.\n\nBy: {text}\n".encode())
            result = self.push(oid, f"refs/heads/x{number}")
            self.assertIn(b"ok refs/heads/x", result.report, result)
        self.assert_events_safe()

    def test_C_001_hostile_reference_names_are_shown_escaped(self):
        for text in HOSTILE:
            with self.subTest(text):
                oid = self.raw(b"feat: x")
                self.refuse(self.push(oid, f"refs/heads/-a{text}b"))
                self.refuse(self.push(oid, f"refs/heads/a{text}b", old=self.main))
        self.assert_events_safe()

    def test_C_001_hostile_paths_are_shown_escaped(self):
        side = self.server.commit("feat: side", {"side": "x"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/side"))
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b"x\n")
        names = [f"a{text}b" for text in HOSTILE] + ["line\nfeed", "tab\tquote\"", "'; rm -rf x"]
        entries = "".join(f"100644 blob {blob}\t{name}\0" for name in sorted(names, key=str.encode))
        tree = git("mktree", "-z", cwd=self.server.work, data=entries.encode())
        merge = git("commit-tree", tree, "-p", self.main, "-p", side, "-m", "Merge branch 'side'",
                    cwd=self.server.work)
        result = self.push(merge)
        self.refuse(result)
        self.assertIn("on neither side", result.text)
        self.assert_events_safe()

    def test_C_001_hostile_push_options_are_shown_escaped(self):
        oid = self.raw(b"add login")
        for text in HOSTILE:
            self.refuse(self.push(oid, options=[f"x{text}=y", b"\xff" + text.encode()]))
        self.assert_events_safe()

    def test_C_002_bytes_that_are_no_text_make_valid_json(self):
        for number, broken in enumerate(BROKEN):
            with self.subTest(broken):
                oid = self.raw(b"add " + broken + b" login", b"A" + broken + b" <a" + broken + b">",
                               b"\n" + broken + b"\n")
                self.refuse(self.push(oid))
                result = self.push(oid, b"refs/heads/a" + broken + b"%d" % number)
                self.assertIn(b"ok refs/heads/a", result.report, result)
                self.assert_safe(result.text)
        self.assert_events_safe()

    def test_C_002_the_answer_for_bots_is_one_line_of_valid_json(self):
        for broken in (*BROKEN, *(text.encode() for text in HOSTILE)):
            with self.subTest(broken):
                result = self.push(self.raw(b"add " + broken + b" login"),
                                   options=["policy.format=json"])
                self.refuse(result)
                self.assertEqual("rejected", json.loads(result.text)["verdict"])

    def test_C_003_titles_of_any_length_make_short_answers(self):
        for size in (1_000, 900_000, 10_000_000):
            for letter in (b"a", b"\xe2\x80\xae", b"\x1b", b"feat: "):
                with self.subTest(size=size, letter=letter):
                    oid = self.raw(letter * (size // len(letter)))
                    result = self.push(oid)
                    self.refuse(result)
                    self.assertIn("REJECTED refs/heads/main", result.text)
                    result = self.push(oid, options=["policy.format=json"])
                    self.assertLessEqual(len(result.text), MAX_JSON)
                    self.assertEqual("rejected", json.loads(result.text)["verdict"])
        self.assert_events_safe()

    def test_C_003_many_bad_commits_make_a_short_answer(self):
        tip = self.main
        for number in range(200):
            tip = git("commit-tree", self.tree, "-p", tip, "-m", f"bad {number} " + "x" * 500,
                      cwd=self.server.work)
        result = self.push(tip)
        self.refuse(result)
        self.assertIn("more", result.text)


if __name__ == "__main__":
    unittest.main()
