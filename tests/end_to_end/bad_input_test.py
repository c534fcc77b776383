"""Input that no honest client sends: a clear error, nothing lost."""
import os
import unittest

from support import BUILD, ENVIRONMENT, TOOL, ZERO, GateTest, git, run

PRE_RECEIVE = os.path.join(BUILD, "libexec", "trunkgate", "pre-receive")


class BadInput(GateTest):
    def direct(self, repo, data):
        """Runs the pre-receive program by hand, as Git would."""
        return run([PRE_RECEIVE], cwd=repo.path, env={"GIT_DIR": "."}, data=data, check=False)

    def test_standard_input_that_is_no_update(self):
        repo = self.repository()
        head = repo.head()
        for data in [b"", b"\n", b"garbage\n", b"a b c\n", head.encode() + b"\n",
                     f"{ZERO} {head}\n".encode(), f"{ZERO} {head} refs/heads/x".encode(),
                     f"{ZERO[:39]} {head} refs/heads/feature/x\n".encode(), b"\0" * 100,
                     b"\xff\xfe \xff \xff\n"]:
            with self.subTest(data=data):
                done = self.direct(repo, data)
                self.assertEqual(1, done.returncode, done.stderr)
                self.assertIn(b"error: REJECTED push: the push is malformed", done.stderr)

    def test_unknown_objects(self):
        repo = self.repository()
        done = self.direct(repo, f"{ZERO} {'1' * 40} refs/heads/feature/x\n".encode())
        self.assertEqual(1, done.returncode)
        self.assertIn(b"the object 11111111 it needs is not on the server", done.stderr)

    def test_names_that_differ_only_in_case(self):
        repo = self.repository()
        repo.commit("feat: good")
        result = repo.push("HEAD:refs/heads/feature/x", "HEAD:refs/heads/MAIN")
        self.assertEqual(1, result.code)
        self.assertIn("the name differs from the protected 'main' in letter case only", result.remote)

    def test_a_sha256_repository_is_refused_in_words_at_installation_and_at_the_push(self):
        path = os.path.join(self.folder, "sha256.git")
        run(["git", "init", "-q", "--bare", "-b", "main", "--object-format=sha256", path])
        done = run([TOOL, "install", path], check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn(b"SHA-256", done.stdout + done.stderr)
        with open(os.path.join(path, "hooks", "pre-receive"), "w") as file:
            file.write(f"#!{PRE_RECEIVE}\nexit 1\n")
        os.chmod(file.name, 0o755)
        work = os.path.join(self.folder, "work256")
        run(["git", "init", "-q", "-b", "main", "--object-format=sha256", work])
        git("commit", "-q", "--allow-empty", "-m", "feat: x", cwd=work)
        done = run(["git", "push", path, "main"], cwd=work, check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn(b"SHA-256", done.stderr)
        self.assertEqual("", git("for-each-ref", cwd=path))

    def test_a_shallow_repository_on_the_server_is_refused_in_words(self):
        repo = self.repository()
        repo.commit("feat: one")
        with open(os.path.join(repo.path, "shallow"), "w") as file:
            file.write(git("rev-parse", "main", cwd=repo.path) + "\n")
        result = repo.push("HEAD:refs/heads/feature/x")
        self.assertEqual(1, result.code)
        self.assertIn("error: UNDECIDED push: the repository on the server is shallow", result.remote)

    def test_a_message_that_is_not_utf8(self):
        repo = self.repository()
        # git commit would turn the byte into UTF-8 by itself.
        tree = git("rev-parse", "HEAD^{tree}", cwd=repo.work)
        who = "Ada <ada@example.com> 1700000000 +0000"
        commit = repo.raw_commit(f"tree {tree}\nparent {repo.head()}\nauthor {who}\n"
                                 f"committer {who}\n\nfeat: caf".encode() + b"\xe9\n")
        before = repo.refs()
        result = repo.push(f"{commit}:refs/heads/feature/x")
        self.assert_refused(repo, result, before, "not valid UTF-8")
        self.assertEqual(1, len(repo.rejections()))

    def test_a_branch_name_that_is_not_utf8_stays_exact_in_the_event(self):
        repo = self.repository()
        repo.commit("feat: good")
        before = repo.refs()
        result = repo.push("HEAD:refs/heads/feature/\udcff\udcfe")
        self.assert_refused(repo, result, before, "refs/heads/feature/\\xff\\xfe")
        name = repo.rejections()[0]["data"]["changes"][0]["ref"]["name"]
        self.assertEqual("cmVmcy9oZWFkcy9mZWF0dXJlL//+", name["b64"])


if __name__ == "__main__":
    unittest.main()
