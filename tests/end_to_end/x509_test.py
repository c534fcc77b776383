"""X.509 signatures of commits and tags: certificates that count and that do not, beside what Git says."""
import os
import shutil
import time
import unittest

from authority import Authority, Gpgsm, signing_program
from support import IDENTITY, GateTest, git, run

POLICY = """version: 1
groups: {{leads: [carol]}}
users:
  ada: {{email: [ada@example.com]}}
  carol: {{email: [carol@example.com]}}
rulesets:
  - name: signed
    refs: ['refs/heads/**']
    rules:
      unsigned-commit: {commit}
  - name: tags
    refs: ['refs/tags/**']
    rules:
      unsigned-tag: {tag}
"""


class X509Test(GateTest):
    rsa = 0

    def setUp(self):
        super().setUp()
        self.ca = Authority(self.folder, "root", rsa=self.rsa)

    def with_policy(self, commit="{x509: authorities}", tag="{x509: authorities}", **files):
        self.server = self.repository(policy=None, install=False)
        self.server.write_policy(IDENTITY + POLICY.format(commit=commit, tag=tag))
        for name, text in {"authorities": self.ca.certificate, **files}.items():
            self.server.write_policy(text, name)
        self.server.install()
        git("config", "gpg.format", "x509", cwd=self.server.work)

    def program(self, program):
        git("config", "gpg.x509.program", program, cwd=self.server.work)

    def signed(self, message, *paths, options=()):
        """A commit upon main, signed with the keys at these paths."""
        self.program(signing_program(paths[0], *paths, options=options))
        git("checkout", "-q", "-B", "feature/x", "main", cwd=self.server.work)
        git("commit", "-q", "-S", "--allow-empty", "-m", message, cwd=self.server.work)
        return self.server.head()

    def forged(self, commit, old, new):
        raw = run(["git", "cat-file", "commit", commit], cwd=self.server.work).stdout
        self.assertIn(old, raw)
        return self.server.raw_commit(raw.replace(old, new)) + ":refs/heads/feature/x"

    def accept(self, spec="feature/x", user="ada"):
        self.assert_accepted(self.server.push("+" + spec, user=user))

    def refuse(self, *words, spec="feature/x", user="ada"):
        before = self.server.refs()
        result = self.server.push("+" + spec, user=user)
        self.assert_refused(self.server, result, before)
        text = " ".join(result.remote.split())
        for word in words:
            self.assertIn(word, text, result)

    def fingerprint(self, path):
        line = run(["openssl", "x509", "-in", path + ".pem", "-noout", "-fingerprint", "-sha256"]).stdout.decode()
        return line.split("=")[1].strip().replace(":", "").lower()


class Certificates(X509Test):
    def test_a_certificate_of_the_authority_counts(self):
        self.with_policy()
        commit = self.signed("feat: x", self.ca.issue("ada"))
        self.accept()
        with open(os.path.join(self.server.path, "trunkgate/state/signatures", commit)) as file:
            self.assertEqual(["ada@example.com"], file.read().splitlines()[1:])

    def test_an_unsigned_commit_is_refused_with_how_to_sign(self):
        self.with_policy()
        self.server.commit("feat: x", branch="feature/x")
        self.refuse("the commit is not signed", "git config gpg.format x509")

    def test_another_authority_does_not_count(self):
        self.with_policy()
        eve = Authority(self.folder, "other").issue("ada")
        self.signed("feat: x", eve)
        self.refuse("was made with a certificate that is not allowed (unable to get local issuer certificate)",
                    f"key: {self.fingerprint(eve)} (X.509)")

    def test_an_authority_of_the_same_name_does_not_count(self):
        self.with_policy()
        os.mkdir(os.path.join(self.folder, "elsewhere"))
        self.signed("feat: x", Authority(os.path.join(self.folder, "elsewhere"), "root").issue("ada"))
        self.refuse("was made with a certificate that is not allowed")

    def test_a_certificate_that_signs_itself_does_not_count(self):
        self.with_policy()
        path = os.path.join(self.folder, "self")
        run(["openssl", "req", "-x509", *Authority.new_key(0), "-nodes", "-subj", "/CN=Ada", "-keyout", path + ".key",
             "-out", path + ".pem", "-addext", "subjectAltName=email:ada@example.com"])
        self.signed("feat: x", path)
        self.refuse("was made with a certificate that is not allowed (self-signed certificate)")
        with open(path + ".pem") as file:  # unless the policy names it
            self.server.write_policy(file.read(), "authorities")
        self.accept()

    def test_a_person_is_no_authority(self):
        self.with_policy()
        ada = self.ca.issue("ada")
        path = self.ca.path("eve")
        run(["openssl", "req", *Authority.new_key(0), "-nodes", "-subj", "/CN=Eve/emailAddress=carol@example.com",
             "-keyout", path + ".key", "-out", path + ".csr"])
        run(["openssl", "x509", "-req", "-in", path + ".csr", "-CA", ada + ".pem", "-CAkey", ada + ".key",
             "-CAcreateserial", "-out", path + ".pem"])
        self.signed("feat: x", path, options=("-certfile", ada + ".pem"))
        self.refuse("was made with a certificate that is not allowed (invalid CA certificate)")

    def test_an_authority_below_counts_with_the_one_above_and_alone(self):
        self.with_policy()
        below = Authority(self.folder, "below", above=self.ca)
        ada = below.issue("ada")
        self.signed("feat: x", ada)
        self.refuse("was made with a certificate that is not allowed (unable to get local issuer certificate)")
        self.signed("feat: x", ada, options=("-certfile", below.path("ca.pem")))
        self.accept()
        self.server.write_policy(below.certificate, "authorities")
        self.signed("feat: y", ada)
        self.accept()
        self.signed("feat: z", self.ca.issue("carol"))
        self.refuse("was made with a certificate that is not allowed")

    def test_B_042_an_expired_certificate_counts_no_more_however_the_commit_is_dated(self):
        self.with_policy()
        dates = ("-startdate", "20231101000000Z", "-enddate", "20231201000000Z")
        self.signed("feat: x", self.ca.issue("ada", dates=dates))  # all commits are of 2023-11-14
        self.refuse("was made with a certificate that has expired")

    def test_a_certificate_of_tomorrow_does_not_count(self):
        self.with_policy()
        tomorrow = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 86400))
        self.signed("feat: x", self.ca.issue("ada", dates=("-startdate", tomorrow, "-days", "10")))
        self.refuse("was made with a certificate that is not valid yet")

    def test_a_certificate_for_something_else_does_not_count(self):
        self.with_policy()
        self.signed("feat: x", self.ca.issue("ada", usage="serverAuth"))
        self.refuse("was made with a certificate that is not for signing mail (S/MIME)")

    def test_a_short_key_does_not_count(self):
        self.with_policy()
        self.signed("feat: x", self.ca.issue("ada", rsa=1024))
        self.refuse("was made with a certificate whose key or digest is too weak")

    def test_a_certificate_without_an_address_is_nobodys(self):
        self.with_policy()
        self.signed("feat: x", self.ca.issue("ada", emails=[]))
        self.refuse("was made with a certificate without an e-mail address")

    def test_a_revoked_certificate_counts_no_more(self):
        ada = self.ca.issue("ada")
        self.with_policy("{x509: authorities, x509-revoked: revoked}", revoked=self.ca.revocations())
        self.signed("feat: x", ada)
        self.accept()
        self.ca.revoke(ada)
        self.server.write_policy(self.ca.revocations(), "revoked")
        self.signed("feat: y", ada)
        self.refuse("was made with a certificate that has been revoked")
        self.signed("feat: z", self.ca.issue("carol"))
        self.accept()

    def test_a_revoked_authority_below_counts_no_more(self):
        below = Authority(self.folder, "below", above=self.ca)
        ada = below.issue("ada")
        self.with_policy("{x509: authorities, x509-revoked: revoked}",
                         revoked=self.ca.revocations() + below.revocations())
        self.signed("feat: x", ada, options=("-certfile", below.path("ca.pem")))
        self.accept()
        self.ca.revoke(below.path("ca"))
        self.server.write_policy(self.ca.revocations() + below.revocations(), "revoked")
        self.signed("feat: y", ada, options=("-certfile", below.path("ca.pem")))
        self.refuse("was made with a certificate that has been revoked")

    def test_a_list_that_is_old_or_of_another_authority_lets_nothing_in(self):
        ada = self.ca.issue("ada")
        old = self.ca.revocations("-crl_lastupdate", "20240101000000Z", "-crl_nextupdate", "20240201000000Z")
        self.with_policy("{x509: authorities, x509-revoked: revoked}", revoked=old)
        self.signed("feat: x", ada)
        self.refuse("was made with a certificate that no current list of revoked ones covers")
        self.server.write_policy(Authority(self.folder, "other").revocations(), "revoked")
        self.refuse("was made with a certificate that no current list of revoked ones covers")


class Signatures(X509Test):
    def test_a_signature_of_another_text_does_not_count(self):
        self.with_policy()
        commit = self.signed("feat: x", self.ca.issue("ada"))
        self.refuse("a signature that does not fit what is signed", spec=self.forged(commit, b"feat: x", b"feat: y"))
        # Even when its certificate would not count anyhow.
        commit = self.signed("feat: x", Authority(self.folder, "other").issue("ada"))
        self.refuse("a signature that does not fit what is signed", spec=self.forged(commit, b"feat: x", b"feat: y"))

    def test_a_damaged_signature_does_not_count(self):
        self.with_policy()
        commit = self.signed("feat: x", self.ca.issue("ada"))
        self.refuse("a signature that is damaged", spec=self.forged(commit, b"\n MII", b"\n AAA"))
        self.refuse("a signature that is damaged", spec=self.forged(commit, b"\n MII", b"\n ?II"))

    def test_a_signature_around_a_text_does_not_count(self):
        self.with_policy()
        self.signed("feat: x", self.ca.issue("ada"), options=("-nodetach",))
        self.refuse("a signature that holds a text of its own")

    def test_two_signers_do_not_count(self):
        self.with_policy()
        self.signed("feat: x", self.ca.issue("ada"), self.ca.issue("carol"))
        self.refuse("a signature that is more than one signature")

    def test_a_weak_digest_does_not_count(self):
        self.with_policy()
        for digest in ("md5", "sha1"):
            self.signed("feat: x", self.ca.issue("ada" + digest, rsa=2048), options=("-md", digest))
            self.refuse("a signature that uses a digest that is too weak")

    def test_a_signature_without_its_certificate_needs_it_in_the_policy(self):
        self.with_policy()
        ada = self.ca.issue("ada")
        self.signed("feat: x", ada, options=("-nocerts",))
        self.refuse("a signature that does not hold the certificate it was made with")
        with open(ada + ".pem") as file:
            self.server.write_policy(file.read(), "authorities")
        self.accept()

    def test_the_signers_are_the_addresses_in_the_certificate(self):
        self.with_policy("{x509: authorities, signer: committer}", "{x509: authorities, by: [leads]}")
        self.signed("feat: x", self.ca.issue("carol"))
        self.refuse("is signed by 'carol@example.com', not by its committer 'ada@example.com'")
        self.signed("feat: x", self.ca.issue("ada", emails=["lovelace@example.com", "ada@example.com"]))
        self.accept()
        for name in ("ada", "carol"):
            self.program(signing_program(self.ca.path(name), self.ca.path(name)))
            git("tag", "-s", "-m", "release", "v-" + name, cwd=self.server.work)
        self.refuse("whose signature is not enough", "wanted: carol", spec="refs/tags/v-ada")
        self.accept("refs/tags/v-carol")

    def test_authorities_that_cannot_be_read_are_the_servers_fault(self):
        self.with_policy()
        self.signed("feat: x", self.ca.issue("ada"))
        self.server.write_policy("-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", "authorities")
        self.refuse("UNDECIDED", "openssl cannot read the certificates of the policy")


@unittest.skipUnless(shutil.which("gpgsm"), "gpgsm is not installed")
class Gpgsms(X509Test):
    """What gpgsm signs, and what `git verify-commit` and `git verify-tag` say of the same."""

    rsa = 2048  # gpgsm 2.2 takes no keys of curves from a file

    def setUp(self):
        super().setUp()
        self.gpgsm = Gpgsm(self, self.ca)

    def verified(self, kind, name):
        self.program(self.gpgsm.program)
        return run(["git", "verify-" + kind, name], cwd=self.server.work, check=False).returncode == 0

    def test_what_gpgsm_signs_counts(self):
        self.with_policy()
        self.gpgsm.take(self.ca.issue("ada"))
        self.program(self.gpgsm.program)
        git("config", "user.signingKey", "ada@example.com", cwd=self.server.work)
        git("checkout", "-q", "-B", "feature/x", cwd=self.server.work)
        git("commit", "-q", "-S", "--allow-empty", "-m", "feat: x", cwd=self.server.work)
        git("tag", "-s", "-m", "release", "v1", cwd=self.server.work)
        self.assertTrue(self.verified("commit", "HEAD"))
        self.assertTrue(self.verified("tag", "v1"))
        self.accept()
        self.accept("refs/tags/v1")

    def test_the_gate_and_git_agree(self):
        self.with_policy()
        expired = ("-startdate", "20231101000000Z", "-enddate", "20231201000000Z")
        other = Authority(self.folder, "other", rsa=self.rsa)
        for good, name, path in ((True, "good", self.ca.issue("ada")),
                                 (False, "expired", self.ca.issue("bo", dates=expired)),
                                 (False, "other", other.issue("ada"))):
            with self.subTest(name):
                commit = self.signed(f"feat: {name}", path)
                self.assertEqual(good, self.verified("commit", commit))
                self.assertEqual(good, self.server.push("+feature/x", user="ada").code == 0)
                forged = self.forged(commit, b"feat: " + name.encode(), b"feat: x").split(":")[0]
                self.assertFalse(self.verified("commit", forged))
                self.assertNotEqual(0, self.server.push(f"+{forged}:refs/heads/feature/x", user="ada").code)


if __name__ == "__main__":
    unittest.main()
