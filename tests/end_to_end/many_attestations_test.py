"""Thousands of attestations of one commit, which is far behind its branch: what they all need is found out once."""
import os
import shutil
import time
import unittest

from support import IDENTITY, ZERO, GateTest, git, processor_seconds, run

COUNT = 4000
BEHIND = 1900  # as many as who pushed a commit is looked for in
PEOPLE = [f"p{n}" for n in range(COUNT)]
POLICY = IDENTITY + f"""version: 1
groups: {{people: [{", ".join(PEOPLE)}], ci: [ci-bot]}}
attestations: {{exemption: {{by: [people]}}, approval: {{by: [people]}}, check: {{by: [ci]}}}}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {{from: ['feature/**']}}
      missing-approval: {{count: 1}}
      missing-check: {{require: [unit]}}
exemptions:
  granted: {{waives: [missing-check, missing-approval], by: [ada], expires: 1h, approval: {{by: [people]}}}}
"""
# A walk for each of them takes minutes; one for all of them, a second.
SECONDS = 25
BODIES = {"exemption": b'{"reason": "hot"}', "approval": b'{"text": "fine"}', "check": b'{"status": "success"}'}


class ManyAttestations(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.main = self.server.ref("refs/heads/main")
        self.commit = self.server.commit("feat: x", {"x": "1"}, branch="feature/x")
        # From before the gate, so that nobody knows who pushed it as the tip of a branch.
        run(["git", "fetch", "-q", self.server.work, "feature/x:feature/x"], cwd=self.server.path)
        who = "committer Ada <ada@example.com>"
        stream = [f"commit refs/heads/feature/x\n{who} {1700000000 + n} +0000\ndata 7\nfeat: n\n"
                  + (f"from {self.commit}\n" if n == 0 else "") + "\n" for n in range(BEHIND)]
        git("fast-import", "--quiet", cwd=self.server.path, data="".join(stream).encode())
        self.server.checkout("-B", "main", self.main)
        self.merge = self.server.merge(self.commit)
        run(["git", "fetch", "-q", self.server.work, "main"], cwd=self.server.path)

    def attestations(self, kind):
        names = {"exemption": [f"granted@{n}" for n in range(COUNT)], "approval": PEOPLE,
                 "check": ["unit"] + [f"c{n}" for n in range(1, COUNT)]}[kind]
        return [f"refs/attest/{self.commit}/{kind}/{name}" for name in names]

    def blob(self, kind):
        return git("hash-object", "-w", "--stdin", cwd=self.server.path, data=BODIES[kind])

    def store(self, refs, blob):
        """As loose files, without a lock and a flush for each of them."""
        for ref in refs:
            path = os.path.join(self.server.path, ref)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(blob + "\n")

    def pack(self, refs, blob):
        """As git pack-refs writes them, which takes a lock for each."""
        with open(os.path.join(self.server.path, "packed-refs"), "w") as file:
            file.write("# pack-refs with: peeled fully-peeled sorted \n")
            file.writelines(f"{blob} {ref}\n" for ref in sorted(refs))
        shutil.rmtree(os.path.join(self.server.path, "refs", "attest"))

    def leave(self, kind):
        """Each by somebody else, as if the gate had let them in one by one; only checks have one issuer."""
        refs, blob = self.attestations(kind), self.blob(kind)
        self.store(refs, blob)
        folder = os.path.join(self.server.path, "trunkgate", "state", "issuers")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, self.commit[:2]), "a") as file:
            for person, ref in zip(PEOPLE, refs):
                issuer = "ci-bot" if kind == "check" else person
                file.write(f"\n{ref} {blob} {issuer} {int(time.time())} plain\n")

    def judge(self, commands, user, options=()):
        env = {"REMOTE_USER": user, "GIT_PUSH_OPTION_COUNT": str(len(options))}
        env.update({f"GIT_PUSH_OPTION_{n}": option for n, option in enumerate(options)})
        before = processor_seconds()
        result = self.server.judge(commands, env=env, timeout=300)
        self.assertLess(processor_seconds() - before, SECONDS)
        return result.returncode, " ".join(result.stderr.decode().split())

    def test_a_landing_takes_no_walk_for_each_of_them(self):
        landing = [(self.main, self.merge, "refs/heads/main")]
        self.leave("exemption")
        for stored in ("loose", "packed"):
            with self.subTest(stored):
                if stored == "packed":
                    self.pack(self.attestations("exemption"), self.blob("exemption"))
                code, said = self.judge(landing, "ada", ["exempt=granted", "reason=x"])
                self.assertEqual(0, code, said)
                self.assertIn("EXEMPTION granted used by ada", said)
        self.leave("check")
        self.assertIn("1 approval: none yet satisfied check unit: success, by ci-bot", self.judge(landing, "ada")[1])
        self.leave("approval")
        code, said = self.judge(landing, "ada")
        self.assertEqual(0, code, said)

    def test_a_push_of_all_of_them_takes_no_walk_for_each(self):
        blob, refs = self.blob("exemption"), self.attestations("exemption")
        code, said = self.judge([(ZERO, blob, ref) for ref in refs], "p1")
        self.assertEqual(0, code, said)
        self.store(refs, blob)
        self.pack(refs, blob)
        code, said = self.judge([(blob, ZERO, ref) for ref in refs], "p1")
        self.assertEqual(0, code, said)


if __name__ == "__main__":
    unittest.main()
