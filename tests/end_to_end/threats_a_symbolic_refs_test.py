"""A-021 to A-024, A-047: refs that are other names for refs, and a lock that was left behind."""
import os
import time
import unittest

from support import EMPTY_PACK, GateTest, ZERO, git, pack_of, raw_push

MAIN = "refs/heads/main"
ALIAS = "refs/heads/feature/alias"


class SymbolicRefs(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.tip = self.server.ref(MAIN)
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        self.pack = pack_of(self.server, [self.commit], [self.tip])

    def link(self, name, target):
        git("symbolic-ref", name, target, cwd=self.server.path)

    def refuse(self, commands, *words):
        before = self.server.refs()
        pack = b"" if all(new == ZERO for _, new, _ in commands) else self.pack
        result = raw_push(self.server, commands, pack)
        self.assert_refused(self.server, result, before, *words)
        self.assert_nothing_kept(self.server, self.commit)
        return result

    def test_A_021_a_push_to_another_name_of_main_is_refused(self):
        self.link(ALIAS, MAIN)
        self.refuse([(self.tip, self.commit, ALIAS)], f"REJECTED {ALIAS}", "another name for 'main'")
        self.assert_only_rejected(self.server, "symbolic-ref")

    def test_A_021_so_is_one_to_another_name_of_an_open_branch(self):
        git("update-ref", "refs/heads/feature/x", self.tip, cwd=self.server.path)
        self.link(ALIAS, "refs/heads/feature/x")
        self.refuse([(self.tip, self.commit, ALIAS)], "push to 'feature/x' itself")

    def test_A_022_a_delete_of_another_name_is_refused(self):
        self.link(ALIAS, MAIN)
        self.refuse([(self.tip, ZERO, ALIAS)], "another name for 'main'")
        self.refuse([(ZERO, ZERO, ALIAS)])
        self.assertEqual(2, len(self.server.rejections()))

    def test_A_023_main_and_its_other_name_cannot_be_pushed_together(self):
        self.link(ALIAS, MAIN)
        self.refuse([(self.tip, self.commit, MAIN), (self.tip, self.commit, ALIAS)],
                    "another name for 'main'")
        self.assert_only_rejected(self.server, "direct-push", "symbolic-ref")

    def test_A_024_a_symbolic_ref_to_nothing_is_refused(self):
        self.link(ALIAS, "refs/heads/feature/none")
        self.refuse([(ZERO, self.commit, ALIAS)], "another name for 'feature/none'")
        self.assert_only_rejected(self.server, "symbolic-ref")

    def test_A_024_a_loop_of_symbolic_refs_is_refused(self):
        self.link(ALIAS, "refs/heads/feature/other")
        self.link("refs/heads/feature/other", ALIAS)
        self.refuse([(ZERO, self.commit, ALIAS)], "another name for 'feature/other'")
        self.assert_only_rejected(self.server, "symbolic-ref")

    def test_A_024_a_symbolic_ref_out_of_refs_is_refused(self):
        with open(os.path.join(self.server.path, "refs", "heads", "alias"), "w") as file:
            file.write("ref: ../../../etc/passwd\n")
        self.refuse([(ZERO, self.commit, "refs/heads/alias")], "another name for")
        self.assert_only_rejected(self.server, "symbolic-ref")

    def test_A_047_a_lock_that_was_left_behind_is_named(self):
        lock = os.path.join(self.server.path, MAIN + ".lock")
        self.assert_accepted(self.server.push(f"{self.commit}:refs/heads/feature/login"))
        open(lock, "w").close()
        old = time.time() - 600
        os.utime(lock, (old, old))
        before = self.server.refs()
        result = raw_push(self.server, [(self.tip, self.commit, MAIN)], EMPTY_PACK)
        self.assert_refused(self.server, result, before, f"REJECTED {MAIN}", "10 minutes ago",
                            f"ask an admin to remove {MAIN}.lock")
        self.assertEqual(["locked-ref"],
                         [v["rule"] for v in self.server.rejections()[0]["data"]["violations"]])
        os.remove(lock)
        self.assert_accepted(self.server.push(f"{self.commit}:{MAIN}"))


if __name__ == "__main__":
    unittest.main()
