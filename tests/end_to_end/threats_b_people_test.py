"""B-025, B-026 and what belongs to it: dates, names and messages of commits that nobody can believe."""
import time
import unittest

from support import IDENTITY, ZERO, GateTest, git, pack_of, raw_push

POLICY = """version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      misdated-commit: {past: 520w}
      foreign-author: {}
      foreign-committer: {}
      undecodable-message: {}
"""


class People(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.number = 0
        self.now = int(time.time())

    def push(self, author=None, committer=None, message=b"feat: x\n"):
        """Pushes a commit with these header lines as a new branch; returns the result, its id and
        the name."""
        main = self.server.ref("refs/heads/main")
        tree = git("rev-parse", main + "^{tree}", cwd=self.server.work)
        self.number += 1
        fine = f"Ada <ada@example.com> {self.now} +0000".encode()
        header = f"tree {tree}\nparent {main}\n".encode()
        header += b"author " + (author or fine) + b"\ncommitter " + (committer or fine) + b"\n"
        oid = self.server.raw_commit(header + b"\n" + message)
        name = f"refs/heads/x{self.number}"
        result = raw_push(self.server, [(ZERO, oid, name)], pack_of(self.server, [oid], [main]))
        return result, oid, name

    def refuse(self, *words, **parts):
        before = self.server.refs()
        result, oid, name = self.push(**parts)
        self.assert_refused(self.server, result, before, name, *words)
        self.assert_nothing_kept(self.server, oid)

    def accept(self, **parts):
        result, oid, name = self.push(**parts)
        self.assertIn(b"ok " + name.encode(), result.report, result)
        self.assertEqual(oid, self.server.ref(name))

    def dated(self, seconds):
        return f"Ada <ada@example.com> {seconds} +0000".encode()

    def test_an_honest_commit_is_accepted(self):
        self.accept()
        self.accept(author=self.dated(self.now - 86400 * 365))

    def test_B_026_dates_out_of_every_range_are_refused(self):
        for seconds in (0, 1, 2**31, 4294967296, 253402300800, 2**63 - 1):
            with self.subTest(seconds):
                self.refuse("misdated-commit", author=self.dated(seconds),
                            committer=self.dated(seconds))
        for seconds in (-1, -2**63, 2**63):  # Git reads another time than what stands there
            with self.subTest(seconds):
                self.refuse("malformed-commit", author=self.dated(seconds))
        self.refuse("in the future", committer=self.dated(self.now + 3600))
        self.refuse("older than its parent", committer=self.dated(1600000000))

    def test_names_nobody_set_are_refused(self):
        for who in (b"root <root@localhost>", b"Ada <ada@laptop.(none)>", b"Ada <>",
                    b" <ada@example.com>", b"Your Name <you@example.com>"):
            with self.subTest(who):
                line = who + f" {self.now} +0000".encode()
                self.refuse("foreign-author", author=line)
                self.refuse("foreign-committer", committer=line)

    def test_a_nul_in_a_name_hides_no_person_from_the_rule(self):
        self.server.write_policy(POLICY.replace("foreign-author: {}",
                                                "foreign-author: {email: '.*@example[.]com'}"))
        line = f"Eve\0 Ada <ada@example.com> {self.now} +0000".encode()
        self.refuse("malformed-commit", "its header has a NUL", author=line)
        self.refuse("malformed-commit", "its header has a NUL", committer=line)

    def test_C_001_bytes_in_names_are_printed_safely(self):
        line = b"A\x1b]0;x\x07\xe2\x80\xaeB\xff <> " + str(self.now).encode() + b" +0000"
        before = self.server.refs()
        result, _, name = self.push(author=line)
        self.assert_refused(self.server, result, before, name, "foreign-author",
                            r"A\x1b]0;x\x07<U+202E>B\xff")

    def test_B_043_text_behind_a_nul_is_seen_without_a_convention(self):
        self.refuse("NUL", message=b"add login\0hidden\n")
        self.refuse("U+202E", message="add login\n\n\u202ehidden\n".encode())
        self.refuse("not valid UTF-8", message=b"caf\xe9\n")
        self.accept(message="caf\u00e9\n".encode())


class ForgedPeople(GateTest):
    """Eve pushes commits that say they are Bob's, a reviewer."""

    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=IDENTITY + """version: 1
groups: {reviewers: [bob]}
users:
  bob: {email: [bob@example.com]}
  eve: {email: [eve@example.com, eve@home.example]}
rulesets:
  - name: own
    refs: ['refs/heads/feature/**']
    rules:
      foreign-author: {pusher: true}
      foreign-committer: {pusher: true}
  - name: rights
    refs: ['refs/heads/**']
    rules:
      changed-by-others: {paths: [ci/], by: [reviewers]}
      unauthorised-push: {create: [eve, bob], update: [reviewers]}
""")

    def commit(self, author, committer, files=None, name="Bob"):
        env = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": author, "GIT_COMMITTER_NAME": name,
               "GIT_COMMITTER_EMAIL": committer}
        git("checkout", "-q", "--detach", self.server.ref("refs/heads/main"), cwd=self.server.work)
        return self.server.commit("feat: x", files or {"x": "1\n"}, env=env)

    def refuse(self, commit, ref, *words, user="eve"):
        before = self.server.refs()
        result = self.server.push(f"{commit}:{ref}", user=user)
        self.assertEqual(1, result.code, result)
        self.assert_refused(self.server, result, before, f"REJECTED {ref}: ", *words)
        self.assert_nothing_kept(self.server, commit)
        return result

    def test_B_025_a_forged_author_is_refused(self):
        commit = self.commit("bob@example.com", "eve@example.com")
        result = self.refuse(commit, "refs/heads/feature/x")
        self.assertEqual(f"""\
error: REJECTED refs/heads/feature/x: author address 'bob@example.com' is none of the pusher's, 'eve'

  {commit[:8]} "feat: x"
    author address 'bob@example.com' is none of the pusher's, 'eve'
    author: Bob <bob@example.com>
    fix    git config user.email eve@example.com
           git commit --amend --no-edit --reset-author
    rule   foreign-author (own, policy.yaml:11)

hint: nothing on the server was changed; push id PUSH""", result.remote.rpartition(" ")[0] + " PUSH")
        actors = {event["data"]["actor"]["id"] for event in self.server.events()}
        self.assertEqual({"eve"}, actors)

    def test_B_025_a_forged_committer_is_refused(self):
        self.refuse(self.commit("eve@example.com", "bob@example.com"), "refs/heads/feature/x",
                    "committer address 'bob@example.com' is none of the", "rule   foreign-committer (own,")
        self.refuse(self.commit("bob@example.com", "bob@example.com"), "refs/heads/feature/x",
                    "rule   foreign-author (own,", "rule   foreign-committer (own,")

    def test_B_025_an_address_is_compared_whole(self):
        for address in ("eve@example.com.evil.example", "xeve@example.com", "eve@example.com bob@example.com",
                        "eve@example.co", ""):
            with self.subTest(address):
                self.refuse(self.commit(address, "eve@example.com"), "refs/heads/feature/x", "rule   foreign-author (own,")

    def test_B_025_a_forged_commit_has_no_rights_of_the_forged(self):
        ci = self.commit("bob@example.com", "bob@example.com", {"ci/run": "1\n"})
        self.refuse(ci, "refs/heads/other", "ci/run", "rule   changed-by-others (rights,")
        x = self.commit("bob@example.com", "bob@example.com")
        self.refuse(x, "refs/heads/main", "rule   unauthorised-push (rights,")
        # Bob himself may do both, whoever wrote the commits.
        self.assert_accepted(self.server.push(f"{ci}:refs/heads/main", user="bob"))

    def test_B_025_an_honest_commit_is_accepted_from_each_of_the_pushers_addresses(self):
        for number, address in enumerate(("eve@example.com", "EVE@Example.com", "eve@home.example")):
            commit = self.commit(address, address, name="Eve")
            self.assert_accepted(self.server.push(f"{commit}:refs/heads/feature/{number}", user="eve"))
            self.assertEqual(commit, self.server.ref(f"refs/heads/feature/{number}"))


class Banned(GateTest):
    def test_a_purged_commit_does_not_return_though_it_was_there_before_the_gate(self):
        server = self.repository(policy=None, install=False)
        bad = server.commit("feat: add a key", {"key": "secret"}, branch="leak")
        tip = server.commit("feat: more", {"more": "x"})
        git("push", "-q", server.path, "leak", cwd=server.work)
        server.write_policy("version: 1\nrulesets:\n  - name: all\n    refs: ['refs/**']\n"
                            "    rules:\n      banned-commit: {file: banned}\n")
        server.write_policy(f"# purged\n{bad}\n", name="banned")
        server.install()
        git("update-ref", "-d", "refs/heads/leak", cwd=server.path)
        before = server.refs()
        result = server.push("leak:refs/heads/again")
        self.assertNotEqual(0, result.code)
        self.assertEqual(before, server.refs())
        self.assertIn(f"commit {bad[:8]} is banned", result.remote)
        self.assertIn(f"git rebase --onto {bad[:8]}^ {bad[:8]}", result.remote)
        self.assertIsNone(server.ref("refs/heads/again"), tip)
        # The command does what it says.
        git("rebase", "-q", "--onto", bad[:8] + "^", bad[:8], cwd=server.work)
        self.assertEqual(0, server.push("HEAD:refs/heads/again").code)


if __name__ == "__main__":
    unittest.main()
