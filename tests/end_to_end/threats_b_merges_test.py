"""B-015, B-016: merges that slip something in, stand the wrong way round or have many parents."""
import unittest

from support import GateTest, git


class Merges(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.begin = self.server.head()
        self.server.commit("feat: one", {"one": "x"}, branch="feature/one")
        self.assert_accepted(self.server.push("feature/one"))

    def refuse(self, *words, spec="HEAD:refs/heads/main", kept_before=False):
        before = self.server.refs()
        result = self.server.push(spec)
        self.assert_refused(self.server, result, before, *words)
        if not kept_before:
            self.assert_nothing_kept(self.server, self.server.head())
        return result

    def merge_and_amend(self, change):
        self.server.checkout("-B", "main", self.begin)
        self.server.merge("feature/one")
        change()
        git("commit", "-q", "--amend", "--no-edit", "-a", cwd=self.server.work)

    def test_B_015_a_file_that_only_the_merge_adds_is_named_and_refused(self):
        def add():
            with open(self.server.work + "/slipped-in", "w") as file:
                file.write("x")
            git("add", "slipped-in", cwd=self.server.work)
        self.merge_and_amend(add)
        self.refuse("the merge holds changes that are on neither side", "slipped-in", "direct-push")

    def test_B_015_a_change_or_a_removal_in_the_merge_is_refused(self):
        def change():
            with open(self.server.work + "/one", "w") as file:
                file.write("y")
        self.merge_and_amend(change)
        self.refuse("changes that are on neither side", "one")
        self.merge_and_amend(lambda: git("rm", "-q", "README", cwd=self.server.work))
        self.refuse("changes that are on neither side", "README")

    def test_B_015_a_mode_changed_in_the_merge_is_refused(self):
        self.server.checkout("-B", "main", self.begin)
        git("merge", "-q", "--no-ff", "--no-commit", "feature/one", cwd=self.server.work)
        git("update-index", "--chmod=+x", "README", cwd=self.server.work)
        git("commit", "-q", "-m", "Merge branch 'feature/one'", cwd=self.server.work)
        self.refuse("changes that are on neither side", "README")

    def test_B_015_a_merge_that_throws_the_branch_away_is_refused(self):
        self.server.checkout("-B", "main", self.begin)
        git("merge", "-q", "--no-ff", "-s", "ours", "feature/one", cwd=self.server.work)
        self.refuse("changes that are on neither side", "one")

    def test_B_015_an_evil_merge_below_a_good_one_is_refused(self):
        self.merge_and_amend(lambda: git("rm", "-q", "README", cwd=self.server.work))
        evil = self.server.head()
        self.server.checkout("-B", "feature/two", self.begin)
        self.server.commit("feat: two", {"two": "x"})
        self.assert_accepted(self.server.push("feature/two"))
        self.server.checkout("-B", "main", evil)
        self.server.merge("feature/two")
        self.refuse("changes that are on neither side", evil[:7], "README")

    def test_B_016_main_does_not_become_the_second_parent(self):
        self.server.commit("feat: two", {"two": "x"}, branch="feature/two")
        self.assert_accepted(self.server.push("feature/two"))
        self.server.checkout("-B", "main", self.begin)
        self.server.merge("feature/two")
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        main = self.server.head()
        # As `git pull` does it, the fox-trot: the branch first, main second.
        self.server.checkout("feature/one")
        self.server.merge(main, "Merge branch 'main'")
        self.refuse("would become the second parent", "direct-push")
        # The same when the branch itself is on the server: still not the line of main.
        self.assert_accepted(self.server.push("feature/one"))
        self.refuse("would become the second parent", kept_before=True)

    def test_B_016_an_octopus_of_twenty_parents_lives_on_a_branch_and_cannot_land(self):
        tips = []
        for number in range(19):
            self.server.checkout("-B", f"feature/{number}", self.begin)
            tips.append(self.server.commit(f"feat: part {number}", {f"file{number}": "x"}))
        self.assert_accepted(self.server.push(*[f"feature/{n}" for n in range(19)]))
        self.server.checkout("-B", "feature/all", self.begin)
        git("merge", "-q", "--no-ff", "-m", "chore: merge all", *tips, cwd=self.server.work)
        self.assertEqual(20, len(git("rev-list", "--parents", "-1", "HEAD",
                                     cwd=self.server.work).split()) - 1)
        self.refuse("a merge of 20 parents cannot land")
        self.assert_accepted(self.server.push("feature/all"))

    def commit_with_parents(self, count):
        tree = git("rev-parse", f"{self.begin}^{{tree}}", cwd=self.server.work)
        parents = []
        for number in range(count):
            parents.append(git("commit-tree", tree, "-p", self.begin, "-m", f"feat: part {number}",
                               cwd=self.server.work))
        lines = "".join(f"parent {oid}\n" for oid in parents)
        who = "Ada <ada@example.com> 1700000000 +0000"
        oid = self.server.raw_commit(f"tree {tree}\n{lines}author {who}\ncommitter {who}\n\n"
                                     "chore: merge many\n".encode())
        git("reset", "-q", "--hard", oid, cwd=self.server.work)

    def test_B_016_a_commit_of_two_hundred_parents_is_refused_everywhere(self):
        self.commit_with_parents(200)
        self.refuse("200 parents; the limit is 128", spec="HEAD:refs/heads/feature/many")

    def test_B_016_the_limit_holds_below_other_commits(self):
        self.commit_with_parents(129)
        self.server.commit("feat: on top", {"top": "x"})
        self.refuse("129 parents; the limit is 128", spec="HEAD:refs/heads/feature/many")


if __name__ == "__main__":
    unittest.main()
