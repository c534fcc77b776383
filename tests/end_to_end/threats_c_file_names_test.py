"""C-051: what a pusher names never becomes a part of a file name of ours."""
import os
import re
import unittest

from support import IDENTITY, ZERO, GateTest, pack_of, raw_push

POLICY = "version: 1\n" + IDENTITY + """rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {}
"""
# Git itself takes the second half of these.
BAD_REFS = ("refs/heads/../../x", "refs/heads/a/../../../../x", "refs/../x", "../x", "/x", "refs/heads/.x",
            "refs/heads/x.lock", "refs/heads//x", "refs/heads/x/")
ODD_REFS = ("refs/heads/%2e%2e/%2e%2e/x", "refs/heads/a$(id)", "refs/heads/;x", "refs/heads/|x",
            "refs/heads/'x'", "refs/heads/\u2215tmp\u2215x", "refs/heads/" + "x" * 200 + "/" + "y" * 200)
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class FileNames(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")
        self.tip = self.server.commit("feat: x", {"x": "1"})
        self.pack = pack_of(self.server, [self.tip], [self.main])

    def push(self, name, user="ada"):
        return raw_push(self.server, [(ZERO, self.tip, name)], self.pack, env={"REMOTE_USER": user})

    def assert_plain_names(self):
        """Everything of ours has plain names, and nothing has appeared anywhere else."""
        self.assertEqual({"server.git", "work"}, set(os.listdir(self.folder)))
        for folder, folders, files in os.walk(os.path.join(self.server.path, "trunkgate")):
            for name in folders + files:
                self.assertRegex(name, PLAIN)
                self.assertNotIn("..", name)
                self.assertIsNotNone(PLAIN.fullmatch(name), os.path.join(folder, name))
        self.assertEqual([], [name for name in os.listdir(self.server.path) if name in ("x", "y")])

    def test_C_051_references_that_lead_elsewhere_are_refused(self):
        before = self.server.refs()
        for name in BAD_REFS:
            with self.subTest(name):
                result = self.push(name)
                self.assertNotIn(b"ok refs/", result.report, result)
                self.assertEqual(before, self.server.refs())
                self.assert_plain_names()
        self.assert_nothing_kept(self.server, self.tip)

    def test_C_051_odd_references_are_taken_and_leave_plain_files(self):
        for name in ODD_REFS:
            with self.subTest(name):
                result = self.push(name)
                self.assertIn(b"ok refs/heads/", result.report, result)
                self.assert_plain_names()
        self.assertEqual(len(ODD_REFS), len([e for e in self.server.event_types()
                                             if e[0] == "ref.created"]))
        self.assert_plain_names()

    def test_C_051_users_that_lead_elsewhere_are_refused(self):
        before = self.server.refs()
        for user in ("../../x", "a/../../../x", "/x", "a/b"):
            with self.subTest(user):
                result = self.push("refs/heads/x", user=user)
                self.assert_refused(self.server, result, before, "which is no user name")
                self.assert_plain_names()
        for user in ("..", ".", "-rf"):
            # Only letters a name may have: harmless as long as no file is named so.
            result = self.push("refs/heads/u" + user.replace(".", "d"), user=user)
            self.assertIn(b"ok refs/heads/u", result.report, result)
            self.assert_plain_names()
        self.server.events()
        self.assert_plain_names()

    def test_C_051_a_host_with_only_the_update_hook_leaves_plain_files(self):
        os.unlink(os.path.join(self.server.path, "hooks", "pre-receive"))
        for name in ODD_REFS:
            with self.subTest(name):
                result = self.push(name)
                self.assertIn(b"ok refs/heads/", result.report, result)
                self.assert_plain_names()


if __name__ == "__main__":
    unittest.main()
