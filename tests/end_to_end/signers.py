"""People with SSH keys, for tests of signatures."""
import os

from support import GateTest, git, run


class SignersTest(GateTest):
    """`self.keys` are the public keys of ada, carol and eve; `self.server` is whose clone signs."""

    def setUp(self):
        super().setUp()
        self.keys = {}
        for name in ("ada", "carol", "eve"):
            path = os.path.join(self.folder, name)
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path])
            with open(path + ".pub") as file:
                self.keys[name] = file.read().strip()

    def install(self, policy, files=None, **kwargs):
        self.server = self.repository(policy=None, install=False, **kwargs)
        self.server.write_policy(policy)
        for name, text in (files or {}).items():
            self.server.write_policy(text, name)
        self.server.install()
        git("config", "gpg.format", "ssh", cwd=self.server.work)

    def sign_as(self, name):
        git("config", "user.signingKey", os.path.join(self.folder, name), cwd=self.server.work)
