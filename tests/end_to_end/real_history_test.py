"""Real and large histories."""
import os
import time
import unittest

from support import BUILD, GateTest, git, run

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def stream(commits):
    """A fast-import stream of conventional commits on refs/heads/big."""
    out = [b"reset refs/heads/big\n"]
    for i in range(1, commits + 1):
        message = b"feat(core): change number %d\n\nWhy change %d was made.\n" % (i, i)
        body = b"content %d\n" % i
        out.append(b"commit refs/heads/big\nmark :%d\ncommitter Ada <ada@example.com> %d +0000\n"
                   b"data %d\n%s\n" % (i, 1700000000 + i, len(message), message))
        if i > 1:
            out.append(b"from :%d\n" % (i - 1))
        out.append(b"M 644 inline src/dir%d/file%d.txt\ndata %d\n%s\n"
                   % (i % 40, i % 200, len(body), body))
    return b"".join(out)


class RealHistory(GateTest):
    @unittest.skipUnless(os.path.exists(os.path.join(SOURCE, ".git")), "no checkout of this project")
    def test_the_history_of_this_project_passes_its_own_policy(self):
        with open(os.path.join(SOURCE, "config", "policy.yaml")) as file:
            repo = self.repository(policy=file.read(), seed=False)
        done = run(["git", "-c", "safe.directory=*", "push", repo.path,
                    "HEAD:refs/heads/feature/history"], cwd=SOURCE, check=False)
        self.assertEqual(0, done.returncode, done.stderr.decode())
        self.assertNotIn(b"warning:", done.stderr)
        self.assertEqual(1, len(repo.accepted()))

    def test_a_repository_of_20000_commits_is_pushed(self):
        repo = self.repository()
        git("fast-import", "--quiet", cwd=repo.work, data=stream(20_000))
        start = time.monotonic()
        result = repo.push("big:refs/heads/feature/big", timeout=300)
        print(f"\n20,000 commits pushed in {time.monotonic() - start:.1f} s", flush=True)
        self.assert_accepted(result)
        self.assertEqual(20_000, repo.accepted()[0]["data"]["counts"]["commits"])

    def test_one_bad_commit_among_20000_is_found(self):
        repo = self.repository()
        data = stream(20_000).replace(b"feat(core): change number 7777\n", b"Feat core:: change number 7777\n")
        git("fast-import", "--quiet", cwd=repo.work, data=data)
        result = repo.push("big:refs/heads/feature/big", timeout=300)
        self.assertEqual(1, result.code)
        self.assertIn('"Feat core:: change number 7777"', result.remote)


if __name__ == "__main__":
    unittest.main()
