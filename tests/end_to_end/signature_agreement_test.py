"""unsigned-commit, unsigned-tag and Git agree on generated signatures: git verify-commit, git verify-tag."""
import json
import os
import random
import unittest

from support import IDENTITY, GateTest, git, needs, run

POLICY = IDENTITY + """version: 1
rulesets:
  - name: signed
    refs: ['refs/heads/**']
    rules:
      unsigned-commit: %s
  - name: tags
    refs: ['refs/tags/**']
    rules:
      unsigned-tag: %s
"""
PER_PUSH = 40  # a report has a hundred findings at most
# What is done to an object after it was signed.
DAMAGES = ("nothing", "nothing", "nothing", "nothing", "two signatures", "message", "author", "tree", "letter", "cut off",
           "taken from another", "unsigned")


def tag_name(name):
    return name.startswith("refs/tags/")


class SignatureAgreement(GateTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20261121)
        self.server = self.repository(policy=None, install=False)
        self.spare = {}  # signatures of other texts, by signer
        self.server.commit("feat: other", {"other": "1\n"})
        self.other_tree = git("rev-parse", "HEAD^{tree}", cwd=self.server.work).encode()
        self.server.checkout("HEAD^")

    def install(self, options, **files):
        self.server.write_policy(POLICY % (options, options))
        for name, text in files.items():
            self.server.write_policy(text, name)
        self.server.install()

    def sign(self, signer, payload):
        """The armoured signature of these bytes."""
        raise NotImplementedError

    def damaged(self, damage, signer, payload, signature):
        if damage == "message":
            payload = payload.replace(b"feat: x", b"feat: y")
        elif damage == "author":
            payload = payload.replace(b"Ada <", b"Eve <")
        elif damage == "tree":
            payload = payload[:5] + self.other_tree + payload[45:]
        elif damage == "letter":
            lines = signature.split(b"\n")
            line = self.random.choice([i for i, text in enumerate(lines[:-4]) if len(text) > 50])
            at = self.random.randrange(len(lines[line]))
            old = lines[line][at:at + 1]
            lines[line] = lines[line][:at] + (b"A" if old != b"A" else b"B") + lines[line][at + 1:]
            signature = b"\n".join(lines)
        elif damage == "cut off":
            lines = signature.split(b"\n")
            del lines[-4:-2]
            signature = b"\n".join(lines)
        elif damage == "taken from another":
            signature = self.spare[signer]
        return payload, signature

    def make(self, number, signer, damage, tag):
        """One commit or tag; returns its id."""
        who = b"Ada <ada@example.com> 1700000000 +0000\n"
        main = self.server.ref("refs/heads/main").encode()
        if tag:
            payload = b"object " + main + b"\ntype commit\ntag v%d\ntagger " % number + who + b"\nfeat: x %d\n" % number
        else:
            tree = git("rev-parse", "HEAD^{tree}", cwd=self.server.work).encode()
            payload = (b"tree " + tree + b"\nparent " + main + b"\nauthor " + who + b"committer " + who +
                       b"\nfeat: x %d\n" % number)
        signature = b"" if damage == "unsigned" else self.sign(signer, payload)
        if damage == "taken from another" and signer not in self.spare:
            self.spare[signer] = self.sign(signer, b"another text")
        if tag and damage == "tree":
            damage = "message"
        payload, signature = self.damaged(damage, signer, payload, signature)
        twice = damage == "two signatures"
        if tag:
            raw = payload + signature + (self.sign(signer, payload + signature) if twice else b"")
        else:
            header, _, message = payload.partition(b"\n\n")
            if signature:
                header += b"\ngpgsig " + signature.rstrip(b"\n").replace(b"\n", b"\n ")
            if twice:
                header += b"\ngpgsig " + self.sign(signer, payload).rstrip(b"\n").replace(b"\n", b"\n ")
            raw = header + b"\n\n" + message
        return git("hash-object", "-t", "tag" if tag else "commit", "-w", "--literally", "--stdin",
                   cwd=self.server.work, data=raw)

    def gate(self, objects):
        """The names of these {name: id} that the gate accepts, and the rules' words about the others."""
        accepted, words = set(), {}
        names = list(objects)
        for start in range(0, len(names), PER_PUSH):
            part = names[start:start + PER_PUSH]
            result = self.server.push(*(f"{objects[name]}:{name}" for name in part), user="ada",
                                      options=("policy=check", "policy.format=json"))
            report = json.loads([line for line in result.remote.splitlines() if line.startswith("{")][0])
            self.assertEqual(0, report.get("findings_dropped", 0))
            for ref in report["refs"]:
                if ref["findings"]:
                    words[ref["ref"]] = ref["findings"][0]["message"]
                else:
                    accepted.add(ref["ref"])
        self.assertEqual(set(names), accepted | words.keys())
        return accepted, words

    def compare(self, signers, cases, verify):
        """Generates commits and tags by these signers; `verify` is what Git is configured with."""
        objects, made = {}, {}
        for number in range(cases):
            signer, damage = self.random.choice(signers), self.random.choice(DAMAGES)
            tag = self.random.random() < 0.4
            name = f"refs/tags/v{number}" if tag else f"refs/heads/x{number}"
            objects[name] = self.make(number, signer, damage, tag)
            made[name] = (signer, damage)
        accepted, words = self.gate(objects)
        for name, oid in objects.items():
            command = "verify-tag" if tag_name(name) else "verify-commit"
            done = run(["git", *verify["config"], command, oid], cwd=self.server.work, env=verify.get("env"), check=False)
            if made[name][1] == "two signatures" and not tag_name(name):
                # Git looks at one of them; a commit with two is read differently elsewhere (B-042). In a tag the last
                # one signs all that stands before it.
                self.assertNotIn(name, accepted)
                continue
            with self.subTest(name, made=made[name]):
                self.assertEqual(done.returncode == 0, name in accepted,
                                 (words.get(name), done.stderr.decode(errors="replace")))
        return {name: (made[name], words.get(name)) for name in objects}

    def assert_only_whole_ones(self, results):
        accepted = {(damage, tag_name(name)) for name, ((_, damage), words) in results.items() if words is None}
        self.assertLessEqual({("nothing", True), ("nothing", False)}, accepted)
        self.assertLessEqual(accepted, {("nothing", True), ("nothing", False), ("two signatures", True)})


class SshAgreement(SignatureAgreement):
    KINDS = (("ed25519", None), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048"), ("rsa", "3072"))
    OPTIONS = ("", 'namespaces="git" ', 'namespaces="file,git" ', 'valid-after="20200101" ')
    REFUSED = ('namespaces="file" ', 'valid-before="20200101" ', 'valid-after="20990101" ')

    def key(self, name, kind, bits):
        path = os.path.join(self.folder, name)
        run(["ssh-keygen", "-q", "-t", kind, *(["-b", bits] if bits else []), "-N", "", "-C", name, "-f", path])
        with open(path + ".pub") as file:
            return file.read().strip()

    def sign(self, signer, payload):
        key, _, namespace = signer.partition(" in ")
        return run(["ssh-keygen", "-Y", "sign", "-n", namespace or "git", "-f", os.path.join(self.folder, key)],
                   data=payload).stdout

    def test_ssh_signatures_count_when_they_do_for_git(self):
        allowed, revoked, signers, good = "", "", [], []
        for number, (kind, bits) in enumerate(self.KINDS):
            name = f"good-{kind}{bits or ''}"
            allowed += f"{name}@example.com {self.OPTIONS[number % 4]}{self.key(name, kind, bits)}\n"
            good.append(name)
        for number, option in enumerate(self.REFUSED):
            allowed += f"bad{number}@example.com {option}{self.key(f'bad{number}', 'ed25519', None)}\n"
            signers.append(f"bad{number}")
        self.key("other", "ed25519", None)
        self.key("other-rsa", "rsa", "2048")
        for kind, bits in (("ed25519", None), ("rsa", "2048")):
            key = self.key(f"revoked-{kind}", kind, bits)
            allowed += f"revoked@example.com {key}\n"
            revoked += key + "\n"
            signers.append(f"revoked-{kind}")
        signers += ["other", "other-rsa", "good-ed25519 in file", "good-rsa2048 in git.example"]
        self.install("{ssh: signers, revoked: revoked}", signers=allowed, revoked=revoked)
        paths = {name: os.path.join(self.server.path, "trunkgate", name) for name in ("signers", "revoked")}
        results = self.compare(good * 3 + signers, 120, {"config": [
            "-c", "gpg.ssh.allowedSignersFile=" + paths["signers"], "-c", "gpg.ssh.revocationFile=" + paths["revoked"]]})

        accepted = {signer for (signer, _), words in results.values() if words is None}
        self.assertEqual(set(good), accepted)  # every kind of key counts, and no other
        self.assertGreater(sum(words is None for _, words in results.values()), 20)
        self.assert_only_whole_ones(results)
        self.assertEqual(set(DAMAGES), {damage for (_, damage), words in results.values() if words is not None})
        self.assertLessEqual({"a key that has been revoked", "does not fit what is signed", "is not signed"},
                             {part for _, words in results.values() if words is not None for part in
                              ("a key that has been revoked", "does not fit what is signed", "is not signed")
                              if part in words})


@needs("gpg")
class GpgAgreement(SignatureAgreement):
    def setUp(self):
        super().setUp()
        self.homes = {}
        for name in ("g", "v"):  # short paths: the agent's socket is in them
            self.homes[name] = os.path.join(self.folder, name)
            os.mkdir(self.homes[name], 0o700)
            self.addCleanup(run, ["gpgconf", "--homedir", self.homes[name], "--kill", "all"], check=False)

    def gpg(self, *arguments, home="g", data=None):
        return run(["gpg", "--homedir", self.homes[home], "--batch", "--no-tty", "--pinentry-mode", "loopback",
                    "--passphrase", "", *arguments], data=data).stdout

    def key(self, name, kind, expires="never", when=None):
        self.gpg(*(["--faked-system-time", when] if when else []), "--quick-gen-key",
                 f"{name} <{name}@example.com>", kind, "sign", expires)

    def sign(self, signer, payload):
        options = ["--faked-system-time", "20200601T000000"] if signer == "expired" else []
        return self.gpg(*options, "-a", "-b", "-u", f"{signer}@example.com", data=payload)

    def test_gpg_signatures_count_when_they_do_for_git(self):
        good = ["ed25519", "rsa2048", "nistp256", "rsa3072"]
        for name in good:
            self.key(name, name)
        self.key("expired", "ed25519", "1y", "20200101T000000")
        self.key("revoked", "ed25519")
        self.key("other", "ed25519")
        allowed = [f"{name}@example.com" for name in (*good, "expired")]
        public = self.gpg("--armor", "--export", *allowed)
        fingerprint = [line.split(":")[9] for line in
                       self.gpg("--with-colons", "--list-keys", "revoked@example.com").decode().splitlines()
                       if line.startswith("fpr")][0]
        revoked = self.gpg("--export", "revoked@example.com")
        self.gpg("--import", home="v", data=public)
        self.gpg("--import", home="v", data=revoked)
        with open(os.path.join(self.homes["g"], "openpgp-revocs.d", fingerprint + ".rev")) as file:
            self.gpg("--import", home="v", data=file.read().replace(":-----BEGIN", "-----BEGIN").encode())
        keys = self.gpg("--armor", "--export", home="v").decode()
        self.install("{gpg: keys}", keys=keys)
        results = self.compare(good * 2 + ["expired", "revoked", "other"], 80,
                               {"config": [], "env": {"GNUPGHOME": self.homes["v"]}})
        self.assertEqual(set(good), {signer for (signer, _), words in results.values() if words is None})
        self.assert_only_whole_ones(results)
        self.assertGreater(sum(words is None for _, words in results.values()), 10)


del SignatureAgreement  # only a base: it has no cases of its own

if __name__ == "__main__":
    unittest.main()
