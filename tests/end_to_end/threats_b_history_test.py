"""B-007 to B-009: too many commits at once, deleting and making again, and dropping commits by force."""
import glob
import os
import unittest

from support import GateTest, ZERO, git, raw_push, run

COMMITS = 1_000_000
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
FORCE = """version: 1
rulesets:
  - name: trunk
    refs: [main]
    rules:
      rewound-branch: {}
      deleted-ref: {}
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
"""


def many_commits(count):
    """A stream for git fast-import: a line of commits without files on refs/heads/many."""
    yield b"reset refs/heads/many\n"
    block = []
    for number in range(count):
        block.append(b"commit refs/heads/many\ncommitter Ada <ada@example.com> %d +0000\n"
                     b"data 7\nfeat: x\n" % (1_600_000_000 + number))
        if len(block) == 10_000:
            yield b"".join(block)
            block = []
    yield b"".join(block) + b"done\n"


class History(GateTest):
    @unittest.skipIf(os.environ.get("TRUNKGATE_SKIP_SLOW") == "1", "a million commits take a while")
    def test_B_007_a_new_branch_with_a_million_commits_is_refused(self):
        repository = self.repository(policy=FORCE.replace("[main]", "[main, 'release/**']"))
        run(["git", "fast-import", "--quiet", "--done", "--depth=0"], cwd=repository.work,
            data=b"".join(many_commits(COMMITS)), timeout=300)
        tip = repository.head("many")
        before = repository.refs()
        packs = glob.glob(os.path.join(repository.work, ".git", "objects", "pack", "*.pack"))
        with open(max(packs, key=os.path.getsize), "rb") as file:
            pack = file.read()
        result = raw_push(repository, [(ZERO, tip, "refs/heads/release/9")], pack,
                          capabilities="report-status side-band-64k quiet")
        self.assert_refused(repository, result, before,
                            "the push brings more than 500000 new commits", "crowded-push")
        self.assert_nothing_kept(repository, tip)

    def test_B_008_deleting_main_to_make_it_anew_is_refused_at_the_first_step(self):
        repository = self.repository()
        git("config", "receive.denyDeleteCurrent", "ignore", cwd=repository.path)
        before = repository.refs()
        main = before["refs/heads/main"]
        for old in (main, ZERO):
            with self.subTest(old=old):
                result = raw_push(repository, [(old, ZERO, "refs/heads/main")])
                self.assert_refused(repository, result, before, "REJECTED refs/heads/main")
        # Where an admin has deleted it, it still cannot be pushed as something new.
        git("update-ref", "-d", "refs/heads/main", cwd=repository.path)
        tip = repository.commit("feat: begin again", {"new": "x"})
        result = repository.push("HEAD:refs/heads/main")
        self.assert_refused(repository, result, {}, "cannot be pushed directly")
        self.assert_nothing_kept(repository, tip)

    def test_B_009_a_forced_push_that_drops_a_commit_is_refused(self):
        repository = self.repository(policy=FORCE)
        repository.commit("feat: reviewed", {"reviewed": "x"})
        self.assert_accepted(repository.push("HEAD:refs/heads/main"))
        before = repository.refs()
        git("reset", "-q", "--hard", "HEAD~1", cwd=repository.work)
        result = repository.push("+HEAD:refs/heads/main")
        self.assert_refused(repository, result, before, "would take commits off the branch",
                            "rewound-branch")
        tip = repository.commit("feat: something else", {"other": "x"})
        result = repository.push("+HEAD:refs/heads/main")
        self.assert_refused(repository, result, before, "would take commits off the branch")
        self.assert_nothing_kept(repository, tip)

    def test_B_009_main_does_not_go_back_to_a_branch_that_may_land(self):
        repository = self.repository()
        begin = repository.head()
        repository.commit("feat: reviewed", {"reviewed": "x"})
        self.assert_accepted(repository.push("HEAD:refs/heads/feature/x"))
        self.assert_accepted(repository.push("HEAD:refs/heads/main"))
        self.assert_accepted(repository.push(f"{begin}:refs/heads/feature/old"))
        before = repository.refs()
        result = repository.push(f"+{begin}:refs/heads/main")
        self.assert_refused(repository, result, before, "does not build on what 'main' holds",
                            "rewound-branch", "direct-push")

    def test_B_009_an_unrelated_history_is_refused(self):
        for policy in (FORCE, None):
            with self.subTest(policy=policy):
                name = "forced.git" if policy else "landed.git"
                repository = self.repository(name, **({"policy": policy} if policy else {}))
                before = repository.refs()
                git("checkout", "-q", "--orphan", name, cwd=repository.work)
                tip = repository.commit("feat: from nowhere", {"other": name})
                result = repository.push("+HEAD:refs/heads/main")
                self.assert_refused(repository, result, before, "REJECTED refs/heads/main")
                self.assert_nothing_kept(repository, tip)
                git("checkout", "-q", "main", cwd=repository.work)


if __name__ == "__main__":
    unittest.main()
