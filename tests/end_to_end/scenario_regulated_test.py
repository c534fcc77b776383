"""The preset regulated: signed work of one person, approvals of two others and of an owner, and a release."""
import os
import unittest

from scenario import ScenarioTest
from support import IDENTITY, git, needs, run

WITH = """extends:
  - preset: regulated
    with: {reviewers: [ben, cora, dora], release-managers: [rita]}
events:
  sinks: [{name: log, file: events.jsonl}]
"""
TICKET = "\n\nTicket: ABC-12\nSigned-off-by: {0} <{1}@example.com>\n"


@needs("ssh-keygen")
class Regulated(ScenarioTest):
    def setUp(self):
        super().setUp()
        git("config", "gpg.format", "ssh", cwd=self.server.work)
        users = "users:\n"
        for name in self.AUTHORS:
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(self.folder, name)])
            with open(os.path.join(self.folder, name + ".pub")) as file:
                users += f"  {name}: {{name: {name.title()}, email: [{name}@example.com], keys: ['{file.read().strip()}']}}\n"
        self.server.write_policy("version: 1\n" + IDENTITY + users + WITH)

    def signed(self, user, *args):
        """A Git command that signs with `user`'s key and says it is `user`'s."""
        return git("-c", f"user.signingKey={self.folder}/{user}", *args, cwd=self.server.work, env=self.AUTHORS[user])

    def message(self, title, user):
        return title + TICKET.format(user.title(), user)

    def change(self, user, branch, path, title):
        self.server.checkout("-B", branch, self.server.ref(f"refs/heads/{branch}") or self.server.ref("refs/heads/main"))
        os.makedirs(os.path.join(self.server.work, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(self.server.work, path), "a") as file:
            file.write("1\n")
        self.signed(user, "add", path)
        self.signed(user, "commit", "-q", "-S", "-m", self.message(title, user))
        return self.server.head()

    def merge_signed(self, branch, user):
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        self.signed(user, "merge", "-q", "--no-ff", "-S", "-m", self.message(f"chore: merge {branch}", user), branch)
        return self.server.head()

    def seed_owners(self):
        """An admin puts the owners on the trunk."""
        self.change("rita", "seed", "README", "docs: tell more")
        with open(os.path.join(self.server.work, "CODEOWNERS"), "w") as file:
            file.write("/api/ @dora\n")
        self.signed("rita", "add", "CODEOWNERS")
        self.signed("rita", "commit", "-q", "-S", "-m", self.message("chore: name owners", "rita"))
        owners = self.server.head()
        git("push", "-q", "--receive-pack=git -c core.hooksPath=/dev/null receive-pack", self.server.path,
            f"{owners}:refs/heads/main", cwd=self.server.work)

    def test_from_a_signed_commit_to_a_signed_release(self):
        self.seed_owners()
        commit = self.change("ada", "feature/login", "api/login", "feat: add the login form")
        self.accepted("ada", "feature/login")
        merge = self.merge_signed("feature/login", "ada")
        self.not_landed("feature/login needs 2 approvals and has none",
                        "an owner of api/login has to approve")
        self.refused("ada", f"{commit}:{self.attest(commit, 'approval', 'ada')}", "'ada' may not leave an approval")
        self.approve("ben", commit)
        self.not_landed("feature/login needs 2 approvals", "has 1 (ben)")
        self.approve("cora", commit)
        self.not_landed("an owner of api/login has to approve")
        self.approve("dora", commit)
        self.land("ada")
        self.assertEqual(merge, self.server.ref("refs/heads/main"))

        # A release is signed by the release manager, and nobody else.
        self.signed("ada", "tag", "-s", "-m", "Release 1.0", "v1.0", merge)
        self.refused("ada", "v1.0", "unsigned-tag")
        self.signed("rita", "tag", "-f", "-s", "-m", "Release 1.0", "v1.0", merge)
        self.accepted("rita", "v1.0")
        trail = [(event["type"][14:-3], event["authid"]) for event in self.server.events()
                 if event["type"][14:-3] in ("approval.recorded", "change.landed", "release.created")]
        self.assertEqual([("approval.recorded", "ben"), ("approval.recorded", "cora"), ("approval.recorded", "dora"),
                          ("change.landed", "ada"), ("release.created", "rita")], trail)

    def test_an_approval_that_is_a_tag_signed_by_a_reviewer_counts_whoever_brings_it(self):
        self.seed_owners()
        commit = self.change("ada", "feature/login", "login", "feat: add the login form")
        self.accepted("ada", "feature/login")
        self.approve("ben", commit)
        name = self.attest(commit, "approval", "cora")
        self.signed("cora", "tag", "-s", "-m", "looks good", name[len("refs/"):], commit)
        self.accepted("ada", f"refs/tags/{name[len('refs/'):]}:{name}")
        self.merge_signed("feature/login", "ada")
        self.land("ada")

    def test_a_reviewer_with_a_part_in_the_work_is_none(self):
        self.seed_owners()
        self.change("ben", "feature/login", "login", "feat: begin the login form")
        self.accepted("ben", "feature/login")
        commit = self.change("ada", "feature/login", "login", "feat: end the login form")
        self.accepted("ada", "feature/login")
        self.approve("ben", commit)
        self.approve("cora", commit)
        self.merge_signed("feature/login", "ada")
        self.not_landed("needs 2 approvals", "approval 'ben' does not count", "'ben' is its author")
        self.approve("dora", commit)
        self.land("ada")

    def test_nobody_lands_an_unsigned_merge_or_that_of_another(self):
        self.seed_owners()
        commit = self.change("ada", "feature/login", "login", "feat: add the login form")
        self.accepted("ada", "feature/login")
        for reviewer in ("ben", "cora"):
            self.approve(reviewer, commit)
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        self.signed("ada", "merge", "-q", "--no-ff", "-m", self.message("chore: merge feature/login", "ada"), "feature/login")
        self.not_landed("unsigned-commit")
        git("-c", f"user.signingKey={self.folder}/rita", "commit", "-q", "--amend", "-S", "--no-edit",
            cwd=self.server.work, env=self.AUTHORS["ada"])
        self.not_landed("unsigned-commit", "rita")
        self.merge_signed("feature/login", "ada")
        self.land("ada")


if __name__ == "__main__":
    unittest.main()
