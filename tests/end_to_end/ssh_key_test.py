"""Pushers known by the SSH key that sshd let in, through a real sshd."""
import os
import unittest

from support import SERVICE_USER, GateTest, SshServer, needs, run

POLICY = """version: 1
identity: {{service-users: [{account}], sources: [{source}]}}
users:
  bo: {{keys: ['{other}']}}
rulesets:
  - {{name: all, refs: ['refs/heads/**'], rules: {{unauthorised-push: {{create: [ada], update: [ada]}}}}}}
"""


class PushersByKey(GateTest):
    def server(self, source, *config):
        repo = self.repository(policy="version: 1\n")
        ssh = SshServer(self, *config)
        ssh.authorize("")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{ssh.folder}/other"])
        with open(f"{ssh.folder}/client.pub") as key, \
                open(os.path.join(repo.path, "trunkgate", "allowed_signers"), "w") as file:
            file.write("ada " + key.read())
        with open(f"{ssh.folder}/other.pub") as key:
            repo.write_policy(POLICY.format(account=SERVICE_USER, source=source, other=key.read().strip()))
        repo.commit("feat: a change", {"a": "1\n"})
        return repo, ssh

    def push(self, repo, ssh, key="client"):
        environment = ssh.environment()
        environment["GIT_SSH_COMMAND"] = environment["GIT_SSH_COMMAND"].replace("/client ", f"/{key} ")
        return repo.push("HEAD:refs/heads/topic", url=ssh.url(repo), env=environment)

    @needs("sshd")
    def test_a_key_names_its_holder(self):
        repo, ssh = self.server("{ssh-key: allowed_signers}", "ExposeAuthInfo yes")
        with open(f"{ssh.folder}/authorized_keys", "a") as file, open(f"{ssh.folder}/other.pub") as key:
            file.write(key.read())
        result = self.push(repo, ssh, "other")
        self.assertEqual(1, result.code, result)
        self.assertIn("'bo'", result.remote)
        self.assert_accepted(self.push(repo, ssh))
        accepted = [event for event in repo.events() if event["type"].endswith("push.accepted.v1")]
        shown = run(["ssh-keygen", "-l", "-f", f"{ssh.folder}/client.pub"]).stdout.decode().split()[1]
        self.assertEqual({"kind": "user", "id": "ada", "key_fingerprint": shown},
                         {name: accepted[-1]["data"]["actor"][name] for name in ("kind", "id", "key_fingerprint")})

    @needs("sshd")
    def test_without_what_sshd_says_nobody_is_known(self):
        repo, ssh = self.server("{ssh-key: allowed_signers}")
        result = self.push(repo, ssh)
        self.assertEqual(1, result.code, result)
        self.assertIn("no source of the policy's 'identity' names the pusher", " ".join(result.remote.split()))

    @needs("sshd")
    def test_nobody_can_claim_a_key_from_an_account_of_their_own(self):
        repo, ssh = self.server("{ssh-key: allowed_signers}", "ExposeAuthInfo yes")
        path = os.path.join(repo.path, "trunkgate", "policy.yaml")
        with open(path) as file:
            text = file.read().replace(f"[{SERVICE_USER}]", "[git-only]")
        repo.write_policy(text)
        result = self.push(repo, ssh)
        self.assertEqual(1, result.code, result)
        self.assertIn("names the pusher", " ".join(result.remote.split()))


if __name__ == "__main__":
    unittest.main()
