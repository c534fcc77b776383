"""A feature's life where everybody pushes over SSH and is known by the key that sshd let in."""
import unittest

from scenario import TEAM, ScenarioTest
from support import SERVICE_USER, GateTest, PushResult, SshServer, needs, run


@needs("sshd", "ssh-keygen")
class OverSsh(ScenarioTest):
    PEOPLE = ("ada", "ben", "ci-bot", "eval-bot")

    def setUp(self):
        GateTest.setUp(self)
        self.ssh = SshServer(self, "ExposeAuthInfo yes")
        users, authorized = "", ""
        for name in self.PEOPLE:
            key = f"{self.ssh.folder}/{name}"
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key])
            with open(key + ".pub") as file:
                public = file.read().strip()
            users += f"  {name}: {{keys: ['{public}']}}\n"
            authorized += public + "\n"
        with open(f"{self.ssh.folder}/authorized_keys", "w") as file:
            file.write(authorized)
        identity = f"identity: {{service-users: [{SERVICE_USER}], sources: [ssh-key]}}\nusers:\n{users}"
        self.server = self.repository(policy=TEAM.replace("version: 1\n", "version: 1\n" + identity))

    def push(self, user, *specs, options=()):
        env = {"GIT_SSH_COMMAND": self.ssh.environment()["GIT_SSH_COMMAND"].replace("/client ", f"/{user} ")}
        argv = ["git", "push"]
        for option in options:
            argv += ["-o", option]
        return PushResult(run([*argv, self.ssh.url(self.server), *specs], cwd=self.server.work, env=env, check=False))

    def test_from_the_first_push_to_main(self):
        commit = self.work("ada", "feature/login", {"login": "1"})
        self.merge("feature/login")
        self.not_landed("missing-approval", "missing-check")
        self.refused("ada", f"{commit}:{self.attest(commit, 'approval', 'ada')}", "'ada' may not leave an approval")
        self.refused("ada", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ada' cannot approve in the name")
        self.all_evidence(commit)
        self.land()
        self.assertEqual(self.server.head(), self.server.ref("refs/heads/main"))
        landed = [e for e in self.server.events() if e["type"] == "dev.trunkgate.change.landed.v1"]
        self.assertEqual(["ada"], [event["authid"] for event in landed])


if __name__ == "__main__":
    unittest.main()
