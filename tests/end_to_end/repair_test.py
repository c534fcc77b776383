"""The repair that a refused pusher reads, followed to the letter: then the push is accepted."""
import json
import os
import re
import shlex
import unittest

from support import IDENTITY, GateTest, git, run

HEAD = """version: 1
users:
  ada: {{name: Ada, email: [ada@example.com], keys: ["{key}"]}}
  bo: {{name: Bo, email: [bo@example.com]}}
rulesets:
  - name: all
    refs: ['refs/heads/**']
    rules:
"""

COMMANDS = ("git ", "jupyter ", "chmod ")

# Marks lines of a rebase's list as the instruction says, and writes the titles that the report shows.
EDITOR = """#!/usr/bin/python3 -B
import json, os, sys
path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    text = file.read()
plan = json.loads(os.environ["PLAN"])
if path.endswith("git-rebase-todo"):
    lines = text.splitlines()
    for i, line in enumerate(lines):
        words = line.split()
        if len(words) > 1 and words[0] == "pick":
            for prefix, mark in plan["marks"].items():
                if words[1].startswith(prefix) or prefix.startswith(words[1]):
                    lines[i] = " ".join([mark] + words[1:])
    text = "\\n".join(lines) + "\\n"
else:
    title, _, rest = text.partition("\\n")
    text = plan["titles"].get(title, title) + "\\n" + rest
with open(path, "w", encoding="utf-8") as file:
    file.write(text)
"""

JUPYTER = """#!/usr/bin/python3 -B
import json, sys
path = sys.argv[-1]
with open(path) as file:
    notebook = json.load(file)
for cell in notebook["cells"]:
    cell["outputs"] = []
with open(path, "w") as file:
    json.dump(notebook, file)
"""


class Repairs(GateTest):
    def setUp(self):
        super().setUp()
        self.bin = os.path.join(self.folder, "bin")
        os.mkdir(self.bin)
        for name, text in (("editor", EDITOR), ("jupyter", JUPYTER)):
            with open(os.path.join(self.bin, name), "w") as file:
                file.write(text)
            os.chmod(os.path.join(self.bin, name), 0o755)
        key = os.path.join(self.folder, "ada")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", key])
        with open(key + ".pub") as file:
            self.key = file.read().strip()

    def server(self, *rules):
        repo = self.repository(policy=None, install=False)
        repo.write_policy(IDENTITY + HEAD.format(key=self.key) + "".join(f"      {rule}\n" for rule in rules))
        repo.install()
        for name, value in (("gpg.format", "ssh"), ("user.signingKey", os.path.join(self.folder, "ada")),
                            ("user.name", "Ada"), ("user.email", "wrong@example.org")):
            git("config", name, value, cwd=repo.work)
        return repo

    def steps(self, result):
        """What stands behind 'fix', a line each."""
        lines = []
        inside = False
        for line in result.remote.splitlines():
            if line.startswith("    fix    "):
                self.assertFalse(lines, f"more than one repair:\n{result.remote}")
            inside = line.startswith("    fix    ") or (inside and line.startswith(" " * 11))
            if inside:
                lines.append(line[11:])
        self.assertTrue(lines, result)
        return lines

    def follow(self, repo, result):
        """Does what the report says, in order."""
        steps = self.steps(result)
        text = " ".join(line for line in steps if not line.startswith(COMMANDS))
        marks = {}
        for ids, mark in re.findall(r"((?:[0-9a-f]{8}(?:, | and )?)+) with '(\w+)'", text):
            marks.update({prefix: mark for prefix in re.findall(r"[0-9a-f]{8}", ids)})
        if "commits with 'reword'" in text:
            marks.update({prefix: "reword" for prefix in re.findall(r"^  ([0-9a-f]{8}) \"", result.remote, re.M)})
        titles = {}
        for block in result.remote.split("\n\n"):
            titles.update(re.findall(r"^  [0-9a-f]{8} \"(.*)\"\n(?:.*\n)*?    title  (.*)$", block, re.M))
        env = {"PATH": self.bin + ":/usr/local/bin:/usr/bin:/bin", "HOME": self.folder,
               "GIT_EDITOR": os.path.join(self.bin, "editor"), "PLAN": json.dumps({"marks": marks, "titles": titles})}
        # A person's identity comes from the configuration.
        for who in ("AUTHOR", "COMMITTER"):
            for what in ("NAME", "EMAIL", "DATE"):
                env[f"GIT_{who}_{what}"] = None
        for step in steps:
            if step.startswith(COMMANDS):
                run(["sh", "-ec", step], cwd=repo.work, env=env)
        self.assertEqual("", git("status", "--porcelain", "-uno", cwd=repo.work))
        self.assertFalse(os.path.exists(os.path.join(repo.work, ".git/rebase-merge")), "the rebase is not over")

    def mend(self, repo, *words):
        """Pushes, is refused with these words in the repair, follows it, and is accepted."""
        result = repo.push("+HEAD:refs/heads/feature/x", user="ada")
        self.assertEqual(1, result.code, result)
        self.assertEqual(list(words), self.steps(result), result)
        self.follow(repo, result)
        self.assert_accepted(repo.push("+HEAD:refs/heads/feature/x", user="ada"))

    def titles(self, repo):
        return git("log", "--reverse", "--format=%s", "main..HEAD", cwd=repo.work).splitlines()

    def begin(self, repo):
        git("checkout", "-q", "-b", "feature/x", cwd=repo.work)

    def test_a_commit_is_signed_and_signed_off_at_once(self):
        repo = self.server("unsigned-commit: {}", "missing-signoff: {}")
        self.begin(repo)
        repo.commit("feat: x", {"x": "1"})
        git("config", "user.email", "ada@example.com", cwd=repo.work)
        self.mend(repo, "git commit --amend --no-edit -s -S")

    def test_several_commits_are_mended_by_one_rebase(self):
        repo = self.server("unsigned-commit: {}", "missing-signoff: {}", "unconventional-commit: {}")
        git("config", "user.email", "ada@example.com", cwd=repo.work)
        self.begin(repo)
        first = repo.commit("feat: one", {"one": "1"})
        second = repo.commit("feature: two\n\nWhy two.\n", {"two": "1"})
        repo.commit("feat: three", {"three": "1"})
        self.mend(repo, f"git rebase -i --exec 'git commit --amend --no-edit -s -S' {first[:8]}^",
                  f"and mark {second[:8]} with 'reword'")
        self.assertEqual(["feat: one", "feat: two", "feat: three"], self.titles(repo))
        self.assertIn("Why two.", git("log", "-1", "--format=%B", "HEAD~1", cwd=repo.work))

    def test_other_words_take_no_signature_away(self):
        repo = self.server("unsigned-commit: {}", "unconventional-commit: {}")
        git("config", "user.email", "ada@example.com", cwd=repo.work)
        self.begin(repo)
        for title in ("feature: one", "feat: two"):
            with open(os.path.join(repo.work, title[-3:]), "w") as file:
                file.write("1")
            git("add", ".", cwd=repo.work)
            git("commit", "-q", "-S", "-m", title, cwd=repo.work)
        first = repo.head("HEAD~1")
        self.mend(repo, f"git rebase -i --exec 'git commit --amend --no-edit -S' {first[:8]}^",
                  f"and mark {first[:8]} with 'reword'")

    def test_files_of_older_commits_are_mended_where_they_came_in(self):
        repo = self.server("forbidden-path: {paths: '*.ckpt'}", "executable-bit: {always: '*.sh'}",
                           "notebook-output: {}", "missing-signoff: {}")
        git("config", "user.email", "ada@example.com", cwd=repo.work)
        self.begin(repo)
        first = repo.commit("feat: one", {"a.ckpt": "1", "b/b.ckpt": "1", "one": "1"})
        second = repo.commit("feat: two", {"run it.sh": "#!/bin/sh\n"})
        third = repo.commit("feat: three", {"n.ipynb": json.dumps({"cells": [{"outputs": [{"x": 1}]}]})})
        repo.commit("feat: four", {"four": "1"})
        done = " && git rebase --continue"
        amend = "git commit --amend --no-edit" + done
        self.mend(repo, f"git rebase -i --exec 'git commit --amend --no-edit -s' {first[:8]}^",
                  f"mark {first[:8]}, {second[:8]} and {third[:8]} with 'edit', then",
                  f"at {first[:8]}:", "git rm --cached -- a.ckpt", "git rm --cached -- b/b.ckpt", amend,
                  f"at {second[:8]}:", "chmod +x -- 'run it.sh'", "git update-index --chmod=+x -- 'run it.sh'", amend,
                  f"at {third[:8]}:", "jupyter nbconvert --clear-output --inplace n.ipynb", "git add -- n.ipynb", amend)
        self.assertEqual(["feat: one", "feat: two", "feat: three", "feat: four"], self.titles(repo))
        self.assertTrue(os.path.exists(os.path.join(repo.work, "a.ckpt")), "the file itself is lost")

    def test_the_first_commit_of_all_is_reached(self):
        repo = self.server("forbidden-path: {paths: '*.ckpt'}")
        git("checkout", "-q", "--orphan", "feature/x", cwd=repo.work)
        first = repo.commit("feat: one", {"a.ckpt": "1"})
        repo.commit("feat: two", {"two": "1"})
        self.mend(repo, "git rebase -i --root", f"mark {first[:8]} with 'edit', then", "git rm --cached -- a.ckpt",
                  "git commit --amend --no-edit && git rebase --continue")

    def test_an_address_that_is_wrong_everywhere_is_set_everywhere(self):
        repo = self.server("foreign-author: {pusher: true}", "foreign-committer: {pusher: true}")
        self.begin(repo)
        env = {"GIT_AUTHOR_EMAIL": "ada@laptop.local", "GIT_COMMITTER_EMAIL": "ada@laptop.local"}
        first = repo.commit("feat: one", {"one": "1"}, env=env)
        repo.commit("feat: two", {"two": "1"}, env=env)
        self.mend(repo, "git config user.email ada@example.com",
                  f"git rebase --exec 'git commit --amend --no-edit --reset-author' {first[:8]}^")

    def test_a_wrong_author_of_one_commit_leaves_the_others_to_theirs(self):
        repo = self.server("foreign-author: {known: true}", "foreign-committer: {known: true}")
        self.begin(repo)
        env = {"GIT_AUTHOR_EMAIL": "ada@laptop.local"}
        first = repo.commit("feat: one", {"one": "1"}, env=env)
        repo.commit("feat: two", {"two": "1"}, env={"GIT_AUTHOR_NAME": "Bo", "GIT_AUTHOR_EMAIL": "bo@example.com"})
        self.mend(repo, "git config user.email ada@example.com", f"git rebase -i {first[:8]}^",
                  f"mark {first[:8]} with 'edit', then",
                  "git commit --amend --no-edit --reset-author && git rebase --continue")
        self.assertEqual(["ada@example.com", "bo@example.com"],
                         git("log", "--reverse", "--format=%ae", "main..HEAD", cwd=repo.work).splitlines())

    def test_a_message_is_mended_before_the_branch_is_pushed_elsewhere(self):
        repo = self.server("unconventional-commit: {}", "direct-push: {from: ['feature/**'], only: {refs: main}}")
        repo.commit("feature: x", {"x": "1"})
        result = repo.push("HEAD:refs/heads/main", user="ada")
        fixes = re.findall(r"^    fix    (.*)$", result.remote, re.M)
        self.assertEqual(["git commit --amend -m 'feat: x'",
                          "git push origin HEAD:refs/heads/feature/NAME"], fixes, result)
        for command in fixes:
            words = shlex.split(command.replace("NAME", "x").replace("origin", repo.path))
            run(words, cwd=repo.work, env={"REMOTE_USER": "ada"})
        self.assertEqual(repo.head(), repo.ref("refs/heads/feature/x"))


if __name__ == "__main__":
    unittest.main()
