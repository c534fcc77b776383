"""B-010 to B-013: tags that move, hide commits, or hold what no rule can judge."""
import hashlib
import os
import unittest
import zlib

from support import GateTest, git

POLICY = """version: 1
rulesets:
  - name: releases
    refs: ['refs/tags/v*']
    rules:
      rewound-branch: {}
      deleted-ref: {}
      unconventional-commit: {}
"""


def tag_chain(folder, target, length):
    """Writes tags of tags as loose objects; returns the id of the outermost."""
    kind = b"commit"
    for number in range(length):
        body = (b"object %s\ntype %s\ntag t%d\ntagger Ada <ada@example.com> 1700000000 +0000\n\nx\n" %
                (target.encode(), kind, number))
        raw = b"tag %d\0" % len(body) + body
        target, kind = hashlib.sha1(raw).hexdigest(), b"tag"
        os.makedirs(os.path.join(folder, target[:2]), exist_ok=True)
        with open(os.path.join(folder, target[:2], target[2:]), "wb") as file:
            file.write(zlib.compress(raw, 1))
    return target


class Tags(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)

    def refuse(self, *specs, words, objects=()):
        before = self.server.refs()
        result = self.server.push(*specs)
        self.assert_refused(self.server, result, before, *words)
        self.assert_nothing_kept(self.server, *objects)

    def test_B_010_a_protected_tag_does_not_move(self):
        git("tag", "-m", "one", "v1", cwd=self.server.work)
        self.assert_accepted(self.server.push("refs/tags/v1"))
        tip = self.server.commit("feat: more", {"more": "x"})
        self.refuse("+HEAD:refs/tags/v1", words=["the tag exists and must not move"], objects=[tip])
        git("tag", "-f", "-m", "one again", "v1", "HEAD~1", cwd=self.server.work)
        self.refuse("+refs/tags/v1", words=["the tag exists and must not move"],
                    objects=[git("rev-parse", "v1", cwd=self.server.work)])

    def test_B_010_a_protected_tag_is_not_deleted_to_be_made_again(self):
        self.assert_accepted(self.server.push("HEAD:refs/tags/v1"))
        self.refuse(":refs/tags/v1", words=["REJECTED refs/tags/v1", "deleted-ref"])

    def test_B_011_a_tag_with_a_bad_commit_below_is_refused(self):
        bad = self.server.commit("a bad title", {"bad": "x"})
        git("tag", "-m", "feat: a fine title", "v1", cwd=self.server.work)
        tag = git("rev-parse", "v1", cwd=self.server.work)
        self.refuse("refs/tags/v1", words=["REJECTED refs/tags/v1", "a bad title"], objects=[bad, tag])
        # Together with, or after, a branch that has no rules.
        self.refuse("HEAD:refs/heads/x", "refs/tags/v1", words=["a bad title"], objects=[bad, tag])
        self.assert_accepted(self.server.push("HEAD:refs/heads/x"))
        self.refuse("refs/tags/v1", words=["a bad title"], objects=[tag])
        self.refuse("HEAD:refs/tags/v1", words=["a bad title"])

    def test_B_011_a_tag_of_a_tag_is_looked_through(self):
        bad = self.server.commit("a bad title", {"bad": "x"})
        outer = tag_chain(os.path.join(self.server.work, ".git", "objects"), bad, 2)
        self.refuse(f"{outer}:refs/tags/v1", words=["a bad title"], objects=[bad, outer])

    def test_B_012_a_chain_of_ten_thousand_tags_is_refused(self):
        objects = os.path.join(self.server.work, ".git", "objects")
        outer = tag_chain(objects, self.server.head(), 10_000)
        for name in ("refs/tags/v1", "refs/tags/unruled"):
            self.refuse(f"{outer}:{name}", words=["a tag of a tag of a tag", "deep-tag"],
                        objects=[outer])

    def test_B_013_a_release_tag_on_a_tree_or_a_blob_is_refused(self):
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b"unseen\n")
        tree = git("mktree", cwd=self.server.work, data=f"100644 blob {blob}\tunseen\n".encode())
        for what, kind in ((tree, "tree"), (blob, "blob")):
            with self.subTest(kind):
                self.refuse(f"{what}:refs/tags/v1", words=["not-a-commit", f"a {kind}"],
                            objects=[blob])
                git("tag", "-f", "-m", "x", f"v-{kind}", what, cwd=self.server.work)
                self.refuse(f"refs/tags/v-{kind}", words=["not-a-commit", f"a {kind}"],
                            objects=[blob])

    def test_B_013_a_branch_never_holds_a_tree_a_blob_or_a_tag(self):
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b"unseen\n")
        git("tag", "-m", "x", "a", cwd=self.server.work)
        tag = git("rev-parse", "a", cwd=self.server.work)
        for what in (blob, tag):
            before = self.server.refs()
            result = self.server.push(f"{what}:refs/heads/x")
            self.assertNotEqual(0, result.code, result)
            self.assertEqual(before, self.server.refs())


if __name__ == "__main__":
    unittest.main()
