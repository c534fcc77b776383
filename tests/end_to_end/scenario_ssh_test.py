"""A feature's life where everybody pushes over SSH and is known by the key that sshd let in."""
import unittest

from scenario_ssh import SshScenarioTest
from support import needs


@needs("sshd", "ssh-keygen")
class OverSsh(SshScenarioTest):
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
