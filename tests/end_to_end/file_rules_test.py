"""Rules about files, as a pusher meets them."""
import os
import subprocess
import unittest

from support import GateTest, git

HEAD = "version: 1\nrulesets:\n  - name: content\n    refs: ['refs/heads/**']\n    rules:\n"


class FileRules(GateTest):
    def server(self, *rules, more=""):
        return self.repository(policy=more + HEAD + "".join(f"      {rule}\n" for rule in rules))

    def test_every_finding_is_shown_by_commit_and_path(self):
        repo = self.server("forbidden-path: {paths: ['*.ckpt'], hint: push weights to the store}",
                           "oversized-file: {limit: 10}", "whitespace-error: {}")
        first = repo.commit("feat: add weights", {"m/a.ckpt": "x" * 20 + "\n", "b.txt": "one \n"})
        repo.commit("feat: more", {"c.ckpt": "1\n"})
        result = repo.push("HEAD:refs/heads/feature/x")
        tip = repo.head("HEAD")
        self.assertEqual(f"""\
error: REJECTED refs/heads/feature/x: b.txt:1: trailing white space
error: and 3 more (2 commits)

  {first[:8]} b.txt:1
    trailing white space
    rule   whitespace-error (content, policy.yaml:8)

  {first[:8]} m/a.ckpt
    forbidden: matches '*.ckpt'
    21 bytes; the limit is 10 bytes
    hint   push weights to the store
    fix    git rebase -i {first[:8]}^
           mark {first[:8]} with 'edit', then
           git rm --cached -- m/a.ckpt
           git commit --amend --no-edit && git rebase --continue
    hint   store it with Git LFS or outside of Git
    rule   forbidden-path (content, policy.yaml:6)
    rule   oversized-file (content, policy.yaml:7)

  {tip[:8]} c.ckpt
    forbidden: matches '*.ckpt'
    hint   push weights to the store
    fix    git rm --cached -- c.ckpt
           git commit --amend --no-edit
    rule   forbidden-path (content, policy.yaml:6)

hint: nothing on the server was changed; push id PUSH""", self.with_fixed_push_id(result.remote))
        self.assertIsNone(repo.ref("refs/heads/feature/x"))
        self.assert_nothing_kept(repo, tip)

    def with_fixed_push_id(self, text):
        start, _, _ = text.rpartition(" ")
        return start + " PUSH"

    def test_the_shown_repair_makes_the_push_pass(self):
        repo = self.server("forbidden-path: {paths: ['*.ckpt']}")
        repo.commit("feat: add weights", {"c.ckpt": "1\n", "code.py": "x\n"})
        self.assertEqual(1, repo.push("HEAD:refs/heads/feature/x").code)
        git("rm", "-q", "--cached", "--", "c.ckpt", cwd=repo.work)
        git("commit", "-q", "--amend", "--no-edit", cwd=repo.work)
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))
        self.assertTrue(os.path.exists(os.path.join(repo.work, "c.ckpt")))

    def test_only_what_is_new_is_judged(self):
        repo = self.repository(policy="version: 1\n")
        repo.commit("feat: old weights", {"old.ckpt": "1\n", "a": "1\n"})
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/old"))
        repo.write_policy(HEAD + "      forbidden-path: {paths: ['*.ckpt']}\n")
        repo.commit("feat: something else", {"a": "2\n"})
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/new"))
        repo.commit("feat: new weights", {"old.ckpt": "2\n"})
        self.assertEqual(1, repo.push("HEAD:refs/heads/feature/new").code)

    def test_findings_about_content_refuse_the_whole_push_even_ref_by_ref(self):
        repo = self.server("forbidden-path: {paths: ['*.ckpt']}", more="on-violation: ref\n")
        base = repo.head("HEAD")
        good = repo.commit("feat: good", {"a": "1\n"})
        git("reset", "-q", "--hard", base, cwd=repo.work)
        bad = repo.commit("feat: bad", {"b.ckpt": "1\n"})
        result = repo.push(f"{good}:refs/heads/feature/good", f"{bad}:refs/heads/feature/bad")
        self.assertEqual(1, result.code)
        self.assertIsNone(repo.ref("refs/heads/feature/good"), result)

    def test_a_file_that_is_too_large_to_be_read_is_refused(self):
        repo = self.server("binary-file: {}")
        with open(os.path.join(repo.work, "big"), "wb") as file:
            file.truncate(51 << 20)
        git("add", "big", cwd=repo.work)
        git("commit", "-q", "-m", "feat: big", cwd=repo.work)
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        self.assertIn("big: the file has 51 MiB, and only files of at most 50 MiB can be looked into",
                      " ".join(result.remote.split()))

    def test_B_045_an_invalid_byte_hides_nothing(self):
        repo = self.server("forbidden-content: {match: 'password=.{8}'}")
        with open(os.path.join(repo.work, "a"), "wb") as file:
            file.write(b"one\npassword=abc\xffefgh\n")
        git("add", "a", cwd=repo.work)
        git("commit", "-q", "-m", "feat: x", cwd=repo.work)
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        self.assertIn("a:2: matches 'password=.{8}'", result.remote)

    def test_B_049_a_name_in_other_letters_is_caught(self):
        repo = self.server("colliding-path: {}", "forbidden-path: {match: '(?i)\\.github/.*'}")
        repo.commit("feat: readme", {"README": "1\n", "readme": "2\n"})
        self.assertIn("collides with 'README'", repo.push("HEAD:refs/heads/feature/x").remote)
        git("reset", "-q", "--hard", "HEAD~1", cwd=repo.work)
        repo.commit("feat: pipeline", {".GITHUB/run.yml": "1\n"})
        self.assertIn("forbidden", repo.push("HEAD:refs/heads/feature/y").remote)

    def test_B_049_a_protected_path_in_other_letters_is_caught(self):
        repo = self.server("changed-by-others: {paths: [/ci/], by: [owners], ignore-case: true}",
                           "forbidden-path: {paths: ['*.key'], ignore-case: true}",
                           "frozen-path: {paths: [/images/], add: false, ignore-case: true}")
        tip = repo.commit("feat: x", {"CI/run": "1\n", "Server.KEY": "1\n", "Images/a": "1\n"})
        before = repo.refs()
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        user = subprocess.run(["id", "-un"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
        self.assertEqual(f"""\
error: REJECTED refs/heads/feature/x: CI/run: only owners may change it, and you are '{user}'
error: and 2 more

  {tip[:8]} CI/run
    only owners may change it, and you are '{user}'
    rule   changed-by-others (content, policy.yaml:6)

  {tip[:8]} Images/a
    is frozen: it must not be added
    rule   frozen-path (content, policy.yaml:8)

  {tip[:8]} Server.KEY
    forbidden: matches '*.key'
    fix    git rm --cached -- Server.KEY
           git commit --amend --no-edit
    rule   forbidden-path (content, policy.yaml:7)

hint: nothing on the server was changed; push id PUSH""", self.with_fixed_push_id(result.remote))
        self.assertEqual(before, repo.refs())
        self.assert_nothing_kept(repo, tip)

    def test_B_050_a_link_to_a_protected_path_is_caught(self):
        repo = self.server("symlink: {inside: true}")
        os.symlink("../../etc/passwd", os.path.join(repo.work, "notes"))
        git("add", "notes", cwd=repo.work)
        git("commit", "-q", "-m", "feat: x", cwd=repo.work)
        self.assertIn("outside of the repository", repo.push("HEAD:refs/heads/feature/x").remote)

    def test_B_051_a_submodule_and_its_address_are_judged(self):
        repo = self.server("submodule: {allow: 'https://good\\.example/.*'}")
        with open(os.path.join(repo.work, ".gitmodules"), "w", encoding="utf-8") as file:
            file.write('[submodule "x"]\n\tpath = x\n\turl = https://bad.example/x.git\n')
        git("update-index", "--add", "--cacheinfo", f"160000,{repo.head('HEAD')},x", cwd=repo.work)
        git("add", ".gitmodules", cwd=repo.work)
        git("commit", "-q", "-m", "feat: x", cwd=repo.work)
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertIn(".gitmodules:3\n    the submodule 'x' comes from 'https://bad.example/x.git', which is"
                      "\n    not allowed", result.remote)
        self.assertIn("x\n    a submodule from 'https://bad.example/x.git', which is not allowed",
                      result.remote)

    def test_B_052_a_broken_pointer_is_no_way_round(self):
        repo = self.server("missing-lfs: {paths: ['*.bin']}")
        repo.commit("feat: x", {"a.bin": "version https://git-lfs.github.com/spec/v1\nsize 1\n"})
        self.assertIn("the LFS pointer lacks its oid or its size",
                      repo.push("HEAD:refs/heads/feature/x").remote)

    def test_B_053_a_protected_file_cannot_be_renamed_away(self):
        repo = self.repository(policy="version: 1\n")
        repo.commit("feat: ci", {"ci/run": "1\n"})
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))
        repo.write_policy(HEAD + "      frozen-path: {paths: [ci/]}\n")
        git("mv", "ci/run", "run", cwd=repo.work)
        git("commit", "-q", "-m", "feat: move", cwd=repo.work)
        self.assertIn("ci/run: is frozen: it must not be deleted",
                      repo.push("HEAD:refs/heads/feature/x").remote)

    def test_hostile_paths_are_shown_safely(self):
        repo = self.server("unportable-path: {}")
        path = b"a\n\x1b[31mb\xff"
        blob = git("hash-object", "-w", "--stdin", cwd=repo.work, data=b"1\n")
        tree = git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", cwd=repo.work,
                   data=b"100644 " + path + b"\0" + bytes.fromhex(blob))
        commit = git("commit-tree", tree, "-p", "HEAD", "-m", "feat: x", cwd=repo.work)
        result = repo.push(f"{commit}:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        self.assertIn(r"a\n\x1b[31mb\xff", result.remote)
        self.assertNotIn("\x1b[31m", result.remote.replace("\x1b[K", ""))


if __name__ == "__main__":
    unittest.main()
