"""A team whose members push through one account of a real sshd and are known by their keys."""
from scenario import TEAM, ScenarioTest
from support import SERVICE_USER, GateTest, PushResult, SshServer, run


class SshScenarioTest(ScenarioTest):
    PEOPLE = ("ada", "ben", "cora", "dora", "rita", "ci-bot", "eval-bot")
    POLICY = TEAM

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
        self.server = self.repository(policy=self.POLICY.replace("version: 1\n", "version: 1\n" + identity))

    def push(self, user, *specs, options=()):
        # What the client says of itself is nothing to the server: the key counts.
        env = {"GIT_SSH_COMMAND": self.ssh.environment()["GIT_SSH_COMMAND"].replace("/client ", f"/{user} "),
               "REMOTE_USER": "ben"}
        argv = ["git", "push"]
        for option in options:
            argv += ["-o", option]
        return PushResult(run([*argv, self.ssh.url(self.server), *specs], cwd=self.server.work, env=env, check=False))
