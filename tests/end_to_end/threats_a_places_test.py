"""A-002 to A-005: homes, working folders and paths that a gate must not trip over."""
import os
import unittest

from support import GateTest, ZERO, git

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"
OPEN_POLICY = "version: 1\nidentity: {unknown: allow}\n"


class Places(GateTest):
    def judge(self, server, env=None):
        """A bad push is refused for what is wrong with it, and a good one gets in."""
        before = server.refs()
        bad = server.commit("add logout", {"logout": "1"}, branch="bad")
        result = server.push(f"{bad}:{LOGIN}", env=env)
        self.assert_refused(server, result, before, "unconventional-commit", bad[:8])
        self.assert_nothing_kept(server, bad)
        server.checkout("main")
        good = server.commit("feat: add login", {"login": "1"})
        result = server.push(f"{good}:{LOGIN}", env=env)
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        self.assertEqual(good, server.ref(LOGIN))
        self.assertEqual(["unconventional-commit"],
                         [v["rule"] for v in server.rejections()[0]["data"]["violations"]])
        self.assertEqual([("ref.created", LOGIN)], server.event_types())

    def test_A_002_without_a_home(self):
        self.judge(self.repository(), {"HOME": None, "GIT_CONFIG_GLOBAL": None})

    def test_A_002_with_a_home_that_cannot_be_read(self):
        home = os.path.join(self.folder, "home")
        os.mkdir(home, 0o000)
        self.judge(self.repository(), {"HOME": home, "GIT_CONFIG_GLOBAL": None})

    def test_A_002_with_a_home_that_is_no_folder(self):
        self.judge(self.repository(), {"HOME": "/dev/null", "GIT_CONFIG_GLOBAL": None})

    def test_A_002_what_the_pusher_has_at_home_changes_no_verdict(self):
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        policy = os.path.join(home, "policy.yaml")
        with open(policy, "w") as file:
            file.write(OPEN_POLICY)
        with open(os.path.join(home, ".gitconfig"), "w") as file:
            file.write(f"[trunkgate]\n\tpolicy = {policy}\n\tcontact = nobody\n"
                       "[receive]\n\tfsckObjects = false\n")
        self.judge(self.repository(), {"HOME": home, "GIT_CONFIG_GLOBAL": None})

    def test_A_003_the_hook_runs_in_the_folder_of_the_repository(self):
        server = self.repository()
        delete = [(server.ref(MAIN), ZERO, MAIN)]
        for folder in (".", server.path, server.path + "/./", None):
            with self.subTest(folder):
                done = server.judge(delete, env={"GIT_DIR": folder})
                self.assertEqual(1, done.returncode, done)
                self.assertIn(b"the branch must not be deleted", done.stderr)

    def test_A_003_an_absolute_hooksPath_works(self):
        server = self.repository()
        git("config", "core.hooksPath", server.path + "/hooks", cwd=server.path)
        server.install()
        self.judge(server)

    def test_A_004_paths_with_odd_characters_work(self):
        for name in ("with space.git", "it's.git", 'with"quote.git', "back\\slash.git", "line\nfeed.git",
                     "gr\u00fcn \u6f22.git", "$(id);`id`.git"):
            with self.subTest(name):
                self.judge(self.repository(name))

    def test_A_004_a_path_that_is_not_UTF_8_works(self):
        self.judge(self.repository(os.fsdecode(b"latin\xfc.git")))

    def test_A_005_a_path_with_a_colon_works(self):
        for name in ("with:colon.git", "c:\\dir.git"):
            with self.subTest(name):
                self.judge(self.repository(name))


if __name__ == "__main__":
    unittest.main()
