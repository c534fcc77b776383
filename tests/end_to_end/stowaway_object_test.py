"""The rule `stowaway-object`: what rides in a pack and is reached by no pushed reference."""
import unittest

from support import ZERO, GateTest, git, pack_objects, pack_of, raw_push

POLICY = """version: 1
%srulesets:
  - name: all
    refs: ['refs/**']
    rules:
      stowaway-object: {}
      ill-named-branch: {allow: [main, 'feature/**']}
"""


class StowawayObject(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY % "")
        self.main = self.server.ref("refs/heads/main")

    def hidden_commit(self):
        """A commit with a token in a file, its folder and the file; the work tree forgets it."""
        hidden = self.server.commit("chore: keys", {"key": "glpat-0123456789\n"})
        ids = [hidden, self.server.head("HEAD^{tree}"), self.server.head("HEAD:key")]
        git("reset", "-q", "--hard", self.main, cwd=self.server.work)
        return ids

    def test_a_hidden_commit_in_the_pack_is_refused(self):
        hidden = self.hidden_commit()
        good = self.server.commit("feat: good", {"a": "1\n"})
        # Few objects are unpacked on the server, many stay a pack.
        for more in (0, 200):
            ballast = {f"d/{n}": f"{n}\n" for n in range(more)}
            tip = self.server.commit("feat: more", ballast) if more else good
            objects = git("rev-list", "--objects", "--no-object-names", tip, "^" + self.main,
                          cwd=self.server.work).split()
            before = self.server.refs()
            result = raw_push(self.server, [(ZERO, tip, "refs/heads/feature/x")],
                              pack_objects(self.server, objects + hidden),
                              capabilities="report-status side-band-64k quiet")
            self.assert_refused(self.server, result, before)
            text = "\n".join(line.rstrip() for line in result.text.splitlines())
            start, _, _ = text.partition("\nhint: nothing on the server was changed")
            self.assertEqual(f"""\
error: REJECTED refs/heads/feature/x: the push brings 3 objects that no reference of it reaches

  the push brings 3 objects that no reference of it reaches
    a commit, {hidden[0]}
    hint   git push sends no such objects: push with plain Git from a
           new clone
    rule   stowaway-object (all, policy.yaml:6)
""".rstrip("\n"), start.rstrip("\n"))
            self.assert_nothing_kept(self.server, *hidden, tip)
            self.assert_accepted(self.server.push(f"{tip}:refs/heads/feature/y{more}"))

    def test_a_hidden_blob_beside_a_push_of_what_is_there_is_refused(self):
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b"secret\n")
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, self.main, "refs/heads/feature/x")],
                          pack_objects(self.server, [blob]))
        self.assert_refused(self.server, result, before,
                            "the push brings 1 object that no reference of it reaches", f"a blob, {blob}")
        self.assert_nothing_kept(self.server, blob)

    def test_honest_pushes_of_every_kind_are_accepted(self):
        git("config", "receive.unpackLimit", "1", cwd=self.server.path)  # keep every pack
        text = "".join(f"line {n}\n" for n in range(3000))
        self.server.commit("feat: large", {"large": text, "d/e/f": "1\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        # Thin: the new version is a delta against one that only the server has.
        for number in range(3):
            text = text.replace(f"line {number * 7}\n", "other\n")
            self.server.commit("feat: change", {"large": text})
            self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        git("tag", "-a", "-m", "v1", "v1", cwd=self.server.work)
        self.assert_accepted(self.server.push("v1", "HEAD:refs/heads/feature/z"))
        self.assert_accepted(self.server.push("HEAD~2:refs/heads/feature/old"))
        self.assert_accepted(self.server.push(":refs/heads/feature/old"))
        self.server.checkout("-B", "side", "HEAD~3")
        self.server.commit("feat: side", {"side": "1\n"})
        self.server.merge("v1")
        self.assert_accepted(self.server.push("--force", "HEAD:refs/heads/feature/x"))
        git("fsck", "--strict", cwd=self.server.path)

    def test_what_the_server_had_before_may_come_again(self):
        first = self.server.commit("feat: first", {"a": "1\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        tip = self.server.commit("feat: second", {"a": "2\n"})
        result = raw_push(self.server, [(first, tip, "refs/heads/feature/x")],
                          pack_of(self.server, [tip]))
        self.assertIn(b"ok refs/heads/feature/x", result.report, result)

    def test_ref_by_ref_what_a_rule_refuses_was_judged_and_what_nothing_judged_is_refused(self):
        self.server.write_policy(POLICY % "on-violation: ref\n")
        bad = self.server.commit("feat: bad", {"bad": "1\n"})
        self.server.checkout("-B", "good", self.main)
        good = self.server.commit("feat: good", {"good": "1\n"})
        result = self.server.push(f"{bad}:refs/heads/Bad", f"{good}:refs/heads/feature/good")
        self.assertIn("REJECTED refs/heads/Bad", result.remote)
        self.assertEqual(good, self.server.ref("refs/heads/feature/good"))
        other = self.server.commit("feat: other", {"other": "unseen\n"})
        before = self.server.refs()
        result = self.server.push(f"{self.main}:refs/heads/feature/m", f"{other}:refs/odd/x")
        self.assert_refused(self.server, result, before,
                            "the push brings 3 objects that no reference of it reaches",
                            f"a commit, {other}, of a",
                            "push again without the references that are refused")
        self.assert_nothing_kept(self.server, other)


if __name__ == "__main__":
    unittest.main()
