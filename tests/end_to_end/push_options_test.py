"""Asking before pushing, and answers for programs."""
import json
import unittest

from support import GateTest


class PushOptions(GateTest):
    def test_check_says_ok_and_changes_nothing(self):
        repo = self.repository()
        before = repo.refs()
        commit = repo.commit("feat: good")
        result = repo.push("HEAD:refs/heads/feature/good", options=["policy=check"])
        self.assertEqual(1, result.code)
        self.assertEqual("CHECK OK: the push would be accepted; nothing was changed", result.remote)
        self.assertEqual(before, repo.refs())
        self.assertFalse(repo.has_object(commit))
        self.assertEqual([], repo.accepted())

    def test_check_tells_what_is_wrong(self):
        repo = self.repository()
        repo.commit("bad")
        result = repo.push("HEAD:refs/heads/feature/bad", options=["policy=check"])
        self.assertEqual(1, result.code)
        self.assertIn("error: REJECTED refs/heads/feature/bad: the title has no 'type: ' prefix",
                      result.remote)

    def test_json_is_one_line_with_every_finding(self):
        repo = self.repository()
        commit = repo.commit("feature: add login")
        result = repo.push("HEAD:refs/heads/login", options=["policy.format=json"])
        self.assertEqual(1, result.code)
        lines = result.remote.splitlines()
        self.assertEqual(1, len(lines), result)
        answer = json.loads(lines[0])
        event = repo.rejections()[0]["data"]
        self.assertEqual({
            "verdict": "rejected",
            "push_id": event["push_id"],
            "changed": False,
            "findings": [],
            "refs": [{
                "ref": "refs/heads/login",
                "verdict": "rejected",
                "findings": [
                    {"rule": "ill-named-branch", "ruleset": "branches", "origin": "policy.yaml:12",
                     "severity": "error", "message": "branch name 'login' is not allowed",
                     "details": ["allowed: main, feature/**, release/**"],
                     "commands": ["git branch -m login NEW-NAME"]},
                    {"rule": "unconventional-commit", "ruleset": "branches",
                     "origin": "policy.yaml:13", "severity": "error",
                     "message": "type 'feature' is not allowed; did you mean 'feat'?",
                     "commit": commit, "title": "feature: add login", "line": 1,
                     "corrected_title": "feat: add login"}],
                "repair": ["git commit --amend -m 'feat: add login'"]}],
            "policy": {"sha256": event["policy"]["sha256"]},
        }, answer)

    def test_an_accepted_push_answers_in_json_too(self):
        repo = self.repository()
        repo.commit("feat: good")
        result = repo.push("HEAD:refs/heads/feature/good", options=["policy.format=json"])
        self.assert_accepted(result)
        answer = json.loads(result.remote)
        self.assertEqual(("accepted", True), (answer["verdict"], answer["changed"]))


if __name__ == "__main__":
    unittest.main()
