"""A team whose branches land in every way there is, for tests that hold whatever the way."""
from scenario import ScenarioTest
from support import git, run

POLICY = """version: 1
land: {queue: true}
groups: {reviewers: [ben, cora], ci: [ci-bot]}
attestations: {approval: {by: [reviewers]}, check: {by: [ci]}}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {land: [merge, fast-forward, squash, rebase], from: ['feature/**', 'hotfix/**']}
      rewound-branch: {}
      missing-approval: {count: 1, by: [reviewers]}
%s"""
KINDS = ("merge", "fast-forward", "squash", "rebase", "queue")


class LandingKinds(ScenarioTest):
    POLICY = POLICY % ""

    def main(self):
        return self.server.ref("refs/heads/main")

    def make(self, branch, kind, author="ada", pushers=("ada", "ada")):
        """Two commits that `pushers` push one after the other, as landing by `kind` needs them; returns the tip."""
        start = self.main()
        if kind == "rebase":
            # Main goes on without the branch, as it does all the time.
            tree = git("rev-parse", start + "^{tree}", cwd=self.server.path)
            on = git("commit-tree", "-p", start, "-m", f"chore: before {branch}", tree, cwd=self.server.path,
                     env=self.AUTHORS["rita"])
            git("update-ref", "refs/heads/main", on, cwd=self.server.path)
            run(["git", "fetch", "-q", self.server.path, "main"], cwd=self.server.work)
        self.server.checkout("-B", branch, start)
        for number, user in enumerate(pushers):
            tip = self.server.commit(f"feat: part {number} of {branch}", {branch.replace("/", "-"): f"{number}\n"},
                                     env=self.AUTHORS[author])
            self.accepted(user, branch)
        return tip

    def spec(self, branch, kind, tip=None):
        """What is pushed to land it; made on what main holds now."""
        tip = tip or self.server.ref(f"refs/heads/{branch}")
        if kind == "queue":
            return f"{tip}:refs/for/main"
        if kind == "fast-forward":
            return f"{tip}:refs/heads/main"
        who = self.AUTHORS["rita"]
        self.server.checkout("-B", "landing", tip if kind == "rebase" else self.main())
        if kind == "merge":
            git("merge", "-q", "--no-ff", "-m", f"Merge branch '{branch}'", tip, cwd=self.server.work, env=who)
        elif kind == "squash":
            git("merge", "-q", "--squash", tip, cwd=self.server.work)
            git("commit", "-q", "-m", f"feat: all of {branch}", cwd=self.server.work, env=who)
        else:
            git("rebase", "-q", self.main(), cwd=self.server.work, env=who)
        return f"{self.server.head()}:refs/heads/main"

    def assert_stays_out(self, branch, kind, *words, user="dora", options=()):
        """It does not land, main stays where it is, and the pusher reads why."""
        spec, before = self.spec(branch, kind), self.main()
        result = self.push(user, spec, options=options)
        self.assertNotEqual(0, result.code, (kind, result))
        self.assertEqual(before, self.main(), (kind, result))
        self.assert_printable(result.remote)
        text = " ".join(result.remote.split())
        for word in words:
            self.assertIn(word, text, (kind, result))
        return result

    def assert_lands(self, branch, kind, user="dora", options=()):
        spec, before = self.spec(branch, kind), self.main()
        self.accepted(user, spec, options=options)
        self.assertNotEqual(before, self.main(), kind)
