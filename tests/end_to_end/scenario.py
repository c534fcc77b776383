"""A team and its repository, for stories of several people: who pushes what, and what the gate says."""
import contextlib
import json
import os
import threading

from support import IDENTITY, GateTest, git, wait_until

TEAM = """version: 1
groups: {reviewers: [ben, cora], ci: [ci-bot, eval-bot], release-managers: [rita]}
attestations:
  approval: {by: [reviewers, release-managers]}
  check: {by: [ci]}
  exemption: {by: [release-managers]}
exemptions:
  skip-full-eval: {waives: [missing-check.mini-val, metric-regression], by: [rita, ada], refs: [main], reason: required, uses: 1, expires: 24h}
  break-glass: {waives: ['*'], by: [rita], reason: required}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {land: [merge, fast-forward], from: ['feature/**', 'hotfix/**']}
      rewound-branch: {}
      missing-approval: {count: 1, by: [reviewers]}
      missing-check: {require: [unit-tests, mini-val]}
      metric-regression: {check: mini-val, metric: f1, max-drop: 0.005}
  - name: branches
    refs: ['refs/heads/**']
    rules:
      unconventional-commit: {}
"""


class HeldPushes:
    """A chained hook in which pushes wait to be released."""

    def __init__(self, test, hook, ref):
        folder = os.path.join(test.server.path, "hooks", hook + ".d")
        os.makedirs(folder, exist_ok=True)
        self.test, self.path = test, os.path.join(folder, "90-hold")
        self.held, self.go = os.path.join(test.folder, "held"), os.path.join(test.folder, "go")
        for name in (self.held, self.go):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)  # of pushes held before
        with open(self.path + ".new", "w") as file:
            file.write(f"#!/bin/sh\ntest -z '{ref}' || test -z \"$1\" || test \"$1\" = '{ref}' || exit 0\n"
                       f": >>{self.held}\nn=0\n"
                       f"while [ ! -e {self.go} ] && [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done\n")
        os.chmod(self.path + ".new", 0o755)
        os.rename(self.path + ".new", self.path)

    def wait(self):
        self.test.assertTrue(wait_until(lambda: os.path.exists(self.held)))

    def let_others_pass(self):
        """Those that have not begun."""
        os.unlink(self.path)

    def release(self):
        open(self.go, "w").close()


class ScenarioTest(GateTest):
    POLICY = TEAM
    AUTHORS = {name: {"GIT_AUTHOR_NAME": name.title(), "GIT_AUTHOR_EMAIL": f"{name}@example.com",
                      "GIT_COMMITTER_NAME": name.title(), "GIT_COMMITTER_EMAIL": f"{name}@example.com"}
               for name in ("ada", "ben", "cora", "dora", "rita")}

    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=IDENTITY + self.POLICY)

    # What people do. Everything is pushed by `user`; what is not accepted fails the story.

    def push(self, user, *specs, options=()):
        return self.server.push(*specs, user=user, options=options)

    def accepted(self, user, *specs, options=()):
        result = self.push(user, *specs, options=options)
        self.assert_accepted(result)
        return result

    def refused(self, user, spec, *words, options=()):
        before = self.server.refs()
        result = self.push(user, spec, options=options)
        self.assert_refused(self.server, result, before)
        text = " ".join(result.remote.split())
        for word in words:
            self.assertIn(word, text, result)
        return result

    def work(self, user, branch, files, message=None, start="main"):
        """A branch with one commit of `user`'s, pushed; returns the commit."""
        base = self.server.ref(f"refs/heads/{start}")
        self.server.checkout("-B", branch, self.server.ref(f"refs/heads/{branch}") or base)
        commit = self.server.commit(message or f"feat: {branch.rpartition('/')[2]}", files, env=self.AUTHORS.get(user))
        self.accepted(user, branch)
        return commit

    def approve(self, user, commit, body=None):
        what = commit if body is None else self.blob(body)
        return self.accepted(user, f"+{what}:{self.attest(commit, 'approval', user)}")

    def check(self, user, commit, name, status="success", **metrics):
        body = {"status": status, "metrics": metrics} if metrics else {"status": status}
        return self.accepted(user, f"+{self.blob(body)}:{self.attest(commit, 'check', name)}")

    def all_evidence(self, commit, f1=0.91, reviewer="ben"):
        self.approve(reviewer, commit)
        self.check("ci-bot", commit, "unit-tests")
        self.check("eval-bot", commit, "mini-val", f1=f1)

    def merge(self, *branches, user="ada", message=None):
        """A merge of branches into what main holds, one after the other; returns the last merge."""
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        for branch in branches:
            git("merge", "-q", "--no-ff", *(["-m", message] if message else []), branch, cwd=self.server.work,
                env=self.AUTHORS.get(user))
        return self.server.head()

    def land(self, user="ada", options=()):
        return self.accepted(user, "main", options=options)

    def not_landed(self, *words, user="ada", spec="main", options=()):
        return self.refused(user, spec, *words, options=options)

    # Small things

    def blob(self, body):
        text = body if isinstance(body, str) else json.dumps(body)
        return git("hash-object", "-w", "--stdin", cwd=self.server.work, data=text.encode())

    @staticmethod
    def attest(commit, kind, name):
        return f"refs/attest/{commit}/{kind}/{name}"

    def types(self):
        return [event["type"].replace("dev.trunkgate.", "").replace(".v1", "") for event in self.server.events()]

    def hold_pushes(self, hook="pre-receive", ref=""):
        """From now on pushes stop where the gate has judged them (in `update`, those of `ref`)."""
        return HeldPushes(self, hook, ref)

    def in_background(self, action):
        """Runs `action` in a thread; returns a function that waits and gives its result."""
        results = []
        thread = threading.Thread(target=lambda: results.append(action()))
        thread.start()

        def wait():
            thread.join(120)
            return results[0]
        return wait
