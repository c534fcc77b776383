"""What the tests of the merge queue share: a server with the queue on, and requests to land."""
import os
import re

from support import IDENTITY, GateTest, ZERO, git, run

# `land`, options of direct-push, further rules.
POLICY = """version: 1
land: {queue: %s}
%susers:
  ada: {name: Ada Lovelace, email: ada@example.com}
rulesets:
  - name: trunk
    refs: [main, develop]
    rules:
      direct-push: {%s}
      rewound-branch: {}
%s"""
FEATURES = "from: ['feature/**', 'release/**']"
CANNOT = r"^ ! \[remote rejected\] (\S+) -> (\S+) \((.*)\)$"


class MergeQueueTest(GateTest):
    def begin(self, options=FEATURES, queue="true", rules="", top=IDENTITY, **kwargs):
        self.server = self.repository(policy=POLICY % (queue, top, options, rules), **kwargs)
        # A remote of the usual kind, with copies of the server's branches.
        git("remote", "add", "origin", self.server.path, cwd=self.server.work)
        git("fetch", "-q", "origin", cwd=self.server.work)

    def main(self):
        return self.server.ref("refs/heads/main")

    def branch(self, name, files=None, user="ada", start=None):
        """A branch with one commit from where main is on the server, pushed; returns the commit."""
        git("fetch", "-q", "origin", cwd=self.server.work)
        self.server.checkout("-B", name, start or self.main())
        oid = self.server.commit(f"feat: {name}", files or {name.replace("/", "-"): "x\n"})
        self.assert_accepted(self.server.push(name, user=user, url="origin"))
        return oid

    def ask(self, *specs, user="ada", **kwargs):
        return self.server.push(*specs, user=user, url="origin", **kwargs)

    def reasons(self, result):
        """What Git's own summary says, by the name that was pushed to."""
        return {name: reason for _, name, reason in re.findall(CANNOT, result.text, re.MULTILINE)}

    def assert_lands(self, result, commit, before, branch="main"):
        """A merge of `commit` into what the branch held; returns it."""
        self.assert_accepted(result)
        tip = self.server.ref("refs/heads/" + branch)
        parents = git("log", "-1", "--format=%P", tip, cwd=self.server.path).split()
        self.assertEqual([before, commit], parents, result)
        self.assertNotIn("error", result.text)
        self.assert_no_request_left()
        return tip

    def assert_no_request_left(self):
        self.assertEqual([], [name for name in self.server.refs() if name.startswith("refs/for/")])

    def assert_not_landed(self, result, before, reason, branch="refs/for/main"):
        """Refused by proc-receive, with this reason in Git's own summary."""
        self.assertNotEqual(0, result.code, result)
        self.assertEqual(reason, self.reasons(result).get(branch), result)
        self.assertEqual(before, self.server.refs(), result)
        self.assert_printable(result.remote)

    def parents(self, rev):
        return git("log", "-1", "--format=%P", rev, cwd=self.server.path).split()

    def title(self, rev):
        return git("log", "-1", "--format=%s", rev, cwd=self.server.path)

    def hook(self, name, text):
        """A hook of the server that runs beside the gate."""
        folder = os.path.join(self.server.path, "hooks")
        if name != "reference-transaction":
            folder = os.path.join(folder, name + ".d")
            os.makedirs(folder, exist_ok=True)
            name = "60-test"
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def config(self, *arguments):
        return run(["git", "config", *arguments], cwd=self.server.path, check=False)


__all__ = ["FEATURES", "IDENTITY", "MergeQueueTest", "ZERO", "git", "run"]
