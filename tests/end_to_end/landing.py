"""Branches that land on main, for the tests about landing."""
from support import GateTest

POLICY = """version: 1
%srulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {%s}
      rewound-branch: {}
"""
FEATURES = "from: ['feature/**', 'release/**']"


class LandingTest(GateTest):
    def begin(self, options=FEATURES, top="", **kwargs):
        self.server = self.repository(policy=POLICY % (top, options), **kwargs)

    def branch(self, name, files, push=True):
        """A branch with one commit from where main is on the server."""
        main = self.server.ref("refs/heads/main")
        self.server.checkout("-B", name, main)
        oid = self.server.commit(f"feat: {name}", files)
        if push:
            self.assert_accepted(self.server.push(name))
        return oid

    def merge(self, *names):
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        for name in names:
            self.server.merge(name)
        return self.server.head()

    def land(self, **kwargs):
        result = self.server.push("HEAD:refs/heads/main", **kwargs)
        self.assert_accepted(result)
        self.assertEqual(self.server.head(), self.server.ref("refs/heads/main"))

    def refuse(self, *words, **kwargs):
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main", **kwargs)
        self.assert_refused(self.server, result, before, *words)
        return result
