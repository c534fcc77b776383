"""A server that wants signed pushes, and a client that sends certificates which `git push` never would."""
import os
import re

from signers import SignersTest
from support import EMPTY_PACK, IDENTITY, ZERO, RawResult, packet, run

POLICY = """version: 1
groups: {{leads: [carol]}}
users:
  ada: {{email: [ada@example.com], keys: ['{ada}']}}
  carol: {{email: [carol@example.com], keys: ['{carol}']}}
rulesets:
  - name: signed
    refs: ['refs/heads/**']
    rules:
      unsigned-push: {options}
"""


class SignedPushTest(SignersTest):
    def with_policy(self, options="{}", files=None, before="", **kwargs):
        self.install(IDENTITY + before + POLICY.format(options=options, **self.keys), files, **kwargs)
        self.sign_as("ada")
        return self.server

    def push(self, *specs, user="ada", **kwargs):
        return self.server.push("--signed", *specs, user=user, **kwargs)

    def refuse(self, result, before, *words):
        self.assert_refused(self.server, result, before)
        text = " ".join((result.text if isinstance(result, RawResult) else result.remote).split())
        for word in words:
            self.assertIn(word, text, result)

    def refuse_push(self, *words, spec="main:refs/heads/x", **kwargs):
        before = self.server.refs()
        result = self.push(spec, **kwargs)
        self.refuse(result, before, *words)
        return result

    # Certificates by hand

    def certificate(self, nonce, updates, key="ada", headers=()):
        lines = ["certificate version 0.1", "pusher SHA256:whoever 1700000000 +0000", f"nonce {nonce}", *headers, "",
                 *(f"{old} {new} {name}" for old, new, name in updates)]
        text = "".join(line + "\n" for line in lines).encode()
        return text + run(["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", os.path.join(self.folder, key)],
                          data=text).stdout

    def nonce(self, server=None):
        """One that a server gives out, as over HTTP: in an answer of its own."""
        server = server or self.server
        out = run(["git", "receive-pack", "--stateless-rpc", "--advertise-refs", server.path]).stdout
        return re.search(rb"push-cert=(\S+)", out).group(1).decode()

    def send(self, certificate, user="ada"):
        """Sends a certificate, over HTTP without HTTP."""
        lines = [b"push-cert\0report-status", *(line + b"\n" for line in certificate.splitlines()), b"push-cert-end\n"]
        data = b"".join(packet(line) for line in lines) + b"0000" + EMPTY_PACK
        done = run(["git", "receive-pack", "--stateless-rpc", self.server.path], data=data, check=False,
                   env={"REMOTE_USER": user})
        failed = done.returncode != 0 or b"ng refs/" in done.stdout
        return RawResult(1 if failed else 0, done.stdout, done.stderr)

    def creation(self, name="refs/heads/x"):
        return [(ZERO, self.server.ref("refs/heads/main"), name)]
