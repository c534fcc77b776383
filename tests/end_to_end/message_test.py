"""trunkgate message: for people, for programs and as a commit-msg hook."""
import json
import os
import unittest

from support import TOOL, GateTest, git, run


class Message(GateTest):
    def judge(self, text, *arguments):
        return run([TOOL, "message", *arguments], data=text.encode(), check=False)

    def test_a_bad_message_is_told_with_its_place_and_the_correct_title(self):
        done = self.judge("feature: add login")
        self.assertEqual(1, done.returncode)
        self.assertEqual("""\
message:1:1: error: type-not-allowed: type 'feature' is not allowed; did you mean 'feat'?
  title:   feature: add login
  correct: feat: add login
reject
""", done.stderr.decode())

    def test_json_has_every_part(self):
        done = self.judge("fix(api)!: drop v1\n\nNobody calls it.\n\nRefs: #12\n", "--format", "json")
        self.assertEqual(0, done.returncode)
        self.assertEqual({"verdict": "accept", "type": "fix", "scope": "api", "breaking": True,
                          "description": "drop v1", "body": "Nobody calls it.",
                          "footers": [{"token": "Refs", "value": "#12"}], "problems": []},
                         json.loads(done.stdout))

    def test_parents_encoding_and_policy_count(self):
        self.assertEqual(1, self.judge("Merge branch 'x'").returncode)
        self.assertEqual(0, self.judge("Merge branch 'x'", "--parents", "2").returncode)
        latin = run([TOOL, "message", "--encoding", "ISO-8859-1"], data=b"feat: caf\xe9")
        self.assertEqual(b"accept\n", latin.stdout)
        policy = os.path.join(self.folder, "policy.yaml")
        with open(policy, "w") as file:
            file.write("version: 1\nrulesets:\n  - name: x\n    refs: ['**']\n    rules:\n"
                       "      unconventional-commit: {types: [wibble]}\n")
        self.assertEqual(0, self.judge("wibble: x", "--policy", policy).returncode)
        self.assertEqual(1, self.judge("feat: x", "--policy", policy).returncode)

    def test_as_a_commit_msg_hook_it_refuses_bad_commits_and_is_silent_on_good_ones(self):
        work = os.path.join(self.folder, "work")
        run(["git", "init", "-q", "-b", "main", work])
        hook = os.path.join(work, ".git", "hooks", "commit-msg")
        with open(hook, "w") as file:
            file.write(f"#!/bin/sh\nexec '{TOOL}' message \"$1\"\n")
        os.chmod(hook, 0o755)
        bad = run(["git", "commit", "-q", "--allow-empty", "-m", "add login"], cwd=work, check=False)
        self.assertEqual(1, bad.returncode)
        self.assertIn(b"missing-colon", bad.stderr)
        good = run(["git", "commit", "-q", "--allow-empty", "-m", "feat: add login"], cwd=work)
        self.assertEqual(b"", good.stdout + good.stderr)
        # The template of an editor is no part of the message.
        editor = {"GIT_EDITOR": "sh -c 'printf \"fix: x\\n\\n# a comment\\n\" > \"$1\"' -"}
        run(["git", "commit", "-q", "--allow-empty"], cwd=work, env=editor)
        self.assertEqual("fix: x", git("log", "-1", "--format=%B", cwd=work).strip())


if __name__ == "__main__":
    unittest.main()
