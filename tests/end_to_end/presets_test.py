"""Each preset with real pushes: what it is for is refused, and honest work passes."""
import json
import os
import unittest

from support import IDENTITY, TOOL, GateTest, git, run

NOTEBOOK = '{"cells": [{"outputs": [{"x": 1}]}]}'


# What a model's configuration must hold, as a team would write it.
SCHEMA = """{"type": "object", "required": ["hidden_size", "num_experts", "routing_strategy"],
"additionalProperties": false, "properties": {
  "hidden_size": {"type": "integer", "minimum": 64, "maximum": 65536, "multipleOf": 64},
  "num_experts": {"type": "integer", "minimum": 1, "maximum": 256},
  "routing_strategy": {"enum": ["top1", "top2", "hash"]}, "seed": {"type": "integer"}}}"""
MODEL = "hidden_size: 4096\nnum_experts: 8\nrouting_strategy: top2\n"


def token():
    """Made up, and put together here so that nothing that looks for secrets finds one in this file."""
    return "AK" + "IA" + "Q3EGRIWX7ZPLV2TN"


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGWBHHGSbLPbtgRgK1k4ZBHGYpOyOaWwU0e3oIFAXpOn"


# What lands on a trunk: nothing without the evidence that the presets ask for.
TRUNK_CHECKS = ("unit-tests", "security-scan", "mini-val")
UNSEEN_TRUNK = ["missing-approval", *["missing-check." + check for check in TRUNK_CHECKS]]
GITFLOW_CHECKS = ("style", "unit-tests", "training-smoke")
UNSEEN_GITFLOW = ["missing-approval", *["missing-check." + check for check in GITFLOW_CHECKS]]


class Presets(GateTest):
    TRUNK_TEAM = {"reviewers": "[ben, cora]", "ci": "[ci-bot]"}

    def server(self, preset, more="", name="server.git", **values):
        listed = "".join(f"\n      {key}: {value}" for key, value in values.items())
        item = f"\n  - preset: {preset}" + (f"\n    with:{listed}" if listed else "")
        repo = self.repository(policy="version: 1\n", name=name)
        repo.write_policy(f"version: 1\n{IDENTITY}extends:{item}\n{more}")
        push = repo.push
        repo.push = lambda *specs, user="ada", **kwargs: push(*specs, user=user, **kwargs)
        return repo

    def merged(self, repo, source, target):
        """Lands `source` of the server on `target` by merge; the rules that refuse it."""
        git("checkout", "-q", "--detach", repo.ref(f"refs/heads/{target}"), cwd=repo.work)
        git("merge", "-q", "--no-ff", "-m", f"Merge branch '{source}'", repo.ref(f"refs/heads/{source}"),
            cwd=repo.work)
        return self.rules(repo.push(f"HEAD:refs/heads/{target}"))

    def evidence(self, repo, branch, *checks, reviewers=("ben",), **metrics):
        """Approvals and results about a branch of the server, all that a preset asks for before it lands."""
        commit = repo.ref(f"refs/heads/{branch}")
        for reviewer in reviewers:
            self.assert_accepted(repo.push(f"{commit}:refs/attest/{commit}/approval/{reviewer}", user=reviewer))
        for check in checks:
            body = json.dumps({"status": "success", "metrics": metrics}).encode()
            blob = git("hash-object", "-w", "--stdin", cwd=repo.work, data=body)
            self.assert_accepted(repo.push(f"{blob}:refs/attest/{commit}/check/{check}", user="ci-bot"))

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

    def put(self, repo, ref, message, files):
        """A commit on top of main that an admin makes on the server, without the gate."""
        git("checkout", "-q", "--detach", repo.ref("refs/heads/main"), cwd=repo.work)
        commit = repo.commit(message, files)
        git("fetch", "-q", repo.work, commit, cwd=repo.path)
        git("update-ref", ref, commit, cwd=repo.path)

    def assert_configurations_are_checked(self, preset, branch, path, **values):
        """Read without a schema; with one on main, judged by it."""
        repo = self.server(preset, **values)
        self.assertEqual([], self.pushed(repo, branch + "1", files={path: "anything: goes\n"}))
        self.assertEqual(["invalid-config"], self.pushed(repo, branch + "2", files={path: "a: 1\na: 2\n"}))
        self.assertEqual(["invalid-config"], self.pushed(repo, branch + "3", files={path: "a: [1\n"}))
        self.folder = os.path.join(self.folder, "schema")
        os.mkdir(self.folder)
        repo = self.server(preset, **values, **{"config-schema": "schemas/model.schema.json"})
        self.put(repo, "refs/heads/main", "feat: a schema", {"schemas/model.schema.json": SCHEMA})
        self.assertEqual([], self.pushed(repo, branch + "4", files={path: MODEL}))
        for number, text in enumerate([
                MODEL.replace("4096", "4097"), MODEL.replace("4096", "32"), MODEL.replace("8", "0"),
                MODEL.replace("top2", "top3"), MODEL + "dropout: 0.1\n", "hidden_size: 4096\nnum_experts: 8\n"]):
            self.assertEqual(["invalid-config"], self.pushed(repo, f"{branch}5{number}", files={path: text}), text)
        # The schema is the one on main, not the one of the push.
        self.assertEqual(["invalid-config"], self.pushed(
            repo, branch + "6", files={path: "x: 1\n", "schemas/model.schema.json": "{}"}))

    def test_all_are_listed_and_each_is_shown_by_name(self):
        listed = run([TOOL, "presets"]).stdout.decode().splitlines()
        names = [line.split()[0] for line in listed]
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "config", "presets")
        files = sorted(name[:-5] for name in os.listdir(folder) if not name.endswith(".test.yaml"))
        self.assertEqual(files, sorted(names))
        for name, line in zip(names, listed):
            with open(os.path.join(folder, name + ".yaml"), "rb") as file:
                self.assertEqual(file.read(), run([TOOL, "presets", "show", name]).stdout)
            self.assertRegex(line, r"[.]$")  # a whole sentence
        done = run([TOOL, "presets", "show", "trunk-base"], check=False)
        self.assertEqual((2, b"error: there is no preset 'trunk-base'; did you mean 'trunk-based'?\n"),
                         (done.returncode, done.stderr))

    def test_explain_knows_every_id_that_a_report_can_name(self):
        for rule, words in {"moved-tag": "moved-tag", "reserved-namespace": "refused whatever the policy says"}.items():
            self.assertIn(words, run([TOOL, "explain", rule]).stdout.decode())
        done = run([TOOL, "explain", "reserved-namespac"], check=False)
        self.assertEqual((2, b"error: there is no rule 'reserved-namespac'; did you mean 'reserved-namespace'?\n"),
                         (done.returncode, done.stderr))

    def test_no_kind_of_ref_is_a_side_door(self):
        for preset in ("trunk-based", "gitflow-experiments", "open-source", "baseline", "multi-model",
                       "regulated", "reproducible-research"):
            with self.subTest(preset):
                self.folder = os.path.join(self.folder, preset)
                os.mkdir(self.folder)
                repo = self.server(preset, more="users: {ada: {email: [ada@example.com], keys: [%s]}}\n" % KEY)
                self.put(repo, "refs/heads/main", "feat: begin", {"README": "1\n"})
                self.assertIn("leaked-secret", self.pushed(repo, "refs/tags/junk", files={"a.py": f"key = '{token()}'\n"}))
                git("notes", "add", "-f", "-m", f"key = '{token()}'", cwd=repo.work)
                self.assertEqual(["leaked-secret"], self.rules(repo.push("refs/notes/commits")))

    def test_a_trunk_of_another_name_is_the_trunk_everywhere(self):
        repo = self.server("trunk-based", trunk="[master]", branches="['task/**']", **self.TRUNK_TEAM)
        self.put(repo, "refs/heads/master", "feat: begin", {"README": "1\n"})
        git("update-ref", "refs/heads/main", "refs/heads/master", cwd=repo.path)
        self.assertEqual([], self.pushed(repo, "refs/heads/task/x"))
        self.assertEqual(UNSEEN_TRUNK, self.merged(repo, "task/x", "master"))
        self.evidence(repo, "task/x", *TRUNK_CHECKS)
        self.assertEqual([], self.merged(repo, "task/x", "master"))
        self.assertEqual([], self.tagged(repo, "v1.0", "master"))
        self.assertEqual(["ill-named-branch"], self.pushed(repo, "refs/heads/develop"))

    def test_A4_trunk_based_checks_configurations(self):
        self.assert_configurations_are_checked("trunk-based", "refs/heads/feature/c", "configs/moe/model.yaml")

    def test_D6_reproducible_research_checks_configurations(self):
        self.assert_configurations_are_checked("reproducible-research", "refs/heads/experiment/c", "params.yaml")

    def assert_versions_stay(self, preset, parameter, branch, path, old, loose, new):
        """Of what is watched versions are exact and stay, but for who may change them."""
        for users, wanted in (("[carol]", ["drifting-dependency"]), ("[ada]", [])):
            self.folder = os.path.join(self.folder, "again")
            os.mkdir(self.folder)
            repo = self.server(preset, **{parameter: users})
            self.put(repo, "refs/heads/main", "feat: begin", {path: old})
            self.assertEqual([], self.pushed(repo, branch + "1", files={path: old + "# more\n"}))
            self.assertEqual(wanted, self.pushed(repo, branch + "2", files={path: loose}))
            self.assertEqual(wanted, self.pushed(repo, branch + "3", files={path: new}))

    def test_A6_trunk_based_keeps_the_versions_of_dependencies(self):
        self.assert_versions_stay("trunk-based", "dependency-managers", "refs/heads/feature/d", "requirements.txt",
                                  "torch==2.1.0\nnumpy\n", "torch>=2.1.0\nnumpy\n", "torch==2.2.0\nnumpy\n")

    def test_B7_multi_model_keeps_the_versions_of_images(self):
        for path in ("Dockerfile", "train/Dockerfile", "serve.Dockerfile", "docker/Dockerfile.cuda"):
            self.assert_versions_stay("multi-model", "maintainers", "refs/heads/feature/i", path,
                                      "FROM nvidia/cuda:12.1.0-base AS base\nFROM base\n", "FROM nvidia/cuda:latest\n",
                                      "FROM nvidia/cuda:12.2.0-base AS base\nFROM base\n")

    def test_A9_trunk_based_leaves_hotfixes_to_release_managers(self):
        repo = self.server("trunk-based", **{"release-managers": "[carol]"})
        fix = repo.commit("fix: pager", {"fix": "1\n"}, branch="fix")
        hotfix, feature = f"{fix}:refs/heads/hotfix/pager", f"{fix}:refs/heads/feature/pager"
        self.assertEqual(["unauthorised-push"], self.rules(repo.push(hotfix, user="ada")))
        # Nor can a branch that was accepted under another name be pushed again as a hotfix.
        self.assertEqual([], self.rules(repo.push(feature, user="ada")))
        self.assertEqual(["unauthorised-push"], self.rules(repo.push(hotfix, user="ada")))
        self.assertEqual([], self.rules(repo.push(hotfix, user="carol")))
        more = repo.commit("fix: more", {"fix": "2\n"})
        self.assertEqual(["unauthorised-push"], self.rules(repo.push(f"{more}:refs/heads/hotfix/pager", user="ada")))
        self.assertEqual([], self.rules(repo.push(f"{more}:refs/heads/hotfix/pager", user="carol")))
        nobody = self.server("trunk-based", name="nobody.git")
        self.assertEqual(["unauthorised-push"], self.rules(nobody.push(hotfix, user="carol")))

    def test_A1_until_a_team_names_its_people_nothing_lands(self):
        repo = self.server("trunk-based")
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/x"))
        self.assertEqual(UNSEEN_TRUNK, self.merged(repo, "feature/x", "main"))
        result = repo.push("HEAD:refs/heads/main")
        text = " ".join(result.remote.split())
        self.assertIn("feature/x needs 1 approval", text)
        self.assertIn("there is nobody else who may approve it: ask an admin", text)
        self.assertIn("results come from nobody: ask an admin", text)
        self.assertNotIn("exempt", text)  # there is nobody who may use one, either

    def test_a_team_adds_kinds_of_evidence_and_exemptions_to_those_of_a_preset(self):
        repo = self.server("trunk-based", "groups: {seniors: [ben, cora]}\n"
                           "attestations: {lineage: {by: [ci-bot]}}\n"
                           "exemptions: {no-checks: {waives: [missing-check], by: [seniors]}}\n",
                           reviewers="[seniors]", ci="[ci-bot]", evaluation="'mini.val'", **{"release-managers": "[carol]"})
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/x"))
        self.evidence(repo, "feature/x", "unit-tests", "security-scan", reviewers=["cora"])
        self.assertEqual(["missing-check.mini.val"], self.merged(repo, "feature/x", "main"))
        result = repo.push("HEAD:refs/heads/main", options=["exempt=skip-full-eval", "reason=x"], user="carol")
        self.assert_accepted(result)
        self.assertIn("waived by skip-full-eval", result.remote)

    def test_C8_gitflow_experiments_says_who_may_write_where(self):
        repo = self.server("gitflow-experiments", integrators="[ivy]", **{"release-managers": "[carol]"},
                           **self.TRUNK_TEAM)
        main = repo.ref("refs/heads/main")
        git("update-ref", "refs/heads/develop", main, cwd=repo.path)

        def pushed(user, *specs):
            return self.rules(repo.push(*specs, user=user))

        for number, ref in enumerate(("feature/a", "experiment/20260131-lr")):
            commit = repo.commit("feat: x", {f"x{number}": "1\n"}, branch=f"work{number}")
            self.assertEqual([], pushed("ada", f"{commit}:refs/heads/{ref}"))
            git("checkout", "-q", "--detach", main, cwd=repo.work)
        git("merge", "-q", "--no-ff", "-m", "Merge feature/a", "work0", cwd=repo.work)
        self.evidence(repo, "feature/a", *GITFLOW_CHECKS)
        for user in ("ada", "carol"):
            self.assertEqual(["unauthorised-push"], pushed(user, "HEAD:refs/heads/develop"))
        self.assertEqual([], pushed("ivy", "HEAD:refs/heads/develop"))
        for ref in ("release/1", "hotfix/1"):
            start = repo.ref("refs/heads/develop") if ref == "release/1" else main
            git("checkout", "-q", "--detach", start, cwd=repo.work)
            commit = repo.commit("fix: x", {ref.replace("/", "-"): "1\n"})
            for user in ("ada", "ivy"):
                self.assertEqual(["unauthorised-push"], pushed(user, f"{commit}:refs/heads/{ref}"), (user, ref))
            self.assertEqual([], pushed("carol", f"{commit}:refs/heads/{ref}"))
            self.assertEqual(["unauthorised-push"], pushed("ivy", f":refs/heads/{ref}"))
        git("checkout", "-q", "--detach", main, cwd=repo.work)
        self.evidence(repo, "hotfix/1", *GITFLOW_CHECKS)
        git("merge", "-q", "--no-ff", "-m", "Merge hotfix/1", repo.ref("refs/heads/hotfix/1"), cwd=repo.work)
        for user in ("ada", "ivy"):
            self.assertEqual(["unauthorised-push"], pushed(user, "HEAD:refs/heads/main"))
        self.assertEqual([], pushed("carol", "HEAD:refs/heads/main"))
        git("tag", "-a", "-m", "Release", "v1", repo.ref("refs/heads/main"), cwd=repo.work)
        self.assertEqual(["unauthorised-push"], pushed("ivy", "refs/tags/v1"))
        self.assertEqual([], pushed("carol", "refs/tags/v1"))

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

    def test_conventional_commits_keeps_to_the_scopes(self):
        repo = self.server("conventional-commits", scopes="[api, ui]")
        self.assertEqual([], self.pushed(repo, "refs/heads/a", "feat(api): add login"))
        self.assertEqual([], self.pushed(repo, "refs/heads/b", "feat: add login"))
        for number, message in enumerate(("feat(db): add login", "feat(api, db): add login", "fix(apis): typo")):
            self.assertEqual(["unconventional-commit"], self.pushed(repo, f"refs/heads/c{number}", message), message)
        # Without the parameter any scope will do.
        repo = self.server("conventional-commits", name="any.git")
        self.assertEqual([], self.pushed(repo, "refs/heads/a", "feat(db): add login"))

    def test_trunk_based(self):
        repo = self.server("trunk-based", branches="['task/**']", **self.TRUNK_TEAM)
        self.assertEqual([], self.pushed(repo, "refs/heads/task/x"))
        self.assertEqual(sorted(["direct-push", *UNSEEN_TRUNK]),
                         self.pushed(repo, "refs/heads/main", "feat: direct"))
        self.evidence(repo, "task/x", *TRUNK_CHECKS)
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
        repo = self.server("trunk-based", limit="1h", **{"warn-after": "1h"}, **self.TRUNK_TEAM)
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/x"))
        self.evidence(repo, "feature/x", *TRUNK_CHECKS)
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
        repo = self.server("multi-model", maintainers="[carol]", reviewers="[ben]")
        self.assertEqual(["direct-push", "missing-approval"], self.pushed(repo, "refs/heads/main"))
        self.assertEqual(["ill-named-branch"], self.pushed(repo, "refs/heads/model-vit"))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/model-vit", files={"vit.py": "1\n"}))
        self.assertEqual(["missing-approval"], self.merged(repo, "feature/model-vit", "main"))
        self.evidence(repo, "feature/model-vit")
        self.assertEqual([], self.merged(repo, "feature/model-vit", "main"))
        for path in ("data/x.csv", "a/b/weights.pt", "model.onnx"):
            self.assertEqual(["forbidden-path"],
                             self.pushed(repo, "refs/heads/feature/model-x", files={path: "1\n"}), path)
        self.assertEqual(["missing-lfs"], self.pushed(
            repo, "refs/heads/feature/model-x", files={"figure.bin": b"\0" * (1 << 20) + b"1"}))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/base", files={"environment.lock": "x 1\n"}))
        self.evidence(repo, "feature/base")
        self.assertEqual([], self.merged(repo, "feature/base", "main"))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/image", files={"environment.lock": "x 2\n"}))
        self.evidence(repo, "feature/image")
        self.assertEqual(["frozen-path"], self.merged(repo, "feature/image", "main"))
        self.assertEqual(["untold-metrics"], self.tagged(repo, "vit-1", "main", "The first"))
        self.assertEqual([], self.tagged(repo, "vit-1", "main", "The first\n\nAcc@1: 76.3%"))
        self.assertEqual(["stray-tag"], self.tagged(repo, "vit-2", "feature/image", "F1: 0.8"))

    def test_gitflow_experiments(self):
        repo = self.server("gitflow-experiments", integrators="[ada]", **{"release-managers": "[ada]"},
                           **self.TRUNK_TEAM)
        git("update-ref", "refs/heads/develop", repo.ref("refs/heads/main"), cwd=repo.path)
        for trunk in ("main", "develop"):
            self.assertEqual(sorted(["direct-push", *UNSEEN_GITFLOW]),
                             self.pushed(repo, f"refs/heads/{trunk}"))
        self.assertEqual(["ill-named-branch"], self.pushed(repo, "refs/heads/experiment/quick"))
        self.assertEqual([], self.pushed(repo, "refs/heads/experiment/20260131-lr", files={"lr": "1"}))
        self.assertEqual(["forbidden-path"],
                         self.pushed(repo, "refs/heads/experiment/20260201-x", files={"x.ckpt": "1"}))
        self.assertEqual([], self.pushed(repo, "refs/heads/feature/a", files={"a": "1\n"}))
        self.assertEqual(UNSEEN_GITFLOW, self.merged(repo, "feature/a", "develop"))
        self.evidence(repo, "feature/a", *GITFLOW_CHECKS)
        self.assertEqual(["direct-push"], self.merged(repo, "feature/a", "main"))
        self.assertEqual([], self.merged(repo, "feature/a", "develop"))
        # A hotfix starts from main, not from develop.
        git("checkout", "-q", "--detach", repo.ref("refs/heads/develop"), cwd=repo.work)
        repo.commit("fix: x", {"fix": "1\n"})
        self.assertEqual(["misbased-branch"], self.rules(repo.push("HEAD:refs/heads/hotfix/x")))
        self.assertEqual([], self.pushed(repo, "refs/heads/hotfix/x", "fix: x", {"fix": "1\n"}))
        self.evidence(repo, "hotfix/x", *GITFLOW_CHECKS)
        self.assertEqual([], self.merged(repo, "hotfix/x", "main"))
        self.assertEqual([], self.merged(repo, "hotfix/x", "develop"))
        self.assertEqual(["stray-tag"], self.tagged(repo, "v2", "develop"))
        self.assertEqual([], self.tagged(repo, "v2", "main"))

    def test_regulated(self):
        key = os.path.join(self.folder, "key")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        with open(key + ".pub") as file:
            people = "users: {ada: {email: [ada@example.com], keys: ['%s']}}\n" % file.read().strip()
        repo = self.server("regulated", people, **{"release-managers": "[ada]"})
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
        self.assertEqual(["direct-push", "missing-approval", "missing-approval"],
                         pushed(good, "-S", "-s", name="main"))
        git("tag", "-a", "-m", "release", "v1", repo.ref("refs/heads/main"), cwd=repo.work)
        self.assertEqual(["unsigned-tag"], self.rules(repo.push("refs/tags/v1", user="ada")))
        git("tag", "-f", "-s", "-m", "release", "v1", repo.ref("refs/heads/main"), cwd=repo.work)
        self.assertEqual([], self.rules(repo.push("refs/tags/v1", user="ada")))

    def test_regulated_with_signed_pushes(self):
        key = os.path.join(self.folder, "key")
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        with open(key + ".pub") as file:
            people = "users: {ada: {email: [ada@example.com], keys: ['%s']}}\n" % file.read().strip()
        repo = self.server("regulated", people, **{"release-managers": "[ada]", "signed-pushes": "enforce"})
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
