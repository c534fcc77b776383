"""Where the merge queue is off, half installed or only asked: nothing lands, and no plain reference is made."""
import os
import subprocess
import unittest

from merge_queue import FEATURES, MergeQueueTest
from support import BUILD, ENVIRONMENT


class WhereItIsOff(MergeQueueTest):
    def test_without_the_key_nothing_lands(self):
        self.begin(queue="false")
        self.assertFalse(os.path.exists(os.path.join(self.server.path, "hooks", "proc-receive")))
        self.assertEqual(b"", self.config("receive.procReceiveRefs").stdout)
        self.branch("feature/x")
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("feature/x:refs/for/main"), before,
                            "nothing lands by a push to refs/for/ here", "land: {queue:")

    def test_with_the_key_alone_no_plain_reference_is_made(self):
        self.begin(queue="false")
        with open(os.path.join(self.server.path, "trunkgate", "policy.yaml")) as file:
            policy = file.read()
        self.server.write_policy(policy.replace("queue: false", "queue: true"))
        before_main = self.main()
        commit = self.branch("feature/x")
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("feature/x:refs/for/main"), before,
                            "the server is not set up for landing by push", "trunkgate install")
        self.server.install()
        self.assert_lands(self.ask("feature/x:refs/for/main"), commit, before_main)

    def test_with_the_key_off_again_the_hook_lands_nothing(self):
        self.begin()
        self.branch("feature/x")
        with open(os.path.join(self.server.path, "trunkgate", "policy.yaml")) as file:
            policy = file.read()
        self.server.write_policy(policy.replace("queue: true", "queue: false"))
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("feature/x:refs/for/main"), before,
                            "nothing lands by a push to refs/for/ here")
        # Nor on a host that runs no pre-receive.
        os.remove(os.path.join(self.server.path, "hooks", "pre-receive"))
        self.assert_not_landed(self.ask("feature/x:refs/for/main"), before,
                               "nothing lands by a push to refs/for/ here")

    def test_without_pre_receive_the_landing_is_judged_all_the_same(self):
        self.begin(FEATURES + ", by: [ben]")
        before_main = self.main()
        commit = self.branch("feature/x")
        os.remove(os.path.join(self.server.path, "hooks", "pre-receive"))
        before = self.server.refs()
        self.assert_not_landed(self.ask("feature/x:refs/for/main"), before, "'ada' may not land on 'main'")
        self.assert_lands(self.ask("feature/x:refs/for/main", user="ben"), commit, before_main)
        self.assertIn(("ref.updated", "refs/heads/main"), self.server.event_types())

    def test_a_hook_that_is_gone_lands_nothing(self):
        self.begin()
        self.branch("feature/x")
        os.remove(os.path.join(self.server.path, "hooks", "proc-receive"))
        before = self.server.refs()
        self.assert_not_landed(self.ask("feature/x:refs/for/main"), before, "fail to run proc-receive hook")

    def test_the_hook_refuses_what_is_no_request(self):
        self.begin()
        self.config("receive.procReceiveRefs", "refs/heads")
        self.server.checkout("-B", "feature/x", self.main())
        self.server.commit("feat: x", {"x": "1"})
        before = self.server.refs()
        self.assert_not_landed(self.ask("feature/x"), before,
                               "this is no request to land (refs/for/BRANCH)", "feature/x")

    def test_the_hook_says_nothing_to_who_is_not_git(self):
        self.begin()
        program = os.path.join(BUILD, "libexec", "trunkgate", "proc-receive")
        for data in (b"", b"0000", b"hello world", b"000eversion=1\n0000", b"000eversion=1\n0000" + b"zzzz"):
            done = subprocess.run([program], cwd=self.server.path, env=dict(ENVIRONMENT, GIT_DIR="."),
                                  input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.assertEqual(2, done.returncode, data)
            self.assertNotIn(b"ok ", done.stdout)
            self.assertIn(b"do not understand each other", done.stderr)


class PolicyCheck(MergeQueueTest):
    def objects(self):
        return sorted(name for _, _, names in os.walk(os.path.join(self.server.path, "objects"))
                      for name in names)

    def test_says_what_would_happen_and_changes_nothing(self):
        self.begin()
        self.branch("feature/x")
        before, objects = self.server.refs(), self.objects()
        result = self.ask("feature/x:refs/for/main", options=["policy=check"])
        self.assertRegex(result.remote, r"^CHECK OK: the push would be accepted; nothing was changed\n"
                                        r"would happen: 'feature/x' lands on 'main' by the merge \w{8}$")
        self.assertEqual((before, objects), (self.server.refs(), self.objects()))
        self.assertEqual([], self.server.rejections())

    def test_says_what_would_stand_in_the_way(self):
        self.begin()
        x = self.branch("feature/x", {"README": "mine\n"})
        self.branch("feature/y", {"README": "yours\n"})
        self.assert_accepted(self.ask(x + ":refs/for/main"))
        before, objects = self.server.refs(), self.objects()
        result = self.ask("feature/y:refs/for/main", options=["policy=check"])
        self.assert_refused(self.server, result, before, "1 file conflicts")
        self.assertNotIn("would happen", result.remote)
        self.assertEqual(objects, self.objects())


if __name__ == "__main__":
    unittest.main()
