"""Branches that land squashed or rebased, as `git merge --squash` and `git rebase` make them."""
import os
import unittest

from landing import FEATURES, LandingTest
from support import git, processor_seconds

LATER = {"GIT_COMMITTER_DATE": "1700000600 +0000", "GIT_COMMITTER_NAME": "Ben"}


class RewrittenLanding(LandingTest):
    def work(self, *args, env=None):
        return git(*args, cwd=self.server.work, env={**LATER, **(env or {})})

    def several(self, name="feature/x"):
        """A branch of three commits, and main one commit ahead of where it begins."""
        main = self.server.ref("refs/heads/main")
        self.server.checkout("-B", name, main)
        text = "".join(f"line {n}\n" for n in range(20))
        self.server.commit("feat: begin x", {"x.py": text}, date=1700000001)
        self.server.commit("feat: go on with x\n\nWhy.\n", {"x.py": text + "more\n"}, date=1700000002)
        self.server.commit("docs: tell about x", {"README": "hello\nx\n"}, date=1700000003)
        self.assert_accepted(self.server.push(name))
        self.branch("feature/y", {"y": "1"})
        self.server.push("HEAD:refs/heads/feature/y")
        git("update-ref", "refs/heads/main", "refs/heads/feature/y", cwd=self.server.path)
        git("update-ref", "-d", "refs/heads/feature/y", cwd=self.server.path)

    def start(self):
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))

    def squash(self, name="feature/x", message="feat: add x"):
        self.start()
        self.work("merge", "-q", "--squash", name)
        self.work("commit", "-q", "-m", message)

    def rebase(self, name="feature/x"):
        self.server.checkout("--detach", name)
        self.work("rebase", "-q", self.server.ref("refs/heads/main"))

    def test_a_squashed_branch_lands(self):
        self.begin("land: [squash], " + FEATURES)
        self.several()
        self.squash()
        self.land()

    def test_a_squash_with_the_message_git_proposes_is_told_to_say_what_it_does(self):
        self.begin("land: [squash], " + FEATURES)
        self.several()
        self.start()
        self.work("merge", "-q", "--squash", "feature/x")
        self.work("commit", "-q", "--no-edit")
        self.refuse("the message of a squash on 'main' must be conventional", "git commit --amend")
        self.work("commit", "-q", "--amend", "-m", "feat: add x")
        self.land()

    def test_a_rebased_branch_lands(self):
        self.begin("land: [rebase], " + FEATURES)
        self.several()
        self.rebase()
        self.assertEqual(3, len(git("rev-list", "HEAD", "^" + self.server.ref("refs/heads/main"),
                                    cwd=self.server.work).split()))
        self.land()

    def test_a_branch_that_is_up_to_date_lands_as_it_is_where_branches_are_rebased(self):
        self.begin("land: [rebase], " + FEATURES)
        self.branch("feature/x", {"x": "1"})
        self.land()

    def test_a_rebase_leaves_out_what_main_has(self):
        self.begin("land: [rebase], " + FEATURES)
        self.several()
        self.start()
        self.work("cherry-pick", "feature/x~2")
        self.server.push("HEAD:refs/heads/feature/picked")
        self.land()
        self.rebase()
        self.assertEqual(2, len(git("rev-list", "HEAD", "^" + self.server.ref("refs/heads/main"),
                                    cwd=self.server.work).split()))
        self.land()

    def test_neither_lands_where_the_policy_has_no_word_of_them(self):
        self.begin()
        self.several()
        self.squash()
        self.refuse("no direct push to 'main'", "git merge --no-ff origin/feature/NAME")
        self.rebase()
        self.refuse("no direct push to 'main'")

    def test_several_squashes_land_at_once(self):
        self.begin("land: [squash], " + FEATURES)
        self.several()
        self.branch("release/1", {"r": "1"})
        self.squash()
        self.work("merge", "-q", "--squash", "release/1")
        self.work("commit", "-q", "-m", "feat: release")
        self.land()

    def test_attributes_and_renames_count_for_squashes_and_rebases_too(self):
        self.begin("land: [fast-forward, squash, rebase], " + FEATURES)
        text = "".join(f"line {n}\n" for n in range(40))
        self.branch("feature/base", {".gitattributes": "CHANGES merge=union\n", "CHANGES": "begin\n",
                                     "old/a": text})
        self.land()
        self.branch("feature/x", {"CHANGES": "begin\nx\n", "old/a": text + "x\n"})
        self.branch("feature/z", {"CHANGES": "begin\nz\n"})
        self.branch("feature/y", {"CHANGES": "begin\ny\n"}, push=False)
        git("mv", "old", "new", cwd=self.server.work)
        self.server.commit("refactor: rename the folder")
        self.assert_accepted(self.server.push("feature/y"))
        self.land()
        self.squash()
        self.assertIn("new/a", git("ls-tree", "-r", "--name-only", "HEAD", cwd=self.server.work))
        self.land()
        self.rebase("feature/z")
        self.land()

    def test_B_015_a_file_slipped_into_a_squash_is_named_and_refused(self):
        self.begin("land: [squash], " + FEATURES)
        self.several()
        self.squash()
        self.server.commit("chore: slip in", {"slipped-in": "x"})
        self.work("reset", "-q", "--soft", "HEAD~2")
        self.work("commit", "-q", "-m", "feat: add x")
        self.refuse("the commit is not what squashing 'feature/x' gives", "slipped-in",
                    "git merge --squash origin/feature/x", "direct-push")
        self.assert_nothing_kept(self.server, self.server.head())

    def test_B_015_spaces_changed_by_a_rebase_are_named_and_refused(self):
        self.begin("land: [rebase], " + FEATURES)
        self.several()
        self.rebase()
        path = os.path.join(self.server.work, "x.py")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace("more", "    more"))
        self.work("commit", "-q", "-a", "--fixup", "HEAD~1")
        self.work("rebase", "-q", "-i", "--autosquash", self.server.ref("refs/heads/main"),
                  env={"GIT_SEQUENCE_EDITOR": "true"})
        changed = git("rev-parse", "HEAD~1", cwd=self.server.work)
        self.refuse("the commit is not what rebasing", "x.py", changed[:7],
                    "git rebase origin/main")

    def test_B_015_a_commit_put_between_those_of_a_rebase_is_refused(self):
        self.begin("land: [rebase], " + FEATURES)
        self.several()
        self.rebase()
        self.server.commit("chore: slip in", {"slipped-in": "x"})
        self.refuse("the commit is none of 'feature/x'")

    def test_a_rebase_has_the_authors_and_messages_of_the_branch(self):
        self.begin("land: [rebase], " + FEATURES)
        self.several()
        self.rebase()
        tip = self.server.head()
        self.work("commit", "-q", "--amend", "--no-edit", "--author", "Eve <eve@example.com>")
        self.refuse("the commit has another author than")
        self.server.checkout(tip)
        self.work("commit", "-q", "--amend", "-m", "docs: tell more about x")
        self.refuse("the commit has another message than")

    def test_a_branch_with_merges_is_not_rebased(self):
        self.begin("land: [rebase], " + FEATURES)
        self.several()
        self.server.checkout("feature/x")
        self.server.merge(self.server.ref("refs/heads/main"), "Merge branch 'main' into feature/x")
        merge = self.server.head()
        self.server.commit("feat: last of x", {"last": "1"})
        self.assert_accepted(self.server.push("feature/x"))
        self.rebase()
        self.refuse("'feature/x' holds merges, which a rebase leaves out: " + merge[:8],
                    "git push --force-with-lease origin HEAD:feature/x")

    def test_a_source_that_moves_while_it_lands_squashed_is_refused(self):
        self.begin("land: [squash, rebase], " + FEATURES)
        self.several()
        main = self.server.ref("refs/heads/main")
        folder = os.path.join(self.server.path, "hooks", "pre-receive.d")
        os.makedirs(folder, exist_ok=True)
        hook = os.path.join(folder, "50-move")
        source = self.server.ref("refs/heads/feature/x")
        with open(hook, "w") as file:
            file.write("#!/bin/sh\nunset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY "
                       "GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
                       f"exec git update-ref refs/heads/feature/x {main}\n")
        os.chmod(hook, 0o755)
        for make in (self.squash, self.rebase):
            git("update-ref", "refs/heads/feature/x", source, cwd=self.server.path)
            make()
            result = self.server.push("HEAD:refs/heads/main")
            self.assertNotEqual(0, result.code, result)
            self.assertIn("moved while it was landing", result.remote)
            self.assertEqual(main, self.server.ref("refs/heads/main"))

    def test_a_direct_push_beside_five_hundred_branches_is_refused_in_time(self):
        self.begin("land: [merge, squash, rebase], " + FEATURES)
        stream = []
        for number in range(500):
            stream.append(f"commit refs/heads/feature/n{number}\ncommitter Ada <ada@example.com> "
                          f"{1700000000 + number} +0000\ndata 7\nfeat: n\n"
                          f"from {self.server.ref('refs/heads/main')}\n"
                          f"M 100644 inline n{number}\ndata 1\nx\n\n")
        git("fast-import", "--quiet", cwd=self.server.path, data="".join(stream).encode())
        self.start()
        self.server.commit("feat: mine", {"mine": "1"})
        before = processor_seconds()
        self.refuse("no direct push to 'main'", "more branches than could be compared")
        self.assertLess(processor_seconds() - before, 20)


if __name__ == "__main__":
    unittest.main()
