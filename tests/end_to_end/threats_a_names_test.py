"""A-011, A-012, A-025 to A-027, A-032, A-033: names that no ref should have."""
import unittest

from support import GateTest, ZERO, git, pack_of, raw_push

MAIN = "refs/heads/main"
FUNNY = [
    # No names at all
    "", "HEAD", "config", "main", "FETCH_HEAD", "hooks/pre-receive", "/etc/passwd", "heads/x",
    # One part too few, empty parts
    "refs", "refs/", "refs/heads", "refs/heads/", "refs/main", "refs//heads/main", "refs/heads//main",
    "refs/heads/x/", "/refs/heads/x",
    # Ways out of the folder
    "refs/heads/..", "refs/heads/../../HEAD", "refs/heads/../tags/v1", "refs/heads/./x",
    # Names Git keeps for itself
    "refs/heads/.x", "refs/heads/x.lock", "refs/heads/x.lock/y", "refs/heads/x.", "refs/heads/x..y",
    "refs/heads/x@{1}", "refs/heads/@{",
    # Characters Git has a meaning for
    "refs/heads/x y", " refs/heads/x", "refs/heads/x~1", "refs/heads/x^", "refs/heads/x:y",
    "refs/heads/x?", "refs/heads/x*", "refs/heads/x[a]", "refs/heads/x\\y",
    # Control characters
    "refs/heads/x\ty", "refs/heads/x\ny", "refs/heads/x\ry", "refs/heads/x\x1b[31my", "refs/heads/x\x7fy",
    "refs/heads/x\x07", "refs/heads/\x1b]0;title\x07",
]
MISLEADING = ["-f", "--exec=id", "HEAD", "0123456789abcdef" * 2 + "01234567", "ABCDEF01" * 5,
              "0123456789abcdef" * 4, "refs/heads/main"]
# Nothing about names, so that only what is always on can refuse them.
PERMISSIVE = """version: 1
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {}
"""


class Names(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=PERMISSIVE)
        self.tip = self.server.ref(MAIN)
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        self.pack = pack_of(self.server, [self.commit], [self.tip])

    def refuse(self, name, *words):
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, self.commit, name)], self.pack)
        self.assert_refused(self.server, result, before, *words)
        self.assertFalse(self.server.has_object(self.commit))

    def test_A_011_names_that_are_none_are_refused(self):
        for name in FUNNY:
            with self.subTest(name):
                self.refuse(name, "REJECTED")
        events = self.server.events()
        self.assertEqual({"dev.trunkgate.push.rejected.v1"}, {e["type"] for e in events})
        # A line feed leaves half a line, which is about no ref that can be told.
        self.assertGreaterEqual(len(events), len(FUNNY) - 1)

    def test_A_011_one_of_them_takes_a_good_ref_with_it(self):
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, self.tip, "refs/heads/feature/x"),
                                        (ZERO, self.tip, "refs/heads/x\x1b[2Jy")])
        self.assert_refused(self.server, result, before, r"refs/heads/x\x1b[2Jy",
                            "it has a control character")
        self.assert_only_rejected(self.server, "invalid-ref-name")

    def test_A_012_a_hidden_ref_takes_the_whole_push_with_it(self):
        for key in ("receive.hideRefs", "transfer.hideRefs"):
            with self.subTest(key):
                git("config", key, "refs/heads/secret", cwd=self.server.path)
                before = self.server.refs()
                result = raw_push(self.server, [(ZERO, self.tip, "refs/heads/feature/x"),
                                                (ZERO, self.tip, "refs/heads/secret/x")])
                self.assert_refused(self.server, result, before, "the server hides this reference")
                git("config", "--unset", key, cwd=self.server.path)
        self.assertEqual([], self.server.accepted())
        self.assertEqual(2, len(self.server.rejections()))

    def test_A_025_nothing_is_created_below_a_protected_branch_that_is_unborn(self):
        git("update-ref", "-d", MAIN, cwd=self.server.path)
        self.refuse("refs/heads/main/x", "'main' is a protected name; nothing can be created below it")
        self.assert_only_rejected(self.server, "blocked-branch")

    def test_A_026_branches_that_look_like_something_else_are_refused(self):
        for name in MISLEADING:
            with self.subTest(name):
                self.refuse("refs/heads/" + name, "can be taken for an object id, an option or a full name")
        self.assertEqual([], self.server.accepted())
        self.assertEqual(len(MISLEADING), len(self.server.rejections()))

    def test_A_027_a_tag_with_the_name_of_a_protected_branch_is_refused(self):
        self.refuse("refs/tags/main", "a tag with the name of a protected branch")
        self.assert_only_rejected(self.server, "tag-like-branch")

    def test_A_032_a_protected_branch_of_a_Git_namespace_is_protected(self):
        real = "refs/namespaces/t/"
        git("update-ref", real + MAIN, self.tip, cwd=self.server.path)
        before = self.server.refs()
        env = {"GIT_NAMESPACE": "t"}
        result = raw_push(self.server, [(self.tip, self.commit, MAIN)], self.pack, env=env)
        self.assert_refused(self.server, result, before, f"REJECTED {MAIN}", "direct")
        data = self.assert_only_rejected(self.server, "direct-push")
        self.assertEqual(real + MAIN, data["changes"][0]["ref"]["name"])
        self.assertTrue(data["changes"][0]["ref"]["protected"])

        login = "refs/heads/feature/login"
        raw_push(self.server, [(ZERO, self.commit, login)], self.pack, env=env)
        result = raw_push(self.server, [(self.tip, self.commit, MAIN)], env=env)
        self.assertIn(b"ok " + MAIN.encode(), result.report, result)
        self.assertEqual({**before, real + MAIN: self.commit, real + login: self.commit},
                         self.server.refs())
        self.assertEqual([("ref.created", real + login), ("ref.updated", real + MAIN)],
                         [e for e in self.server.event_types() if e[0].startswith("ref.")])

    def test_A_033_a_branch_of_a_namespace_cannot_be_pushed_by_its_full_name(self):
        name = "refs/namespaces/t/" + MAIN
        self.refuse(name, "only branches, tags and notes can be pushed")
        self.assert_only_rejected(self.server, "unlisted-namespace")


if __name__ == "__main__":
    unittest.main()
