"""How branches land on main: what is let in, from where, by whom."""
import os
import unittest

from landing import FEATURES, LandingTest
from support import IDENTITY, git


class Landing(LandingTest):
    def test_a_merge_lands(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.merge("feature/x")
        self.land()
        self.assertIn(("ref.updated", "refs/heads/main"), self.server.event_types())

    def test_a_branch_lands_as_it_is(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.server.commit("feat: more", {"x": "2"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.land()

    def test_a_part_of_a_branch_lands(self):
        self.begin()
        first = self.branch("feature/x", {"x": "1"})
        self.server.commit("feat: more", {"x": "2"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.server.checkout(first)
        self.land()

    def test_several_merges_land_in_one_push(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.branch("feature/y", {"y": "1"})
        self.branch("release/1", {"z": "1"})
        self.merge("feature/x", "feature/y", "release/1")
        self.land()

    def test_a_merge_of_a_branch_with_merges_of_its_own_lands(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.branch("feature/y", {"y": "1"})
        self.server.merge("feature/x")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/y"))
        self.merge("feature/y")
        self.land()

    def test_a_commit_on_top_of_a_merge_does_not_land(self):
        self.begin()
        self.branch("feature/x", {"x": "1"})
        self.merge("feature/x")
        tip = self.server.commit("feat: one more thing", {"y": "1"})
        self.refuse("no direct push to 'main'", "direct-push")
        self.assert_nothing_kept(self.server, tip)

    def test_only_those_named_land(self):
        self.begin(FEATURES + ", by: [reviewers, cora]", IDENTITY + "groups: {reviewers: [ben]}\n")
        main = self.server.ref("refs/heads/main")
        for number, name in enumerate(("ben", "cora")):
            self.server.checkout("-B", "work", main)
            self.server.commit("feat: work", {f"work{number}": "x"})
            self.assert_accepted(self.server.push(f"HEAD:refs/heads/feature/{name}", user="ada"))
            self.refuse("'ada' may not land on 'main'", "may land: ben, cora", user="ada")
            self.land(user=name)
            main = self.server.head()

    def test_a_fast_forward_does_not_land_where_only_merges_do(self):
        self.begin("land: [merge], " + FEATURES)
        self.branch("feature/x", {"x": "1"})
        self.refuse("no direct push to 'main'")
        self.merge("feature/x")
        self.land()

    def test_a_merge_does_not_land_where_only_fast_forwards_do(self):
        self.begin("land: [fast-forward], " + FEATURES)
        self.branch("feature/x", {"x": "1"})
        self.merge("feature/x")
        self.refuse("no direct push to 'main'")
        self.server.checkout("feature/x")
        self.land()

    def test_nothing_lands_where_nothing_may(self):
        self.begin("land: []")
        self.branch("feature/x", {"x": "1"})
        self.refuse("no direct push to 'main'", "nothing lands here by push")

    def test_a_branch_that_may_not_land_does_not(self):
        self.begin()
        self.branch("exp/x", {"x": "1"})
        self.refuse("no direct push to 'main'", "feature/**, release/**")
        self.merge("exp/x")
        self.refuse("is on no branch of the server that may land here",
                    "may land: feature/**, release/**")

    def test_a_tag_is_no_branch_that_may_land(self):
        self.begin("from: ['**']")
        self.branch("feature/x", {"x": "1"}, push=False)
        self.assert_accepted(self.server.push("HEAD:refs/tags/feature/x"))
        self.refuse("no direct push to 'main'")

    def test_a_settled_conflict_is_refused_and_named(self):
        self.begin()
        self.branch("feature/x", {"README": "theirs\n"})
        self.branch("feature/y", {"README": "ours\n"})
        self.land()
        self.server.checkout("-B", "main", "feature/y")
        git("merge", "-q", "--no-ff", "-X", "ours", "feature/x", cwd=self.server.work)
        self.refuse("the merge settles a conflict", "README", "settle it on the branch")
        # Settled on the branch it lands.
        self.server.checkout("-B", "feature/x", "feature/x")
        git("merge", "-q", "--no-ff", "-X", "ours", "feature/y", cwd=self.server.work)
        self.assert_accepted(self.server.push("feature/x"))
        self.merge("feature/x")
        self.land()

    def test_attributes_of_main_decide_how_files_merge(self):
        self.begin()
        self.branch("feature/base", {".gitattributes": "CHANGES merge=union\nsub/* merge=union\n",
                                     "CHANGES": "begin\n", "sub/log": "begin\n"})
        self.land()
        self.branch("feature/x", {"CHANGES": "begin\nx\n", "sub/log": "begin\nx\n"})
        self.branch("feature/y", {"CHANGES": "begin\ny\n", "sub/log": "begin\ny\n"})
        self.merge("feature/x")
        self.land()
        self.merge("feature/y")
        with open(os.path.join(self.server.work, "CHANGES")) as file:
            self.assertEqual({"begin\n", "x\n", "y\n"}, set(file))
        self.land()

    def test_renames_merge_as_developers_git_merges_them(self):
        self.begin()
        text = "".join(f"line {n}\n" for n in range(40))
        self.branch("feature/base", {"old/a": text, "old/b": text + "b\n", "old/c": text + "c\n"})
        self.land()
        self.branch("feature/edit", {"old/a": text + "edited\n", "old/b": "first\n" + text + "b\n"})
        self.server.checkout("-B", "feature/rename", self.server.ref("refs/heads/main"))
        git("mv", "old", "new", cwd=self.server.work)
        self.server.commit("refactor: rename the folder")
        self.assert_accepted(self.server.push("feature/rename"))
        self.merge("feature/rename")
        self.land()
        self.merge("feature/edit")
        self.assertIn("new/a", git("ls-tree", "-r", "--name-only", "HEAD", cwd=self.server.work))
        self.land()

    def test_a_branch_that_does_not_exist_is_created_by_landing(self):
        self.begin(seed=False)
        self.server.commit("feat: begin", {"README": "hello\n"})
        self.refuse("'main' does not exist yet", "git push origin")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/first"))
        self.land()

    def test_a_branch_that_does_not_exist_needs_an_admin_where_only_merges_land(self):
        self.begin("land: [merge]", seed=False)
        self.server.commit("feat: begin", {"README": "hello\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/first"))
        self.refuse("'main' does not exist yet", "ask an admin to create it")

    def test_a_branch_pushed_together_with_its_landing_does_not_count(self):
        self.begin()
        tip = self.branch("feature/x", {"x": "1"}, push=False)
        merge = self.merge("feature/x")
        before = self.server.refs()
        result = self.server.push("feature/x", "HEAD:refs/heads/main")
        self.assert_refused(self.server, result, before, "is on no branch of the server",
                            "push that branch first, in a push of its own")
        self.assert_nothing_kept(self.server, tip, merge)

    def test_landing_and_deleting_the_branch_in_one_push_is_done_or_refused_as_a_whole(self):
        self.begin()
        source = self.branch("feature/x", {"x": "1"})
        merge = self.merge("feature/x")
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main", ":refs/heads/feature/x")
        if result.code == 0:
            self.assertEqual({"refs/heads/main": merge}, self.server.refs())
        else:
            self.assertEqual(before, self.server.refs(), result)
            self.assertEqual(source, self.server.ref("refs/heads/feature/x"))

    def test_a_branch_that_moves_while_it_lands_is_refused(self):
        self.begin()
        source = self.branch("feature/x", {"x": "1"})
        self.merge("feature/x")
        main = self.server.ref("refs/heads/main")
        folder = os.path.join(self.server.path, "hooks", "pre-receive.d")
        os.makedirs(folder, exist_ok=True)
        hook = os.path.join(folder, "50-move")
        with open(hook, "w") as file:
            file.write("#!/bin/sh\nunset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY "
                       "GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
                       f"exec git update-ref refs/heads/feature/x {main}\n")
        os.chmod(hook, 0o755)
        for packed in (False, True):
            with self.subTest(packed=packed):
                git("update-ref", "refs/heads/feature/x", source, cwd=self.server.path)
                if packed:
                    git("pack-refs", "--all", cwd=self.server.path)
                result = self.server.push("HEAD:refs/heads/main")
                self.assertNotEqual(0, result.code, result)
                self.assertIn("moved while it was landing", result.remote)
                self.assertEqual(main, self.server.ref("refs/heads/main"))
                self.assertEqual([], [e for e in self.server.event_types()
                                      if e == ("ref.updated", "refs/heads/main")])


if __name__ == "__main__":
    unittest.main()
