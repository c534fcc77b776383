"""B-003 to B-006: bad commits that reach the server where no rule looks, then go to a branch that has
rules."""
import os
import unittest

from support import EMPTY_PACK, GateTest, ZERO, git, raw_push

# Messages are judged on main only: every other ref is a way round.
POLICY = """version: 1
%srulesets:
  - name: trunk
    refs: [main]
    rules:
      unconventional-commit: {}
"""


class Laundering(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY % "")
        self.bad = self.server.commit("a bad title", {"bad": "x"})

    def refuse_at_main(self, kept=()):
        """However the commit got there, main does not take it."""
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main")
        self.assert_refused(self.server, result, before, "REJECTED refs/heads/main", "a bad title",
                            "unconventional-commit")
        self.assertNotIn("refs/heads/main", [subject for type, subject in self.server.event_types()
                                             if type == "ref.updated"])
        self.assert_nothing_kept(self.server, *kept)

    def test_B_003_a_bad_commit_pushed_as_a_tag_first_is_refused_at_main(self):
        self.assert_accepted(self.server.push("HEAD:refs/tags/x"))
        self.refuse_at_main()

    def test_B_003_a_bad_commit_below_an_annotated_tag_is_refused_at_main(self):
        git("tag", "-m", "x", "x", cwd=self.server.work)
        self.assert_accepted(self.server.push("refs/tags/x"))
        self.refuse_at_main()

    def test_B_003_a_bad_commit_pushed_as_a_branch_without_this_rule_is_refused_at_main(self):
        self.assert_accepted(self.server.push("HEAD:refs/heads/elsewhere"))
        self.refuse_at_main()

    def test_B_003_good_commits_on_top_do_not_hide_it(self):
        self.assert_accepted(self.server.push("HEAD:refs/tags/x"))
        for number in range(3):
            self.server.commit(f"feat: step {number}", {"good": str(number)})
        self.refuse_at_main()

    def test_B_003_a_bad_commit_in_one_push_with_the_tag_is_refused(self):
        before = self.server.refs()
        result = self.server.push("HEAD:refs/tags/x", "HEAD:refs/heads/main")
        self.assert_refused(self.server, result, before, "a bad title")
        self.assert_nothing_kept(self.server, self.bad)

    def test_B_003_a_rule_that_excepts_the_other_branch_does_not_count_it_as_judged(self):
        self.server.write_policy("""version: 1
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {except: {refs: ['exp/**']}}
""")
        self.assert_accepted(self.server.push("HEAD:refs/heads/exp/x"))
        self.refuse_at_main()

    def test_B_004_a_bad_commit_cannot_hide_in_the_notes(self):
        before = self.server.refs()
        result = self.server.push("HEAD:refs/notes/commits")
        self.assert_refused(self.server, result, before, "a notes reference holds notes", "not-a-note")
        self.assert_nothing_kept(self.server, self.bad)
        self.refuse_at_main(kept=[self.bad])

    def test_B_004_a_bad_commit_dressed_as_notes_is_refused_at_main(self):
        # A commit whose tree could be one of notes: nothing tells it from real ones.
        main = self.server.ref("refs/heads/main")
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b"note\n")
        tree = git("mktree", cwd=self.server.work, data=f"100644 blob {blob}\t{main}\n".encode())
        note = git("commit-tree", tree, "-p", main, "-m", "a bad title", cwd=self.server.work)
        git("reset", "-q", "--hard", note, cwd=self.server.work)
        self.assert_accepted(self.server.push("HEAD:refs/notes/commits"))
        self.refuse_at_main()

    def test_B_004_unlisted_namespaces_take_nothing(self):
        before = self.server.refs()
        for name in ("refs/wip/x", "refs/worktree/x"):
            with self.subTest(name):
                result = self.server.push(f"HEAD:{name}")
                self.assert_refused(self.server, result, before, "unlisted-namespace")
                self.refuse_at_main(kept=[self.bad])

    def test_B_004_a_listed_namespace_takes_it_and_main_does_not(self):
        self.server.write_policy(POLICY % "namespaces: ['refs/wip/**']\n")
        self.assert_accepted(self.server.push("HEAD:refs/wip/x"))
        self.refuse_at_main()

    def test_B_005_a_bad_commit_in_a_fork_that_shares_its_objects_is_refused(self):
        fork = os.path.join(self.folder, "fork.git")
        git("init", "-q", "--bare", fork, cwd=self.folder)
        git("push", "-q", fork, "HEAD:refs/heads/main", cwd=self.server.work)
        with open(os.path.join(self.server.path, "objects", "info", "alternates"), "w") as file:
            file.write(os.path.join(fork, "objects") + "\n")
        self.assertTrue(self.server.has_object(self.bad))
        self.refuse_at_main()
        before = self.server.refs()
        # A client that sends nothing: the objects are there.
        result = raw_push(self.server, [(before["refs/heads/main"], self.bad, "refs/heads/main")],
                          EMPTY_PACK)
        self.assert_refused(self.server, result, before, "a bad title")

    def test_B_006_a_bad_commit_of_a_deleted_branch_is_refused(self):
        self.assert_accepted(self.server.push("HEAD:refs/heads/elsewhere"))
        self.assert_accepted(self.server.push(":refs/heads/elsewhere"))
        self.assertTrue(self.server.has_object(self.bad))
        self.refuse_at_main()

    def test_B_006_a_new_name_for_the_protected_branch_judges_what_is_dangling(self):
        policy = POLICY.replace("[main]", "[main, 'release/**']") % ""
        self.server.write_policy(policy)
        self.assert_accepted(self.server.push("HEAD:refs/heads/elsewhere"))
        self.assert_accepted(self.server.push(":refs/heads/elsewhere"))
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, self.bad, "refs/heads/release/1")], EMPTY_PACK)
        self.assert_refused(self.server, result, before, "a bad title", "unconventional-commit")


if __name__ == "__main__":
    unittest.main()
