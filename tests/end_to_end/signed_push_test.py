"""Signed pushes that count: over every way in, with every kind of key, for one reference and several."""
import os
import unittest

from authority import Authority, signing_program
from signed_push import SignedPushTest
from support import HttpServer, git


class SignedPushes(SignedPushTest):
    def test_a_push_signed_with_a_key_of_a_user_counts(self):
        self.with_policy()
        self.assert_accepted(self.push("main:refs/heads/x"))
        self.assert_accepted(self.push(":refs/heads/x"))
        self.server.commit("feat: x", {"x": "1"}, branch="feature/x")
        self.assert_accepted(self.push("main:refs/heads/a", "feature/x", "feature/x:refs/heads/main"))
        self.assertEqual({"refs/heads/a", "refs/heads/feature/x", "refs/heads/main"}, set(self.server.refs()))
        # A certificate is seen once, so it is not remembered as the signatures of commits are.
        state = os.path.join(self.server.path, "trunkgate", "state")
        self.assertFalse(os.path.exists(os.path.join(state, "signatures")))
        self.assertEqual(3, sum(len(files) for _, _, files in os.walk(os.path.join(state, "certificates"))))

    def test_an_unsigned_push_is_refused_with_the_repair(self):
        self.with_policy()
        before = self.server.refs()
        result = self.server.push("main:refs/heads/x", user="ada")
        self.refuse(result, before)
        self.assertEqual("""error: REJECTED refs/heads/x: the push is not signed

  the push is not signed
    to sign every push: git config push.gpgSign if-asked
    hint   with SSH keys: git config gpg.format ssh, and user.signingKey
           to your key
    fix    git push --signed origin refs/heads/x
    rule   unsigned-push (signed, policy.yaml:11)

hint: nothing on the server was changed; push id ID""",
                         result.remote[:-8] + "ID" if result.remote else "")

    def test_references_outside_of_the_ruleset_need_no_signature(self):
        self.with_policy()
        self.assert_accepted(self.server.push("main:refs/tags/v1", user="ada"))

    def test_reference_by_reference_only_those_that_need_it_are_refused(self):
        self.with_policy(before="on-violation: ref\n")
        result = self.server.push("main:refs/tags/v1", "main:refs/heads/x", "main:refs/heads/y", user="ada")
        self.assertNotEqual(0, result.code)
        self.assertEqual({"refs/heads/main", "refs/tags/v1"}, set(self.server.refs()), result)
        self.assert_accepted(self.push("main:refs/heads/x", "main:refs/heads/y"))

    def test_push_options_are_signed_with_it(self):
        self.with_policy()
        self.assert_accepted(self.push("main:refs/heads/x", options=("draft", "reason=a b")))

    def test_several_rules_judge_the_same_certificate(self):
        self.with_policy("{}\n  - name: again\n    refs: ['refs/heads/x']\n    rules:\n      unsigned-push: {by: [ada]}")
        self.assert_accepted(self.push("main:refs/heads/x"))

    def test_the_signature_can_have_to_be_the_pushers(self):
        self.with_policy("{signer: pusher}")
        self.refuse_push("the push certificate is signed by 'ada', not by its pusher 'carol'", user="carol")
        self.assert_accepted(self.push("main:refs/heads/x"))

    def test_the_signature_can_have_to_be_of_a_group(self):
        self.with_policy("{by: [leads]}")
        self.refuse_push("the push certificate is signed by 'ada', whose signature is not enough", "wanted: carol")
        self.sign_as("carol")
        self.assert_accepted(self.push("main:refs/heads/x"))

    def test_a_push_signed_with_a_certificate_of_x509_counts(self):
        ca = Authority(self.folder, "root")
        self.with_policy("{x509: authorities, signer: pusher}", {"authorities": ca.certificate})
        git("config", "gpg.format", "x509", cwd=self.server.work)
        for name, authority in (("ada", ca), ("eve", Authority(self.folder, "other"))):
            path = authority.issue(name)
            git("config", "gpg.x509.program", signing_program(path, path), cwd=self.server.work)
            if name == "ada":
                self.assert_accepted(self.push("main:refs/heads/x"))
            else:
                self.refuse_push("was made with a certificate that is not allowed", spec="main:refs/heads/y")

    def test_a_signed_push_over_http_counts_within_the_slop_of_the_server(self):
        self.with_policy()
        git("config", "receive.certNonceSlop", "60", cwd=self.server.path)
        self.assert_accepted(self.push("main:refs/heads/x", url=HttpServer(self).url(self.server, "ada")))

    def test_a_warning_lets_it_in(self):
        self.with_policy("{mode: warn}")
        result = self.server.push("main:refs/heads/x", user="ada")
        self.assert_accepted(result)
        self.assertIn("the push is not signed", result.remote)

    def test_what_was_refused_for_another_reason_can_be_pushed_again(self):
        self.with_policy("{}\n      ill-named-branch: {allow: [main, x]}")
        self.refuse_push("y", spec="main:refs/heads/y")
        self.assert_accepted(self.push("main:refs/heads/x"))


class UpdateAlone(SignedPushTest):
    def test_a_host_that_runs_only_update_cannot_take_signed_pushes(self):
        self.with_policy()
        os.remove(os.path.join(self.server.path, "hooks", "pre-receive"))
        self.refuse_push("UNDECIDED", "the push certificate cannot be seen: the hook 'update' gets none",
                         "install the hook pre-receive")


if __name__ == "__main__":
    unittest.main()
