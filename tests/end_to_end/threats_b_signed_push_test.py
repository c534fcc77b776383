"""B-035 to B-041: certificates of signed pushes that receive-pack lets through and that count for nothing."""
import os
import shutil
import unittest

from signed_push import SignedPushTest
from support import Repository, git, run

FOREIGN = "a nonce that this server has not given for this repository and this push"


class Keys(SignedPushTest):
    def test_B_035_a_key_that_nobody_has_allowed_is_refused_though_git_calls_it_good(self):
        self.with_policy()
        allowed = os.path.join(self.folder, "git-allowed")
        with open(allowed, "w") as file:
            file.write(f"ada {self.keys['ada']}\n")
        git("config", "gpg.ssh.allowedSignersFile", allowed, cwd=self.server.path)
        self.sign_as("eve")
        seen = os.path.join(self.folder, "seen")
        chained = os.path.join(self.server.path, "hooks", "pre-receive.d")
        os.makedirs(chained, exist_ok=True)
        fingerprint = run(["ssh-keygen", "-l", "-f", os.path.join(self.folder, "eve.pub")]).stdout.decode().split()[1]
        self.refuse_push("a signature that was made with a key that is not allowed", f"key: {fingerprint} (SSH)")
        # What Git says of it, from a hook of its own.
        with open(os.path.join(self.server.path, "hooks", "pre-receive"), "w") as file:
            file.write(f'#!/bin/sh\necho "$GIT_PUSH_CERT_STATUS/$GIT_PUSH_CERT_SIGNER" >{seen}\nexit 1\n')
        self.push("main:refs/heads/x")
        with open(seen) as file:
            self.assertEqual("G/\n", file.read())

    def test_B_036_a_key_of_everybody_is_nobodys(self):
        for pattern in ("*", "?*", "*@example.com"):
            with self.subTest(pattern):
                shutil.rmtree(os.path.join(self.folder, "server.git"), ignore_errors=True)
                self.with_policy("{ssh: signers}", {"signers": f"{pattern} {self.keys['eve']}\n"}, seed=False)
                self.server.commit("chore: begin", {"README": pattern}, branch="main")
                self.sign_as("eve")
                self.refuse_push(f"made with a key of nobody in particular: '{pattern}'")
                self.sign_as("ada")
                self.assert_accepted(self.push("main:refs/heads/x"))

    def test_B_035_an_expired_or_revoked_key_is_refused(self):
        self.with_policy("{ssh: signers, revoked: revoked}",
                         {"signers": f'eve valid-before="20240101" {self.keys["eve"]}\n', "revoked": self.keys["carol"]})
        self.sign_as("eve")
        self.refuse_push("was made with a key that is not allowed (now)")
        self.sign_as("carol")
        self.refuse_push("was made with a key that has been revoked")

    def test_B_035_a_certificate_with_a_changed_text_is_refused(self):
        self.with_policy()
        before = self.server.refs()
        certificate = self.certificate(self.nonce(), self.creation("refs/heads/y"))
        self.refuse(self.send(certificate.replace(b"refs/heads/y", b"refs/heads/x")), before,
                    "a signature that does not fit what is signed")


class Nonces(SignedPushTest):
    def test_B_037_without_a_seed_the_server_is_at_fault(self):
        self.with_policy()
        git("config", "--unset", "receive.certNonceSeed", cwd=self.server.path)
        before = self.server.refs()
        self.refuse(self.server.push("main:refs/heads/x", user="ada"), before, "UNDECIDED",
                    "has no receive.certNonceSeed", "trunkgate install")
        self.assertIn("does not support --signed push", self.push("main:refs/heads/x").text)
        self.server.install()
        self.assert_accepted(self.push("main:refs/heads/x"))

    def test_B_037_a_seed_of_the_pusher_is_none_of_the_server(self):
        self.with_policy()
        git("config", "--unset", "receive.certNonceSeed", cwd=self.server.path)
        home = os.path.join(self.folder, "config")
        with open(home, "w") as file:
            file.write("[receive]\n\tcertNonceSeed = mine\n")
        self.refuse_push("has no receive.certNonceSeed", env={"GIT_CONFIG_GLOBAL": home})

    def test_B_038_a_certificate_counts_once_within_the_slop(self):
        self.with_policy()
        git("config", "receive.certNonceSlop", "3600", cwd=self.server.path)
        certificate = self.certificate(self.nonce(), self.creation())
        self.assertEqual(0, self.send(certificate).code)
        self.assert_accepted(self.push(":refs/heads/x"))
        before = self.server.refs()
        self.refuse(self.send(certificate), before, "the push certificate has been used already", "push again")
        # Nor with its signature written in another way.
        self.refuse(self.send(certificate.replace(b"\n-----END", b"\n\n-----END")), before,
                    "the push certificate has been used already")
        self.assert_accepted(self.push("main:refs/heads/x"))

    def test_B_038_a_certificate_that_was_refused_may_be_sent_again(self):
        self.with_policy()
        git("config", "receive.certNonceSlop", "3600", cwd=self.server.path)
        certificate = self.certificate(self.nonce(), self.creation(), key="eve")
        before = self.server.refs()
        for _ in range(2):
            self.refuse(self.send(certificate), before, "a key that is not allowed")
        self.server.write_policy(self.server_policy().replace(self.keys["carol"], self.keys["eve"]))
        self.assertEqual(0, self.send(certificate).code)

    def server_policy(self):
        with open(os.path.join(self.server.path, "trunkgate", "policy.yaml")) as file:
            return file.read()

    def test_B_039_a_certificate_for_another_repository_is_refused(self):
        self.with_policy()
        other = Repository(self.folder, "other.git", policy=None, install=False, seed=False)
        seed = git("config", "receive.certNonceSeed", cwd=self.server.path)
        before = self.server.refs()
        for name, value in (("another seed", "x"), ("the same seed", seed)):
            with self.subTest(name):
                git("config", "receive.certNonceSeed", value, cwd=other.path)
                self.refuse(self.send(self.certificate(self.nonce(other), self.creation())), before, FOREIGN)
        self.refuse(self.send(self.certificate("1700000000-" + "a" * 40, self.creation())), before, FOREIGN)

    def test_B_039_a_certificate_for_another_address_is_refused(self):
        self.with_policy("{pushee: [/srv/server.git]}")
        git("config", "receive.certNonceSlop", "3600", cwd=self.server.path)
        before = self.server.refs()
        self.refuse_push("which is not an address of this repository")
        self.refuse(self.send(self.certificate(self.nonce(), self.creation())), before,
                    "does not say which repository it is for")


class ForgedVariables(SignedPushTest):
    """Over a local path whoever pushes chooses the environment of receive-pack, which hands it on."""

    def setUp(self):
        super().setUp()
        self.with_policy()
        git("config", "receive.certNonceSlop", "3600", cwd=self.server.path)
        self.old_nonce = self.nonce()
        self.old = self.certificate(self.old_nonce, self.creation())
        self.assertEqual(0, self.send(self.old).code)
        self.oid = git("hash-object", "--stdin", cwd=self.server.path, data=self.old)
        self.assertTrue(self.server.has_object(self.oid))

    def forged(self, status="OK", **more):
        return {"GIT_PUSH_CERT": self.oid, "GIT_PUSH_CERT_STATUS": "G", "GIT_PUSH_CERT_SIGNER": "ada",
                "GIT_PUSH_CERT_NONCE": self.old_nonce, "GIT_PUSH_CERT_NONCE_STATUS": status, **more}

    def test_B_040_an_old_certificate_is_for_other_updates(self):
        before = self.server.refs()
        result = self.server.push("main:refs/heads/evil", user="carol", env=self.forged())
        self.refuse(result, before, "it names other updates", "only the push has refs/heads/evil",
                    "only the certificate has refs/heads/x")

    def test_B_040_an_old_certificate_for_the_same_updates_has_been_used(self):
        self.assert_accepted(self.push(":refs/heads/x"))
        before = self.server.refs()
        result = self.server.push("main:refs/heads/x", user="carol", env=self.forged())
        self.refuse(result, before, "the push certificate has been used already")
        kept = os.path.join(self.server.path, "trunkgate", "state", "certificates")
        shutil.rmtree(kept)
        git("config", "receive.certNonceSlop", "0", cwd=self.server.path)
        env = self.forged(GIT_PUSH_CERT_NONCE="1700000000-" + "b" * 40)
        self.refuse(self.server.push("main:refs/heads/x", user="carol", env=env), before, FOREIGN)

    def test_B_040_a_certificate_of_ones_own_making_is_too_old_or_of_ones_own(self):
        blob = self.certificate("1700000000-" + "a" * 40, self.creation("refs/heads/y"))
        env = self.forged(GIT_PUSH_CERT_NONCE="1700000000-" + "a" * 40)
        env["GIT_PUSH_CERT"] = git("hash-object", "-w", "--stdin", cwd=self.server.path, data=blob)
        before = self.server.refs()
        result = self.server.push("main:refs/heads/y", user="carol", env=env)
        self.refuse(result, before, "the push certificate is too old")

    def test_B_040_what_names_no_certificate_is_refused(self):
        before = self.server.refs()
        for value in ("HEAD", "0" * 40, "f" * 40, self.server.ref("refs/heads/main"), "$(id)"):
            with self.subTest(value):
                result = self.server.push("main:refs/heads/y", user="ada", env=self.forged(GIT_PUSH_CERT=value))
                self.refuse(result, before, "the push certificate is ")
        result = self.server.push("main:refs/heads/y", user="ada", env=self.forged(GIT_PUSH_CERT=""))
        self.refuse(result, before, "the push is not signed")


@unittest.skipUnless(shutil.which("gpg"), "gpg is not installed")
class GpgKeys(SignedPushTest):
    def setUp(self):
        super().setUp()
        self.home = os.path.join(self.folder, "g")  # a short path: the agent's socket is in it
        os.mkdir(self.home, 0o700)
        self.addCleanup(run, ["gpgconf", "--homedir", self.home, "--kill", "all"], check=False)

    def gpg(self, *arguments, data=None):
        return run(["gpg", "--homedir", self.home, "--batch", "--no-tty", "--pinentry-mode", "loopback",
                    "--passphrase", "", *arguments], data=data).stdout

    def new_key(self, name, *options, until="never"):
        self.gpg(*options, "--quick-gen-key", f"{name.title()} <{name}@example.com>", "ed25519", "sign", until)

    def with_keys(self, options, *names):
        keys = "".join(self.gpg("--armor", "--export", f"{name}@example.com").decode() for name in names)
        self.with_policy(options, {"keys": keys})
        git("config", "gpg.format", "openpgp", cwd=self.server.work)

    def sign_as_address(self, name):
        git("config", "user.signingKey", f"{name}@example.com", cwd=self.server.work)
        return {"GNUPGHOME": self.home}

    def test_B_041_a_key_of_the_policy_counts_and_another_does_not(self):
        for name in ("ada", "eve"):
            self.new_key(name)
        self.with_keys("{gpg: keys, signer: pusher}", "ada")
        self.assert_accepted(self.push("main:refs/heads/x", env=self.sign_as_address("ada")))
        self.refuse_push("is signed by 'ada@example.com', not by its pusher 'carol'", user="carol",
                         env=self.sign_as_address("ada"), spec="main:refs/heads/y")
        self.refuse_push("a key that is not allowed", "(GPG)", env=self.sign_as_address("eve"),
                         spec="main:refs/heads/y")

    def test_B_041_an_expired_key_is_refused(self):
        self.new_key("old", "--faked-system-time", "20200101T000000", until="1y")
        self.with_keys("{gpg: keys}", "old")
        wrapper = os.path.join(self.folder, "old-gpg")
        with open(wrapper, "w") as file:
            file.write('#!/bin/sh\nexec gpg --faked-system-time 20200601T000000 "$@"\n')
        os.chmod(wrapper, 0o755)
        git("config", "gpg.program", wrapper, cwd=self.server.work)
        self.refuse_push("a key that has expired", env=self.sign_as_address("old"))

    def test_B_041_a_revoked_key_is_refused(self):
        self.new_key("ada")
        self.with_keys("{gpg: keys}", "ada")
        self.assert_accepted(self.push("main:refs/heads/x", env=self.sign_as_address("ada")))
        certificate = self.gpg("--armor", "--export", "ada@example.com").decode()
        fingerprint = [line.split(":")[9] for line in
                       self.gpg("--with-colons", "--list-keys", "ada@example.com").decode().splitlines()
                       if line.startswith("fpr")][0]
        with open(os.path.join(self.home, "openpgp-revocs.d", fingerprint + ".rev")) as file:
            revocation = file.read().replace(":-----BEGIN", "-----BEGIN")
        other = os.path.join(self.folder, "h")
        os.mkdir(other, 0o700)
        self.addCleanup(run, ["gpgconf", "--homedir", other, "--kill", "all"], check=False)
        for text in (certificate, revocation):
            run(["gpg", "--homedir", other, "--batch", "--import"], data=text.encode())
        revoked = run(["gpg", "--homedir", other, "--batch", "--armor", "--export"]).stdout.decode()
        self.server.write_policy(revoked, "keys")
        self.refuse_push("a key that has been revoked", env=self.sign_as_address("ada"), spec="main:refs/heads/y")

    def test_B_041_a_key_that_a_home_does_not_trust_is_refused(self):
        self.new_key("ada")
        keys = self.gpg("--export", "ada@example.com")
        home = os.path.join(self.folder, "h")
        os.mkdir(home, 0o700)
        self.addCleanup(run, ["gpgconf", "--homedir", home, "--kill", "all"], check=False)
        run(["gpg", "--homedir", home, "--batch", "--import"], data=keys)
        self.with_policy("{gpg-home: %s}" % home)
        git("config", "gpg.format", "openpgp", cwd=self.server.work)
        self.refuse_push("a key that is not trusted enough", env=self.sign_as_address("ada"))


if __name__ == "__main__":
    unittest.main()
