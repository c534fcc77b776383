"""D-001: a policy that cannot be read refuses every push, whatever was in force before."""
import os
import unittest

from support import BUILD, GateTest, PushResult, git, run

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"
NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
# How the policy is spoilt, and what the pusher is told about it.
WAYS = {
    "missing": (lambda path: None, "policy.yaml is missing"),
    "a folder": (os.mkdir, "is no regular file"),
    "a FIFO": (os.mkfifo, "is no regular file"),
    "/dev/null": (lambda path: os.symlink("/dev/null", path), "is no regular file"),
    "a dangling link": (lambda path: os.symlink("nowhere", path), "policy.yaml is missing"),
}


class Policy(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.policy = os.path.join(self.server.path, "trunkgate", "policy.yaml")
        self.commit = self.server.commit("feat: add login", {"login": "1"})

    def refuse_all(self):
        """A push that nothing is wrong with."""
        os.rename(self.policy, self.policy + ".saved")
        before = self.server.refs()
        accepted = self.server.accepted()
        for way, (spoil, words) in WAYS.items():
            spoil(self.policy)
            with self.subTest(way):
                result = self.server.push(f"{self.commit}:{LOGIN}", timeout=60)
                self.assert_refused(self.server, result, before,
                                    "UNDECIDED push: the policy cannot be loaded", "an admin of this server")
                self.assertIn(words, " ".join(result.remote.split()))
                self.assertFalse(self.server.has_object(self.commit))
            if os.path.isdir(self.policy):
                os.rmdir(self.policy)
            elif os.path.lexists(self.policy):
                os.remove(self.policy)
        self.assertEqual(accepted, self.server.accepted())
        self.assertEqual([["policy"]] * len(WAYS),
                         [[v["rule"] for v in e["data"]["violations"]] for e in self.server.rejections()])

    def test_D_001_a_policy_that_cannot_be_read_refuses(self):
        self.refuse_all()

    def test_D_001_the_last_good_policy_does_not_stand_in_for_it(self):
        self.assert_accepted(self.server.push(f"{self.server.ref(MAIN)}:refs/heads/feature/other"))
        self.refuse_all()

    def test_D_001_a_policy_that_is_configured_and_missing_refuses(self):
        git("config", "trunkgate.policy", "elsewhere.yaml", cwd=self.server.path)
        before = self.server.refs()
        result = self.server.push(f"{self.commit}:{LOGIN}")
        self.assert_refused(self.server, result, before, "elsewhere.yaml is missing")

    @unittest.skipUnless(os.geteuid() == 0, "only root can push as an account that cannot read the policy")
    def test_D_001_a_policy_without_permission_refuses(self):
        if run([*AS_NOBODY, "test", "-x", BUILD + "/libexec/trunkgate/pre-receive"], check=False).returncode:
            self.skipTest("the build folder cannot be reached by the account nobody")
        begin = self.server.ref(MAIN)
        run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.folder])
        self.assert_accepted(self.push_as_nobody(begin, "refs/heads/feature/other"))
        os.chmod(self.policy, 0)
        before = run([*AS_NOBODY, "git", "for-each-ref"], cwd=self.server.path).stdout
        result = self.push_as_nobody(self.commit, LOGIN)
        self.assertNotEqual(0, result.code, result)
        self.assertIn("the policy cannot be loaded", result.remote)
        self.assertIn("Permission denied", result.remote)
        self.assertEqual(before, run([*AS_NOBODY, "git", "for-each-ref"], cwd=self.server.path).stdout)

    def push_as_nobody(self, commit, name):
        return PushResult(run([*AS_NOBODY, "git", "push", self.server.path, f"{commit}:{name}"],
                              cwd=self.server.work, check=False))


if __name__ == "__main__":
    unittest.main()
