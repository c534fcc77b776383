"""Rules about files, as a pusher meets them."""
import os
import shutil
import subprocess
import tempfile
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
    hint   store it with Git LFS or outside of Git
    rule   forbidden-path (content, policy.yaml:6)
    rule   oversized-file (content, policy.yaml:7)

  {tip[:8]} c.ckpt
    forbidden: matches '*.ckpt'
    hint   push weights to the store
    rule   forbidden-path (content, policy.yaml:6)

    fix    git rebase -i {first[:8]}^
           mark {first[:8]} and {tip[:8]} with 'edit', then
           at {first[:8]}:
           git rm --cached -- m/a.ckpt
           git commit --amend --no-edit && git rebase --continue
           at {tip[:8]}:
           git rm --cached -- c.ckpt
           git commit --amend --no-edit && git rebase --continue

hint: nothing on the server was changed; push id PUSH""", self.with_fixed_push_id(result.remote))
        self.assertIsNone(repo.ref("refs/heads/feature/x"))
        self.assert_nothing_kept(repo, tip)

    def with_fixed_push_id(self, text):
        start, _, _ = text.rpartition(" ")
        return start + " PUSH"

    def test_a_forbidden_line_is_not_repeated(self):
        repo = self.server("forbidden-content: {match: 'password *='}")
        repo.commit("feat: x", {"a.py": "x = 1\npassword = 'hunter2'\n"})
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        self.assertIn("a.py:2: matches 'password *='", result.remote)
        self.assertNotIn("hunter2", result.remote)
        self.assertNotIn("hunter2", str(repo.rejections()))

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
        self.assertIn("hint: nothing on the server was changed", result.remote)
        self.assertNotIn("only what is named above", result.remote)

    def test_secrets_in_utf_16_and_behind_a_stray_nul_are_seen(self):
        repo = self.server("leaked-secret: {}")
        key = "key = '" + "AK" + "IA" + "Q3EGRIWX7ZPLV2TN" + "'\n"
        for name, content in {"le.txt": b"\xff\xfe" + key.encode("utf-16-le"),
                              "be.txt": b"\xfe\xff" + key.encode("utf-16-be"),
                              "nul.py": key.encode() + b"# \0\n"}.items():
            with self.subTest(name):
                with open(os.path.join(repo.work, name), "wb") as file:
                    file.write(content)
                git("add", name, cwd=repo.work)
                git("commit", "-q", "-m", "feat: a key", cwd=repo.work)
                result = repo.push(f"HEAD:refs/heads/feature/{name}")
                self.assertEqual(1, result.code, result)
                self.assertIn(f"REJECTED refs/heads/feature/{name}: {name}:1", result.remote)
                self.assertNotIn("Q3EGRIWX7ZPLV2TN", result.remote)
                git("reset", "-q", "--hard", "HEAD~1", cwd=repo.work)

    def test_a_merge_that_throws_the_servers_work_away_changes_its_files(self):
        repo = self.server("frozen-path: {paths: [images/]}")
        git("checkout", "-q", "--detach", cwd=repo.work)
        old = repo.commit("feat: v1", {"images/base": "v1\n"})
        new = repo.commit("feat: v2", {"images/base": "v2\n"})
        git("fetch", "-q", repo.work, new, cwd=repo.path)
        git("update-ref", "refs/heads/feature/x", new, cwd=repo.path)
        git("checkout", "-q", "--detach", old, cwd=repo.work)
        side = repo.commit("feat: side", {"src": "1\n"})
        tree = git("rev-parse", side + "^{tree}", cwd=repo.work)
        for parents in ([new, side], [side, new]):
            merge = git("commit-tree", tree, "-p", parents[0], "-p", parents[1], "-m", "Merge",
                        cwd=repo.work)
            result = repo.push(f"{merge}:refs/heads/feature/x")
            self.assertEqual(1, result.code, result)
            self.assertIn("images/base: is frozen: it must not be changed", result.remote)
        git("checkout", "-q", "--detach", side, cwd=repo.work)
        git("merge", "-q", "--no-ff", "-m", "Merge", new, cwd=repo.work)
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))

    def test_a_file_that_is_too_large_to_be_read_is_refused(self):
        repo = self.server("binary-file: {}")
        with open(os.path.join(repo.work, "big"), "wb") as file:
            file.truncate(51 << 20)
        git("add", "big", cwd=repo.work)
        git("commit", "-q", "-m", "feat: big", cwd=repo.work)
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        self.assertIn("the file cannot be looked into: it has 51.0 MiB; the limit is 50.0 MiB",
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

    def refuse(self, repo, *words, ref="refs/heads/feature/x"):
        """The tip is refused for that ref with these words, nothing is changed or kept; the lines of the findings."""
        before, tip = repo.refs(), repo.head()
        result = repo.push("HEAD:" + ref)
        self.assertEqual(1, result.code, result)
        self.assert_refused(repo, result, before, "REJECTED " + ref, *words)
        self.assert_nothing_kept(repo, tip)
        return result

    def link(self, repo, path, target):
        full = os.path.join(repo.work, path)
        if os.path.isdir(full):
            shutil.rmtree(full)
        elif os.path.lexists(full):
            os.unlink(full)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        os.symlink(target, full)
        git("add", "-A", cwd=repo.work)
        git("commit", "-q", "-m", "feat: link", cwd=repo.work)

    def protected(self, *rules):
        """A server whose main has ci/run and src/a from before the rules."""
        repo = self.repository(policy="version: 1\n")
        repo.commit("feat: ci", {"ci/run": "1\n", "src/a": "1\n"})
        self.assert_accepted(repo.push("HEAD:refs/heads/main"))
        repo.write_policy(HEAD + "".join(f"      {rule}\n" for rule in rules))
        return repo

    def test_B_049_a_name_in_other_letters_is_refused(self):
        repo = self.server("colliding-path: {}", "forbidden-path: {match: '(?i)\\.github/.*'}")
        base = repo.head()
        repo.commit("feat: readme", {"readme": "2\n"})
        self.refuse(repo, "readme: collides with 'README' on systems that take the two", "rule   colliding-path (content,")
        git("reset", "-q", "--hard", base, cwd=repo.work)
        repo.commit("feat: pipeline", {".GITHUB/run.yml": "1\n"})
        self.refuse(repo, ".GITHUB/run.yml: forbidden: matches", "rule   forbidden-path (content,")

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
    rule   forbidden-path (content, policy.yaml:7)

    fix    git rm --cached -- Server.KEY
           git commit --amend --no-edit

hint: nothing on the server was changed; push id PUSH""", self.with_fixed_push_id(result.remote))
        self.assertEqual(before, repo.refs())
        self.assert_nothing_kept(repo, tip)

    def test_B_049_a_protected_folder_in_other_letters_is_refused(self):
        repo = self.protected("frozen-path: {paths: [ci/], add: false}", "colliding-path: {}")
        repo.commit("feat: more", {"CI/other": "1\n"})
        self.refuse(repo, "collides with 'ci", "rule   colliding-path (content,")

    def test_B_050_a_link_at_a_protected_path_is_refused(self):
        protections = ("frozen-path: {paths: [ci/], add: false}", "changed-by-others: {paths: [ci/], by: [nobody]}",
                       "forbidden-path: {paths: [ci/]}", "symlink: {}")
        for rule in protections:
            name = rule.partition(":")[0]
            for path in ("ci/run", "ci/new"):
                with self.subTest(rule, path=path):
                    self.folder = tempfile.mkdtemp(dir=self.folder)
                    repo = self.protected("symlink: {inside: true}", rule) if name != "symlink" else self.protected(rule)
                    self.link(repo, path, "../src/a")
                    self.refuse(repo, f"{path}: ", f"rule   {name} (content,")

    def test_B_050_a_link_in_the_place_of_a_protected_folder_is_refused(self):
        for rule in ("frozen-path: {paths: [ci/]}", "changed-by-others: {paths: [ci/], by: [nobody]}"):
            with self.subTest(rule):
                self.folder = tempfile.mkdtemp(dir=self.folder)
                repo = self.protected("symlink: {inside: true}", rule)
                self.link(repo, "ci", "src")
                self.refuse(repo, "ci/run: ", f"rule   {rule.partition(':')[0]} (content,")

    def test_B_050_a_link_that_leads_outside_is_refused(self):
        repo = self.server("symlink: {inside: true}")
        self.link(repo, "notes", "../../etc/passwd")
        self.refuse(repo, "notes: a symbolic link to '../../etc/passwd', outside of the repository",
                    "rule   symlink (content,")

    def test_B_051_a_submodule_and_its_address_are_refused(self):
        repo = self.server("submodule: {allow: 'https://good\\.example/.*'}")
        with open(os.path.join(repo.work, ".gitmodules"), "w", encoding="utf-8") as file:
            file.write('[submodule "x"]\n\tpath = x\n\turl = https://bad.example/x.git\n')
        git("update-index", "--add", "--cacheinfo", f"160000,{repo.head('HEAD')},x", cwd=repo.work)
        git("add", ".gitmodules", cwd=repo.work)
        git("commit", "-q", "-m", "feat: x", cwd=repo.work)
        self.refuse(repo, ".gitmodules:3\n    the submodule 'x' comes from 'https://bad.example/x.git', which is"
                    "\n    not allowed",
                    "x\n    a submodule from 'https://bad.example/x.git', which is not allowed",
                    "rule   submodule (content,")

    def test_B_051_an_old_submodule_cannot_be_given_another_address(self):
        repo = self.server("submodule: {allow: 'https://good\\.example/.*'}")
        text = '[submodule "x"]\n\tpath = x\n\turl = https://good.example/x.git\n'
        git("update-index", "--add", "--cacheinfo", f"160000,{repo.head('HEAD')},x", cwd=repo.work)
        repo.commit("feat: x", {".gitmodules": text})
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))
        repo.commit("feat: y", {".gitmodules": text.replace("good", "bad")})
        self.refuse(repo, ".gitmodules:3: the submodule 'x' comes from 'https://bad.example/x.git'",
                    "rule   submodule (content,")

    def test_B_052_what_cannot_be_looked_into_is_refused(self):
        repo = self.server("missing-lfs: {paths: ['*.bin']}", "binary-file: {except: {paths: ['*.bin']}}",
                           "forbidden-content: {match: '^version https://git-lfs', only: {paths: ['src/**']}}")
        base = repo.head()
        pointer = ("version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d7a2146" * 8 + "\nsize 12345\n")
        for path, content, words in [
                ("a.bin", "version https://git-lfs.github.com/spec/v1\nsize 1\n",
                 ("a.bin: the LFS pointer lacks its oid or its size", "rule   missing-lfs (content,")),
                ("a.bin", b"\0\1", ("a.bin: must be stored with Git LFS", "rule   missing-lfs (content,")),
                ("a.exe", b"MZ\0\1", ("a.exe: ", "rule   binary-file (content,")),
                ("src/a.c", pointer, ("src/a.c:1: matches", "rule   forbidden-content (content,")),
                ("big.txt", b"x" * (51 << 20), ("big.txt: the file cannot be looked into", "it has 51.0 MiB"))]:
            with self.subTest(path, words=words):
                git("reset", "-q", "--hard", base, cwd=repo.work)
                repo.commit("feat: x", {path: content})
                self.refuse(repo, *words)
        git("reset", "-q", "--hard", base, cwd=repo.work)
        repo.commit("feat: x", {"a.bin": pointer})
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/x"))

    def test_B_053_a_protected_file_cannot_be_renamed_away(self):
        repo = self.protected("frozen-path: {paths: [ci/]}")
        git("mv", "ci/run", "run", cwd=repo.work)
        git("commit", "-q", "-m", "feat: move", cwd=repo.work)
        self.refuse(repo, "ci/run: is frozen: it must not be deleted", "rule   frozen-path (content,")

    def test_B_053_a_protected_file_cannot_be_moved_over(self):
        repo = self.protected("frozen-path: {paths: [ci/]}")
        git("mv", "-f", "src/a", "ci/run", cwd=repo.work)
        repo.commit("feat: other", {"ci/run": "2\n"})
        self.refuse(repo, "ci/run: is frozen: it must not be changed", "rule   frozen-path (content,")

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
