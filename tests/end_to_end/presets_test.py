"""Each preset with real pushes: what it is for is refused, and honest work passes."""
import unittest

from support import GateTest, git

NOTEBOOK = '{"cells": [{"outputs": [{"x": 1}]}]}'


class Presets(GateTest):
    def server(self, preset, **values):
        listed = "".join(f"\n      {key}: {value}" for key, value in values.items())
        item = f"\n  - preset: {preset}" + (f"\n    with:{listed}" if listed else "")
        repo = self.repository(policy="version: 1\n")
        repo.write_policy(f"version: 1\nextends:{item}\n")
        return repo

    def pushed(self, repo, ref, message="feat: a change", files=None):
        """The rules that refuse a push of one new commit, made on top of main."""
        git("checkout", "-q", "--detach", repo.ref("refs/heads/main"), cwd=repo.work)
        repo.commit(message, files)
        result = repo.push(f"HEAD:{ref}")
        lines = [line.split() for line in result.remote.splitlines()]
        rules = sorted({line[1] for line in lines if line and line[0] == "rule"})
        self.assertEqual(bool(rules), result.code != 0, result)
        return rules

    def test_baseline(self):
        repo = self.server("baseline", **{"file-limit": "100"})
        work = "refs/heads/work"
        self.assertEqual([], self.pushed(repo, work, "anything goes"))
        self.assertEqual(["oversized-file"], self.pushed(repo, "refs/heads/a", files={"a": "x" * 101}))
        self.assertEqual(["conflict-marker"],
                         self.pushed(repo, "refs/heads/b", files={"a": "<<<<<<< HEAD\n"}))
        self.assertEqual(["unportable-path"], self.pushed(repo, "refs/heads/c", files={"aux.c": "1"}))
        self.assertEqual(["colliding-path"],
                         self.pushed(repo, "refs/heads/d", files={"A.txt": "1", "a.txt": "2"}))
        self.assertEqual(["deleted-ref"], self.rules(repo.push(":refs/heads/main")))

    def rules(self, result):
        return [line.split()[1] for line in result.remote.splitlines()
                if line.strip().startswith("rule ")]

    def test_conventional_commits(self):
        repo = self.server("conventional-commits", types="[feat, wip]", **{"max-title": "20"})
        self.assertEqual([], self.pushed(repo, "refs/heads/a", "wip: half"))
        self.assertEqual(["unconventional-commit"], self.pushed(repo, "refs/heads/b", "fix: typo"))
        self.assertEqual(["unconventional-commit"],
                         self.pushed(repo, "refs/heads/c", "feat: more than twenty letters"))

    def test_trunk_based(self):
        repo = self.server("trunk-based", branches="['task/**']")
        self.assertEqual([], self.pushed(repo, "refs/heads/task/x"))
        self.assertEqual(["direct-push"], self.pushed(repo, "refs/heads/main", "feat: direct"))
        git("checkout", "-q", "--detach", repo.ref("refs/heads/main"), cwd=repo.work)
        git("merge", "-q", "--no-ff", "-m", "Merge task/x", repo.ref("refs/heads/task/x"),
            cwd=repo.work)
        self.assert_accepted(repo.push("HEAD:refs/heads/main"))
        self.assertEqual(["ill-named-branch"], self.pushed(repo, "refs/heads/feature/x"))
        self.assertEqual([], self.pushed(repo, "refs/heads/exp/x"))
        self.assertEqual(["forbidden-path"],
                         self.pushed(repo, "refs/heads/task/y", files={"m/a.ckpt": "1"}))
        self.assertEqual(["notebook-output"],
                         self.pushed(repo, "refs/heads/task/z", files={"a.ipynb": NOTEBOOK}))

    def test_reproducible_research(self):
        repo = self.server("reproducible-research")
        work = "refs/heads/experiment/20260131-x"
        self.assertEqual([], self.pushed(repo, work, files={"train.py": "1\n"}))
        for path in ("data/x.npy", "a.safetensors", "wandb/run/log.txt", ".idea/x.xml", "mlruns/1/meta"):
            self.assertEqual(["forbidden-path"],
                             self.pushed(repo, "refs/heads/experiment/p", files={path: "1\n"}), path)
        self.assertEqual(["notebook-output"],
                         self.pushed(repo, "refs/heads/experiment/n", files={"n.ipynb": NOTEBOOK}))
        self.assertEqual(["sprawling-commit"], self.pushed(
            repo, "refs/heads/experiment/s", files={f"f{i}": "1\n" for i in range(51)}))

    def test_open_source(self):
        repo = self.server("open-source")
        licence = "// SPDX-License-Identifier: Apache-2.0\n"
        self.assertEqual([], self.pushed(repo, "refs/heads/fix/a", files={"a.cc": licence}))
        self.assertEqual(["missing-licence"],
                         self.pushed(repo, "refs/heads/fix/b", files={"b.cc": "int x;\n"}))
        self.assertEqual(["line-endings"],
                         self.pushed(repo, "refs/heads/fix/c", files={"c.txt": "a\r\n"}))
        self.assertEqual(["whitespace-error"],
                         self.pushed(repo, "refs/heads/fix/d", files={"d.txt": "a \n"}))


if __name__ == "__main__":
    unittest.main()
