"""B-047, B-048: trees in which programs find different files, however many objects come with them."""
import unittest

from support import ZERO, GateTest, git, pack_objects, raw_push


class Trees(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()

    def entry(self, mode, name, oid):
        return mode.encode() + b" " + name.encode() + b"\0" + bytes.fromhex(oid)

    def store(self, kind, raw):
        return git("hash-object", "-t", kind, "-w", "--literally", "--stdin", cwd=self.server.work,
                   data=raw)

    def refuse(self, why, *entries):
        """Pushes a commit with a tree of these entries, refused because of `why`."""
        blob = self.store("blob", b"x\n")
        empty = self.store("tree", b"")
        ids = {"blob": blob, "tree": empty}
        tree = self.store("tree", b"".join(
            self.entry("40000" if kind == "tree" else "100644", name, ids[kind])
            for kind, name in entries))
        who = "Ada <ada@example.com> 1700000000 +0000"
        main = self.server.ref("refs/heads/main")
        commit = self.store("commit", f"tree {tree}\nparent {main}\nauthor {who}\ncommitter {who}\n\n"
                                      "feat: x\n".encode())
        before = self.server.refs()
        # Few objects are unpacked on the server; many stay a pack, and 500 are searched by a thread.
        for more in (0, 200, 600):
            ballast = [self.store("blob", b"%d\n" % number) for number in range(more)]
            result = raw_push(self.server, [(ZERO, commit, "refs/heads/feature/x")],
                              pack_objects(self.server, [blob, empty, tree, commit, *ballast]))
            self.assertIn(b"ng refs/heads/feature/x", result.report, result)
            self.assertIn("error: REJECTED push: the push brings a folder that cannot be trusted: "
                          + why + "\n", result.text, result)
            self.assertIn(tree, result.text)
            self.assertEqual(before, self.server.refs())
            self.assert_nothing_kept(self.server, tree, commit)

    def test_B_047_an_unsorted_tree_is_refused(self):
        self.refuse("'policy.yaml' stands after 'z', which is out of order",
                    ("blob", "z"), ("blob", "policy.yaml"))
        # Sorted as text, not as git sorts a folder.
        self.refuse("'a.txt' stands after 'a', which is out of order",
                    ("tree", "a"), ("blob", "a.txt"))

    def test_B_048_the_same_name_twice_is_refused(self):
        self.refuse("'a' stands in it twice", ("blob", "a"), ("blob", "a"))

    def test_B_048_a_file_and_a_folder_of_one_name_are_refused(self):
        self.refuse("'a' stands in it twice", ("blob", "a"), ("tree", "a"))
        self.refuse("'a' stands in it twice", ("blob", "a"), ("blob", "a.txt"), ("tree", "a"))

    def test_a_folder_that_is_taken_for_dot_git_is_refused(self):
        self.refuse("the name '.GIT' is taken for '.git' by some systems", ("tree", ".GIT"))


if __name__ == "__main__":
    unittest.main()
