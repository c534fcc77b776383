"""Each preset with real pushes: what it is for is refused, and honest work passes."""
import os
import unittest

from support import IDENTITY, GateTest, git, run

NOTEBOOK = '{"cells": [{"outputs": [{"x": 1}]}]}'


def token():
    """Made up, and put together here so that nothing that looks for secrets finds one in this file."""
    return "AK" + "IA" + "Q3EGRIWX7ZPLV2TN"


class Presets(GateTest):
    def server(self, preset, more="", **values):
        listed = "".join(f"\n      {key}: {value}" for key, value in values.items())
        item = f"\n  - preset: {preset}" + (f"\n    with:{listed}" if listed else "")
        repo = self.repository(policy="version: 1\n")
        repo.write_policy(f"version: 1\nextends:{item}\n{more}")
        return repo

    def merged(self, repo, source, target):
        """Lands `source` of the server on `target` by merge; the rules that refuse it."""
        git("checkout", "-q", "--detach", repo.ref(f"refs/heads/{target}"), cwd=repo.work)
        git("merge", "-q", "--no-ff", "-m", f"Merge branch '{source}'", repo.ref(f"refs/heads/{source}"),
            cwd=repo.work)
        return self.rules(repo.push(f"HEAD:refs/heads/{target}"))

    def tagged(self, repo, name, rev, message="Release", light=False):
        options = [] if light else ["-a", "-m", message]
        git("tag", "-f", *options, name, repo.ref(f"refs/heads/{rev}"), cwd=repo.work)
        return self.rules(repo.push(f"+refs/tags/{name}"))

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
        rules = [line.split()[1] for line in result.remote.splitlines() if line.strip().startswith("rule ")]
        self.assertEqual(bool(rules), result.code != 0, result)
        return rules

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

    def test_trunk_based_keeps_branches_short_and_releases_on_the_trunk(self):
        repo = self.server("trunk-based", limit="1h", **{"warn-after": "1h"})
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/x"))
        self.assertEqual(["stray-tag"], self.tagged(repo, "v1", "feature/x"))
        self.assertEqual([], self.merged(repo, "feature/x", "main"))
        self.assertEqual(["lightweight-tag"], self.tagged(repo, "v1", "main", light=True))
        self.assertEqual([], self.tagged(repo, "v1", "main"))
        self.assertEqual(["moved-tag"], self.tagged(repo, "v1", "main", message="Another"))
        # The branch was first pushed long ago.
        folder = os.path.join(repo.path, "trunkgate/state/branches")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name)) as file:
                words = file.read().split()
            with open(os.path.join(folder, name), "w") as file:
                file.write(" ".join([words[0], str(int(words[1]) - 7200), *words[2:]]) + "\n")
        git("checkout", "-q", "--detach", repo.ref("refs/heads/feature/x"), cwd=repo.work)
        repo.commit("feat: more", {"more": "1"})
        # The second is a warning.
        self.assertEqual(["overdue-branch", "unsynced-branch"], self.rules(repo.push("HEAD:refs/heads/feature/x")))

    def test_multi_model(self):
        repo = self.server("multi-model", maintainers="[carol]")
        self.assertEqual(["direct-push"], self.pushed(repo, "refs/heads/main"))
        self.assertEqual(["ill-named-branch"], self.pushed(repo, "refs/heads/model-vit"))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/model-vit", files={"vit.py": "1\n"}))
        self.assertEqual([], self.merged(repo, "feature/model-vit", "main"))
        for path in ("data/x.csv", "a/b/weights.pt", "model.onnx"):
            self.assertEqual(["forbidden-path"],
                             self.pushed(repo, "refs/heads/feature/model-x", files={path: "1\n"}), path)
        self.assertEqual(["missing-lfs"], self.pushed(
            repo, "refs/heads/feature/model-x", files={"figure.bin": b"\0" * (1 << 20) + b"1"}))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/base", files={"Dockerfile": "FROM x:1\n"}))
        self.assertEqual([], self.merged(repo, "feature/base", "main"))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/image", files={"Dockerfile": "FROM x:2\n"}))
        self.assertEqual(["frozen-path"], self.merged(repo, "feature/image", "main"))
        self.assertEqual(["untold-metrics"], self.tagged(repo, "vit-1", "main", "The first"))
        self.assertEqual([], self.tagged(repo, "vit-1", "main", "The first\n\nAcc@1: 76.3%"))
        self.assertEqual(["stray-tag"], self.tagged(repo, "vit-2", "feature/image", "F1: 0.8"))

    def test_gitflow_experiments(self):
        repo = self.server("gitflow-experiments")
        git("update-ref", "refs/heads/develop", repo.ref("refs/heads/main"), cwd=repo.path)
        for trunk in ("main", "develop"):
            self.assertEqual(["direct-push"], self.pushed(repo, f"refs/heads/{trunk}"))
        self.assertEqual(["ill-named-branch"], self.pushed(repo, "refs/heads/experiment/quick"))
        self.assertEqual([], self.pushed(repo, "refs/heads/experiment/20260131-lr", files={"lr": "1"}))
        self.assertEqual(["forbidden-path"],
                         self.pushed(repo, "refs/heads/experiment/20260201-x", files={"x.ckpt": "1"}))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/a", files={"a": "1\n"}))
        self.assertEqual(["direct-push"], self.merged(repo, "feature/a", "main"))
        self.assertEqual([], self.merged(repo, "feature/a", "develop"))
        # A hotfix starts from main, not from develop.
        git("checkout", "-q", "--detach", repo.ref("refs/heads/develop"), cwd=repo.work)
        repo.commit("fix: x", {"fix": "1\n"})
        self.assertEqual(["misbased-branch"], self.rules(repo.push("HEAD:refs/heads/hotfix/x")))
        self.assertEqual([], self.pushed(repo, "refs/heads/hotfix/x", "fix: x", {"fix": "1\n"}))
        self.assertEqual([], self.merged(repo, "hotfix/x", "main"))
        self.assertEqual([], self.merged(repo, "hotfix/x", "develop"))
        self.assertEqual(["stray-tag"], self.tagged(repo, "v2", "develop"))
        self.assertEqual([], self.tagged(repo, "v2", "main"))

    def test_regulated(self):
        key = os.path.join(self.folder, "key")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        with open(key + ".pub") as file:
            people = "users: {ada: {email: [ada@example.com], keys: ['%s']}}\n" % file.read().strip()
        repo = self.server("regulated", IDENTITY + people, **{"release-managers": "[ada]"})
        for name, value in {"gpg.format": "ssh", "user.signingKey": key}.items():
            git("config", name, value, cwd=repo.work)

        def pushed(message, *options, env=None, name="feature/x", user="ada"):
            git("checkout", "-q", "--detach", repo.ref("refs/heads/main"), cwd=repo.work)
            git("commit", "-q", "--allow-empty", *options, "-m", message, cwd=repo.work, env=env)
            return sorted(self.rules(repo.push(f"+HEAD:refs/heads/{name}", user=user)))

        good = "feat: add login\n\nTicket: ABC-12"
        self.assertEqual([], pushed(good, "-S", "-s"))
        self.assertEqual(["unsigned-commit"], pushed(good, "-s"))
        self.assertEqual(["missing-signoff"], pushed(good, "-S"))
        self.assertEqual(["missing-ticket"], pushed("feat: add login", "-S", "-s"))
        self.assertEqual(["foreign-author"], pushed(good + "\nSigned-off-by: Eve <eve@example.com>", "-S",
                                                    env={"GIT_AUTHOR_NAME": "Eve", "GIT_AUTHOR_EMAIL": "eve@example.com"}))
        self.assertEqual(["direct-push"], pushed(good, "-S", "-s", name="main"))
        git("tag", "-a", "-m", "release", "v1", repo.ref("refs/heads/main"), cwd=repo.work)
        self.assertEqual(["unsigned-tag"], self.rules(repo.push("refs/tags/v1", user="ada")))
        git("tag", "-f", "-s", "-m", "release", "v1", repo.ref("refs/heads/main"), cwd=repo.work)
        self.assertEqual([], self.rules(repo.push("refs/tags/v1", user="ada")))

    def test_regulated_with_signed_pushes(self):
        key = os.path.join(self.folder, "key")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        with open(key + ".pub") as file:
            people = "users: {ada: {email: [ada@example.com], keys: ['%s']}}\n" % file.read().strip()
        repo = self.server("regulated", IDENTITY + people, **{"release-managers": "[ada]", "signed-pushes": "enforce"})
        repo.install()  # gives the secret that signed pushes need
        for name, value in {"gpg.format": "ssh", "user.signingKey": key}.items():
            git("config", name, value, cwd=repo.work)
        git("tag", "-s", "-m", "release", "v1", repo.ref("refs/heads/main"), cwd=repo.work)
        self.assertEqual(["unsigned-push"], self.rules(repo.push("refs/tags/v1", user="ada")))
        self.assertEqual([], self.rules(repo.push("--signed", "refs/tags/v1", user="ada")))

    def test_reproducible_research(self):
        repo = self.server("reproducible-research")
        work = "refs/heads/experiment/20260131-x"
        self.assertEqual([], self.pushed(repo, work, files={"train.py": "1\n"}))
        for path in ("data/x.npy", "a.safetensors", "wandb/run/log.txt", ".idea/x.xml", "mlruns/1/meta"):
            self.assertEqual(["forbidden-path"],
                             self.pushed(repo, "refs/heads/experiment/p", files={path: "1\n"}), path)
        self.assertEqual(["notebook-output"],
                         self.pushed(repo, "refs/heads/experiment/n", files={"n.ipynb": NOTEBOOK}))
        self.assertEqual(["leaked-secret"],
                         self.pushed(repo, "refs/heads/experiment/k", files={"k.py": 'key = "%s"\n' % token()}))
        self.assertEqual(["drifting-dependency"], self.pushed(
            repo, "refs/heads/experiment/d", files={"requirements.txt": "torch>=2\n"}))
        self.assertEqual([], self.pushed(
            repo, "refs/heads/experiment/e", files={"requirements.txt": "torch==2.1.0\n"}))
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
