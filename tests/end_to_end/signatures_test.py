"""Signed commits and tags, B-041 and B-042: real keys, and what `git verify-commit` says of the same."""
import os
import subprocess
import unittest

from signers import SignersTest
from support import ENVIRONMENT, IDENTITY, GateTest, git, needs, run

POLICY = """version: 1
groups: {{leads: [carol]}}
users:
  ada: {{email: [ada@example.com], keys: ['{ada}']}}
  carol: {{email: [carol@example.com], keys: ['{carol}']}}
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


class SshSignatures(SignersTest):
    def with_policy(self, commit="{}", tag="{}", files=None):
        self.install(IDENTITY + POLICY.format(commit=commit, tag=tag, **self.keys), files)

    def signed(self, message, signer, env=None, branch="feature/x"):
        self.sign_as(signer)
        git("checkout", "-q", "-B", branch, cwd=self.server.work)
        git("commit", "-q", "-S", "--allow-empty", "-m", message, cwd=self.server.work, env=env)
        return self.server.head()

    def refuse(self, *words, spec="feature/x", user="ada"):
        before = self.server.refs()
        result = self.server.push("+" + spec, user=user)
        self.assert_refused(self.server, result, before)
        text = " ".join(result.remote.split())
        for word in words:
            self.assertIn(word, text, result)
        return result

    def verify_commit(self, commit, allowed):
        path = os.path.join(self.folder, "allowed")
        with open(path, "w") as file:
            file.write(allowed)
        return run(["git", "-c", "gpg.ssh.allowedSignersFile=" + path, "verify-commit", commit],
                   cwd=self.server.work, check=False).returncode == 0

    def test_a_key_of_a_user_counts(self):
        self.with_policy()
        commit = self.signed("feat: x", "ada")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.assertTrue(self.verify_commit(commit, f"ada {self.keys['ada']}\n"))

    def test_an_unsigned_commit_is_refused_with_the_repair(self):
        self.with_policy()
        self.server.commit("feat: x", branch="feature/x")
        self.refuse("the commit is not signed", "git commit --amend --no-edit -S",
                    "git config gpg.format ssh", "unsigned-commit (signed, policy.yaml:11)")
        self.sign_as("ada")
        git("commit", "--amend", "--no-edit", "-q", "-S", "--allow-empty", cwd=self.server.work)
        self.assert_accepted(self.server.push("feature/x", user="ada"))

    def test_unsigned_commits_can_pass_where_bad_signatures_do_not(self):
        self.with_policy(commit="{required: false}")
        self.server.commit("feat: x", branch="feature/x")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.signed("feat: y", "ada")
        self.assert_accepted(self.server.push("+feature/x", user="ada"))
        self.signed("feat: z", "eve")
        self.refuse("a signature that was made with a key that is not allowed")

    def test_the_repair_of_a_buried_commit_signs_all(self):
        self.with_policy()
        self.server.commit("feat: x", {"x": "1"}, branch="feature/x")
        self.server.commit("feat: y", {"y": "1"})
        result = self.refuse("the commit is not signed")
        self.sign_as("ada")
        commands = [line.replace("remote:", "").replace("fix", "").strip()
                    for line in result.remote.splitlines() if "git rebase" in line]
        self.assertTrue(commands, result)
        run(["sh", "-ec", commands[0]], cwd=self.server.work)
        self.assert_accepted(self.server.push("feature/x", user="ada"))

    def test_a_key_of_nobody_is_refused_by_its_fingerprint(self):
        self.with_policy()
        commit = self.signed("feat: x", "eve")
        fingerprint = run(["ssh-keygen", "-l", "-f", os.path.join(self.folder, "eve.pub")]).stdout.decode().split()[1]
        self.refuse("a signature that was made with a key that is not allowed", f"key: {fingerprint} (SSH)")
        self.assertFalse(self.verify_commit(commit, f"ada {self.keys['ada']}\n"))

    def test_a_signature_of_another_text_is_refused(self):
        self.with_policy()
        commit = self.signed("feat: x", "ada")
        raw = run(["git", "cat-file", "commit", commit], cwd=self.server.work).stdout
        forged = self.server.raw_commit(raw.replace(b"feat: x", b"feat: y"))
        self.refuse("a signature that does not fit what is signed", spec=f"{forged}:refs/heads/feature/x")
        self.assertFalse(self.verify_commit(forged, f"ada {self.keys['ada']}\n"))
        damaged = self.server.raw_commit(raw.replace(b"\n U1NIU0lH", b"\n QUFBQUFB"))
        self.refuse("a signature that is damaged", spec=f"{damaged}:refs/heads/feature/x")

    def test_B_042_two_signatures_are_refused(self):
        self.with_policy()
        raw = run(["git", "cat-file", "commit", self.signed("feat: x", "ada")], cwd=self.server.work).stdout
        start, end = raw.index(b"gpgsig "), raw.index(b"\n\nfeat")
        twice = self.server.raw_commit(raw[:end + 1] + raw[start:])
        self.refuse("has more than one signature", spec=f"{twice}:refs/heads/feature/x")

    def test_B_042_an_expired_key_counts_no_more_however_the_commit_is_dated(self):
        allowed = f'ada@example.com valid-before="20240101" {self.keys["eve"]}\n'
        self.with_policy(commit="{ssh: signers}", files={"signers": allowed})
        then = "1700000000 +0000"  # 2023-11-14
        commit = self.signed("feat: x", "eve", env={"GIT_AUTHOR_DATE": then, "GIT_COMMITTER_DATE": then})
        # Git believes the date in the commit.
        self.assertTrue(self.verify_commit(commit, allowed))
        self.refuse("a key that is not allowed (now)")

    def test_a_revoked_key_counts_no_more(self):
        self.with_policy(commit="{revoked: revoked}", files={"revoked": ""})
        self.signed("feat: x", "ada")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.server.write_policy(self.keys["ada"] + "\n", "revoked")
        self.signed("feat: y", "ada")
        self.refuse("a key that has been revoked")

    def test_a_key_for_another_use_does_not_count(self):
        allowed = f'ada@example.com namespaces="file" {self.keys["eve"]}\n'
        self.with_policy(commit="{ssh: signers}", files={"signers": allowed})
        self.signed("feat: x", "eve")
        self.refuse("a key that is not allowed")

    def test_the_signature_can_have_to_be_the_committers(self):
        self.with_policy(commit="{signer: committer}")
        self.signed("feat: x", "ada")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.signed("feat: y", "carol")
        self.refuse("is signed by 'carol', not by its committer 'ada@example.com'")

    def test_the_signature_can_have_to_be_the_pushers(self):
        self.with_policy(commit="{signer: pusher}")
        self.signed("feat: x", "ada")
        self.refuse("is signed by 'ada', not by its pusher 'carol'", user="carol")
        self.assert_accepted(self.server.push("feature/x", user="ada"))

    def test_a_signature_is_checked_once_a_day(self):
        self.with_policy()
        commit = self.signed("feat: x", "ada")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        kept = os.path.join(self.server.path, "trunkgate/state/signatures", commit)
        with open(kept) as file:
            self.assertEqual("ada", file.read().splitlines()[1])
        # Another list of keys asks anew; what was let in with the old one is not judged again.
        with open(kept) as file:
            text = file.read()
        self.keys["ada"] = self.keys["eve"]
        self.server.write_policy(IDENTITY + POLICY.format(commit="{}", tag="{}", **self.keys))
        self.signed("feat: y", "ada")
        self.refuse("a key that is not allowed")
        with open(kept) as file:
            self.assertEqual(text, file.read())

    def told(self, name):
        """What the newest event of a ref says of the signature of its commit, or of its tag."""
        data = [event["data"] for event in self.server.events()
                if event["subject"] == name and ("head_commit" in event["data"] or "tag" in event["data"])][-1]
        return (data.get("tag") or data["head_commit"])["signature"]

    def test_events_tell_of_a_signature_what_a_rule_has_found(self):
        self.with_policy(commit="{required: false}")
        self.server.commit("feat: w", branch="feature/x")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.assertEqual("none", self.told("refs/heads/feature/x"))
        self.signed("feat: x", "ada")
        self.assert_accepted(self.server.push("+feature/x", user="ada"))
        self.assertEqual("good", self.told("refs/heads/feature/x"))
        git("tag", "-s", "-m", "release", "v1", cwd=self.server.work)
        self.assert_accepted(self.server.push("v1", user="ada"))
        self.assertEqual("good", self.told("refs/tags/v1"))
        # Where the rule only warns, what it does not find good is let in.
        warnings = POLICY.format(commit="{mode: warn}", tag="{mode: warn}", **self.keys)
        self.server.write_policy(IDENTITY + warnings)
        self.signed("feat: y", "eve")
        git("tag", "-s", "-m", "release", "v2", cwd=self.server.work)
        self.assert_accepted(self.server.push("+feature/x", "v2", user="ada"))
        self.assertEqual("unknown", self.told("refs/heads/feature/x"))
        self.assertEqual("unknown", self.told("refs/tags/v2"))

    def test_events_no_longer_call_good_what_a_rule_finds_so_no_more(self):
        self.with_policy(commit="{mode: warn}")
        self.signed("feat: x", "ada")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.assertEqual("good", self.told("refs/heads/feature/x"))
        self.assert_accepted(self.server.push(":feature/x", user="ada"))
        self.keys["ada"] = self.keys["eve"]
        self.server.write_policy(IDENTITY + POLICY.format(commit="{mode: warn}", tag="{}", **self.keys))
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.assertEqual("unknown", self.told("refs/heads/feature/x"))

    def test_tags_of_the_named_signers_count(self):
        self.with_policy(commit="{mode: off}", tag="{by: [leads]}")
        for signer in ("ada", "carol"):
            self.sign_as(signer)
            git("tag", "-s", "-m", "release", "v-" + signer, cwd=self.server.work)
        self.refuse("the tag is signed by 'ada', whose signature is not enough", "wanted: carol", spec="refs/tags/v-ada")
        self.assert_accepted(self.server.push("refs/tags/v-carol", user="ada"))
        git("tag", "-a", "-m", "release", "v-none", cwd=self.server.work)
        git("tag", "v-light", cwd=self.server.work)
        self.refuse("the tag is not signed", "git tag -s -f v-none", spec="refs/tags/v-none")
        self.refuse("the tag is lightweight, so it cannot be signed", spec="refs/tags/v-light")

    def test_B_011_a_tag_signed_for_another_text_is_refused(self):
        self.with_policy(commit="{mode: off}")
        self.sign_as("ada")
        git("tag", "-s", "-m", "release", "v1", cwd=self.server.work)
        raw = run(["git", "cat-file", "tag", "v1"], cwd=self.server.work).stdout
        forged = git("hash-object", "-t", "tag", "-w", "--stdin", cwd=self.server.work,
                     data=raw.replace(b"tag v1", b"tag v2"))
        self.refuse("does not fit what is signed", spec=f"{forged}:refs/tags/v2")


@needs("gpg")
class GpgSignatures(GateTest):
    def setUp(self):
        super().setUp()
        # A short path: the agent's socket is in it.
        self.home = os.path.join(self.folder, "g")
        os.mkdir(self.home, 0o700)
        self.addCleanup(run, ["gpgconf", "--homedir", self.home, "--kill", "all"], check=False)
        for name in ("ada", "eve"):
            self.gpg("--quick-gen-key", f"{name.title()} <{name}@example.com>", "ed25519", "sign", "never")

    def gpg(self, *arguments, data=None, check=True):
        return run(["gpg", "--homedir", self.home, "--batch", "--no-tty", "--pinentry-mode", "loopback",
                    "--passphrase", "", *arguments], data=data, check=check).stdout

    def with_policy(self, commit="{gpg: keys}", names=("ada@example.com",)):
        self.server = self.repository(policy=None, install=False)
        keys = "".join(self.gpg("--armor", "--export", name).decode() for name in names)
        self.server.write_policy(IDENTITY + "version: 1\nrulesets: [{name: signed, refs: ['refs/heads/**'], rules: "
                                 "{unsigned-commit: %s}}]\n" % commit)
        self.server.write_policy(keys, "keys")
        self.server.install()

    def signed(self, message, name):
        git("checkout", "-q", "-B", "feature/x", cwd=self.server.work)
        env = {"GNUPGHOME": self.home}
        git("-c", f"user.signingKey={name}@example.com", "commit", "-q", "-S", "--allow-empty", "-m", message,
            cwd=self.server.work, env=env)
        return self.server.head()

    def verdicts(self):
        """What the gate and git verify-commit say of the tip."""
        result = self.server.push("+feature/x", user="ada")
        verified = run(["git", "verify-commit", "feature/x"], cwd=self.server.work, env={"GNUPGHOME": self.home},
                       check=False).returncode == 0
        return result, verified

    def refuse(self, *words):
        before = self.server.refs()
        result = self.server.push("+feature/x", user="ada")
        self.assert_refused(self.server, result, before)
        for word in words:
            self.assertIn(word, " ".join(result.remote.split()), result)

    def test_an_exported_key_counts_and_agrees_with_git(self):
        self.with_policy()
        self.signed("feat: x", "ada")
        result, verified = self.verdicts()
        self.assert_accepted(result)
        self.assertTrue(verified)

    def test_another_key_does_not_count(self):
        self.with_policy()
        self.signed("feat: x", "eve")
        self.refuse("a key that is not allowed", "(GPG)")

    def test_the_signers_address_is_that_of_the_key(self):
        self.with_policy("{gpg: keys, signer: author}", ("ada@example.com", "eve@example.com"))
        self.signed("feat: x", "eve")
        self.refuse("is signed by 'eve@example.com', not by its author 'ada@example.com'")
        self.server.checkout("main")
        self.signed("feat: y", "ada")
        self.assert_accepted(self.server.push("+feature/x", user="ada"))

    def test_B_041_an_expired_key_does_not_count(self):
        self.gpg("--faked-system-time", "20200101T000000", "--quick-gen-key", "Old <old@example.com>", "ed25519",
                 "sign", "1y")
        self.with_policy(names=("old@example.com",))
        wrapper = os.path.join(self.folder, "old-gpg")
        with open(wrapper, "w") as file:
            file.write('#!/bin/sh\nexec gpg --faked-system-time 20200601T000000 "$@"\n')
        os.chmod(wrapper, 0o755)
        git("config", "gpg.program", wrapper, cwd=self.server.work)
        self.signed("feat: x", "old")
        self.refuse("a key that has expired")

    def test_B_041_a_revoked_key_does_not_count(self):
        self.with_policy()
        self.signed("feat: x", "ada")
        fingerprint = [line.split(":")[9] for line in
                       self.gpg("--with-colons", "--list-keys", "ada@example.com").decode().splitlines()
                       if line.startswith("fpr")][0]
        with open(os.path.join(self.home, "openpgp-revocs.d", fingerprint + ".rev")) as file:
            self.gpg("--import", data=file.read().replace(":-----BEGIN", "-----BEGIN").encode())
        self.server.write_policy(self.gpg("--armor", "--export", "ada@example.com").decode(), "keys")
        self.refuse("a key that has been revoked")

    def test_B_041_an_untrusted_key_of_a_home_does_not_count(self):
        with_home = os.path.join(self.folder, "h")
        os.mkdir(with_home, 0o700)
        self.addCleanup(run, ["gpgconf", "--homedir", with_home, "--kill", "all"], check=False)
        keys = self.gpg("--export", "ada@example.com")
        run(["gpg", "--homedir", with_home, "--batch", "--import"], data=keys)
        self.with_policy("{gpg-home: %s}" % with_home)
        self.signed("feat: x", "ada")
        self.refuse("a key that is not trusted enough")
        fingerprint = [line.split(":")[9] for line in
                       self.gpg("--with-colons", "--list-keys", "ada@example.com").decode().splitlines()
                       if line.startswith("fpr")][0]
        run(["gpg", "--homedir", with_home, "--batch", "--import-ownertrust"], data=f"{fingerprint}:6:\n".encode())
        self.assert_accepted(self.server.push("+feature/x", user="ada"))

    def test_keys_that_are_none_are_the_servers_fault(self):
        self.with_policy()
        self.server.write_policy("no keys\n", "keys")
        self.signed("feat: x", "ada")
        before = self.server.refs()
        result = self.server.push("+feature/x", user="ada")
        self.assert_refused(self.server, result, before, "UNDECIDED", "gpg cannot read the keys of the policy")

    def test_a_kind_without_keys_does_not_count(self):
        self.with_policy()
        key = os.path.join(self.folder, "key")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        git("config", "gpg.format", "ssh", cwd=self.server.work)
        git("checkout", "-q", "-B", "feature/x", cwd=self.server.work)
        git("-c", "user.signingKey=" + key, "commit", "-q", "-S", "--allow-empty", "-m", "feat: x",
            cwd=self.server.work)
        self.refuse("is of a kind that the policy has no keys for")


if __name__ == "__main__":
    unittest.main()
