"""B-047, B-048: trees in which programs find different files. Git itself refuses them: the installer
switches receive.fsckObjects on."""
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
        """Pushes a commit with a tree of these entries; git's own check names `why`."""
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
        result = raw_push(self.server, [(ZERO, commit, "refs/heads/feature/x")],
                          pack_objects(self.server, [blob, empty, tree, commit]))
        self.assertIn(b"ng refs/heads/feature/x", result.report, result)
        self.assertIn(why, result.text, result)
        self.assertEqual(before, self.server.refs())
        self.assert_nothing_kept(self.server, tree, commit)

    def test_B_047_an_unsorted_tree_is_refused(self):
        self.refuse("treeNotSorted", ("blob", "z"), ("blob", "policy.yaml"))
        # Sorted as text, not as git sorts a folder.
        self.refuse("treeNotSorted", ("tree", "a"), ("blob", "a.txt"))

    def test_B_048_the_same_name_twice_is_refused(self):
        self.refuse("duplicateEntries", ("blob", "a"), ("blob", "a"))

    def test_B_048_a_file_and_a_folder_of_one_name_are_refused(self):
        self.refuse("duplicateEntries", ("blob", "a"), ("tree", "a"))
        self.refuse("duplicateEntries", ("blob", "a"), ("blob", "a.txt"), ("tree", "a"))


if __name__ == "__main__":
    unittest.main()
