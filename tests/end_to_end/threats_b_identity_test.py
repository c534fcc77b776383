"""B-030, B-034: who is pushing cannot be claimed through the environment."""
import os
import unittest

from support import IDENTITY, SERVICE_USER, GateTest

RULES = """rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {by: [ceo]}
"""
SOURCES = ("sources: [{env: REMOTE_USER}, {env: GL_USER}, {env: GIT_PUSH_CERT_SIGNER}, "
           "{env: SSH_ORIGINAL_COMMAND}%s]")
CLAIMS = {"REMOTE_USER": "ceo", "GL_USER": "ceo", "GL_USERNAME": "ceo", "GITEA_PUSHER_NAME": "ceo",
          "SSH_ORIGINAL_COMMAND": "ceo", "USER": "ceo", "LOGNAME": "ceo", "GIT_PUSH_CERT": "0" * 40,
          "GIT_PUSH_CERT_SIGNER": "ceo", "GIT_PUSH_CERT_STATUS": "G", "GIT_PUSH_CERT_KEY": "ceo",
          "GIT_PUSH_CERT_NONCE_STATUS": "OK", "GIT_COMMITTER_NAME": "ceo"}


class Identity(GateTest):
    def begin(self, identity):
        self.server = self.repository(policy="version: 1\n" + identity + RULES)
        self.tip = self.server.commit("feat: x", {"x": "1"})

    def test_B_030_claims_of_an_account_that_is_no_service_user_are_ignored(self):
        self.begin("identity: {service-users: [git, www-data], " + SOURCES % ", os-user" + "}\n")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x", env=CLAIMS))
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main", env=CLAIMS)
        self.assert_refused(self.server, result, before,
                            f"'{SERVICE_USER}' may not land on 'main'", "may land: ceo")
        actors = {event["data"]["actor"]["id"] for event in self.server.events()
                  if "actor" in event["data"]}
        self.assertEqual({SERVICE_USER}, actors)

    def test_B_030_without_another_source_nobody_is_known(self):
        self.begin("identity: {service-users: [git, www-data], " + SOURCES % "" + "}\n")
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/feature/x", env=CLAIMS)
        self.assert_refused(self.server, result, before, "the server does not know who is pushing",
                            "unknown-pusher")
        self.assert_nothing_kept(self.server, self.tip)

    def test_B_030_without_identity_in_the_policy_only_the_account_counts(self):
        self.begin("")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x", env=CLAIMS))
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main", env=CLAIMS)
        self.assert_refused(self.server, result, before, f"'{SERVICE_USER}' may not land")

    def test_B_030_a_service_user_is_nobody_without_a_claim(self):
        self.begin(IDENTITY.replace("}]}", "}, os-user]}"))
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/feature/x")
        self.assert_refused(self.server, result, before, "the server does not know who is pushing")
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x", user="ada"))

    def test_B_034_a_hostile_name_is_refused_and_shown_escaped(self):
        self.begin(IDENTITY)
        before = self.server.refs()
        for user in ("../../x\x1b[31m", "../../../../../../tmp/x", "a b", "a\nb", "x" * 65,
                     "a\u202eb", "%00", "ada;id"):
            with self.subTest(user):
                result = self.server.push("HEAD:refs/heads/feature/x", user=user)
                self.assert_refused(self.server, result, before, "which is no user name")
                self.assertNotIn("\u202e", result.remote)
        for event in self.server.rejections():
            self.assertEqual({"kind": "unknown", "id": "unknown"},
                             {key: event["data"]["actor"][key] for key in ("kind", "id")})
        log = os.path.join(self.server.path, "trunkgate", "events.jsonl")
        with open(log, "rb") as file:
            self.assertNotIn(b"\x1b", file.read())


if __name__ == "__main__":
    unittest.main()
