"""Statements about what was made of a commit, left with plain pushes, and traced both ways."""
import hashlib
import json
import os
import unittest

import jsonschema

from support import BUILD, GateTest, IDENTITY, TOOL, git, run, wait_until

POLICY = "version: 1\n" + IDENTITY + """
users: {ada: {email: [ada@example.com]}}
attestations:
  approval: {by: [ben]}
  check: {by: [ci-bot]}
  lineage: {by: [ci-bot]}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {land: [fast-forward], from: ['feature/**']}
      missing-approval: {count: 1, by: [ben]}
"""
STATEMENT = "https://in-toto.io/Statement/v1"
IMAGE = "registry.example/trainer:1"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def thing(name, digest, **more):
    return {"name": name, "digest": {"sha256": digest}, **more}


def statement(kind, subjects, predicate):
    return {"_type": STATEMENT, "subject": subjects, "predicateType": kind, "predicate": predicate}


def provenance(build_type, subjects, inputs, run_id=None, **parameters):
    metadata = {"metadata": {"invocationId": run_id}} if run_id else {}
    return statement("https://slsa.dev/provenance/v1", subjects, {
        "buildDefinition": {"buildType": build_type, "externalParameters": parameters,
                            "resolvedDependencies": inputs},
        "runDetails": {"builder": {"id": "https://ci.example/runner"}, **metadata}})


class LineageTest(GateTest):
    def begin(self):
        self.server = self.repository(policy=POLICY)
        self.commit = self.server.commit("feat: add a ranker", {"ranker.py": "1"}, branch="feature/x")
        self.assert_accepted(self.server.push("feature/x", user="ada"))
        self.source = {"uri": "git+https://git.example/trainer", "digest": {"gitCommit": self.commit}}
        self.image = sha256(b"image")
        self.weights = os.path.join(self.server.folder, "vit.safetensors")
        with open(self.weights, "wb") as file:
            file.write(b"weights")
        self.digest = sha256(b"weights")

    def ref(self, name):
        return f"refs/attest/{self.commit}/lineage/{name}"

    def leave(self, name, body, user="ci-bot"):
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work,
                   data=json.dumps(body).encode())
        return self.server.push(f"+{blob}:{self.ref(name)}", user=user)

    def statements(self):
        made = thing("vit.safetensors", self.digest)
        return {
            "image": provenance("https://ci.example/image", [thing(IMAGE, self.image)],
                                [self.source]),
            "training": provenance(
                "https://trunkgate/training/v1", [made],
                [self.source, thing("trainer", self.image, uri="oci://registry.example/trainer")],
                "run-7", config="vit.yaml", seed=42),
            "test": statement("https://in-toto.io/attestation/test-result/v0.1",
                              [made, self.source], {"result": "PASSED", "configuration": []}),
            "model": statement("https://trunkgate/model/v1", [made],
                               {"name": "ranker", "version": "3",
                                "resolvedDependencies": [self.source]}),
            "serving": statement("https://trunkgate/deployment/v1", [made, self.source],
                                 {"environment": "prod", "service": "ranker",
                                  "revision": "rev17"}),
        }

    def leave_all(self):
        for name, body in self.statements().items():
            self.assert_accepted(self.leave(name, body))

    def trace(self, *arguments, code=0):
        done = run([TOOL, "trace", *arguments, "--repo", self.server.path], check=False)
        self.assertEqual(done.returncode, code, done)
        return (done.stdout if code == 0 else done.stderr).decode()


class Statements(LineageTest):
    def test_ci_leaves_one_for_each_step_and_every_one_is_an_event(self):
        self.begin()
        self.leave_all()
        events = [e for e in self.server.events() if e["type"] == "dev.trunkgate.lineage.recorded.v1"]
        self.assertEqual([(e["data"]["lineage"]["step"], e["subject"]) for e in events], [
            ("image", "sha256:" + self.image), ("training", "job:run-7"),
            ("test", "sha256:" + self.digest), ("model", "model:ranker@3"),
            ("deployment", "serving:prod/ranker@rev17")])

    def test_the_schema_takes_what_the_gate_takes(self):
        self.begin()
        with open(os.path.join(BUILD, "share", "trunkgate", "attestation.schema.json")) as file:
            definitions = json.load(file)["definitions"]
        judge = jsonschema.Draft7Validator({"$ref": "#/definitions/lineage",
                                            "definitions": definitions})
        for name, body in self.statements().items():
            self.assertEqual([], [error.message for error in judge.iter_errors(body)], name)
        wrong = self.statements()
        wrong["image"]["subject"][0]["digest"] = {"sha512": "00"}
        wrong["training"]["predicate"]["runDetails"] = {}
        wrong["test"]["predicate"]["result"] = "ok"
        wrong["model"]["predicate"]["version"] = "3 beta"
        wrong["serving"]["predicate"]["environment"] = "eu/prod"
        for name, body in wrong.items():
            self.assertFalse(judge.is_valid(body), name)
            self.assertNotEqual(0, self.leave(name, body).code, name)

    def test_a_statement_that_says_nothing_of_its_commit_is_refused_with_the_reason(self):
        self.begin()
        before = self.server.refs()
        body = provenance("x", [thing(IMAGE, self.image)], [{"digest": {"sha1": self.commit}}])
        result = self.leave("image", body)
        self.assert_refused(self.server, result, before)
        self.assertIn("no subject and no resolved dependency has the digest gitCommit "
                      f"{self.commit}; it stands there as sha1",
                      " ".join(result.remote.replace("error:", "").split()))

    def test_only_who_the_policy_names_leaves_them(self):
        self.begin()
        before = self.server.refs()
        result = self.leave("image", self.statements()["image"], user="ada")
        self.assert_refused(self.server, result, before)
        self.assertIn("'ada' may not leave a lineage", result.remote)


class Trace(LineageTest):
    def begin(self):
        super().begin()
        self.leave_all()
        approval = f"{self.commit}:refs/attest/{self.commit}/approval/ben"
        self.assert_accepted(self.server.push(approval, user="ben"))
        self.assert_accepted(self.server.push(f"{self.commit}:refs/heads/main", user="ada"))
        git("push", "-q", self.server.path, f"{self.commit}:refs/tags/v1.0.0", cwd=self.server.work,
            env={"REMOTE_USER": "ada"})
        self.server.events()

    def graph(self, direction, asked):
        trace = json.loads(self.trace(asked, "--" + direction, "--format", "json"))
        return trace, {node["identity"] for node in trace[direction]["nodes"]}

    def test_from_what_is_in_service_up_to_who_let_the_commit_in(self):
        self.begin()
        text = self.trace("prod/ranker@rev17")
        lines = [line.split("  (by ci-bot, ")[0] for line in text.splitlines()]
        story = lines.index("commit " + self.commit)
        self.assertEqual(lines[:story], [
            "serving prod/ranker@rev17",
            "made from",
            f"  `- weights vit.safetensors sha256:{self.digest[:12]}",
            "     | registered as ranker@3",
            "     | test PASSED",
            "     `- job run-7",
            "        | config=vit.yaml, seed=42",
            f"        `- image {IMAGE} sha256:{self.image[:12]}",
            f"           `- commit {self.commit[:8]}",
            ""])
        self.assertEqual(lines[story + 1], '  v1.0.0  "feat: add a ranker"')
        self.assertRegex(lines[story + 2], r"^  pushed    .* UTC by ada to feature/x$")
        self.assertRegex(lines[story + 3], r"^            policy [0-9a-f]{12}, push push_[0-9a-f]{32}$")
        self.assertRegex(lines[story + 4], r"^  landed    .* UTC by ada to main, fast-forward$")
        self.assertEqual(lines[story + 6], "  approved  by ben")

    @unittest.skipUnless(os.geteuid() == 0, "it becomes another account")
    def test_an_account_that_may_only_read_is_told_as_much(self):
        self.begin()
        text = self.trace("prod/ranker@rev17")
        log = self.server.path + "/trunkgate/journal.db-wal"  # empty when the deliverer has ended
        self.assertTrue(wait_until(lambda: not os.path.exists(log) or os.path.getsize(log) == 0))
        os.chmod(self.folder, 0o755)
        run(["chmod", "-R", "a+rX", self.server.path])
        done = run([TOOL, "trace", "prod/ranker@rev17", "--repo", self.server.path], check=False,
                   preexec_fn=lambda: os.setuid(65534))
        self.assertEqual((0, text, ""), (done.returncode, done.stdout.decode(), done.stderr.decode()))

    def test_from_a_tag_down_to_what_is_in_service(self):
        self.begin()
        wanted = {"commit:" + self.commit, "sha256:" + self.image, "job:run-7",
                  "sha256:" + self.digest, "model:ranker@3", "serving:prod/ranker@rev17"}
        for asked in ("v1.0.0", "feature/x", "main", self.commit, self.commit[:9]):
            self.assertEqual(self.graph("down", asked)[1], wanted, asked)

    def test_everything_that_names_the_weights_leads_to_the_commit(self):
        self.begin()
        for asked in (self.weights, "sha256:" + self.digest, "vit.safetensors", "ranker@3"):
            trace, nodes = self.graph("up", asked)
            self.assertIn("commit:" + self.commit, nodes, asked)
            self.assertEqual(trace["commits"][0]["pushed"]["by"], "ada")
            self.assertEqual(trace["commits"][0]["landings"][0]["approvals"], ["ben"])

    def test_without_a_name_it_tells_what_is_in_service(self):
        self.begin()
        made = [thing("vit.safetensors", self.digest), self.source]
        deploy = "https://trunkgate/deployment/v1"
        for name, place, revision in (("s2", "prod", "rev18"), ("s3", "test", "rev2"), ("s4", "test", "rev1")):
            body = statement(deploy, made, {"environment": place, "service": "ranker", "revision": revision})
            self.assert_accepted(self.leave(name, body))
            self.server.events()  # each of them a moment later

        def told():
            text = self.trace()
            self.assertEqual(2, text.count(" UTC\n"))
            return [line.split(", 2")[0] for line in text.splitlines()]
        commit = f"v1.0.0 (commit {self.commit[:8]})  by ci-bot"
        self.assertEqual([f"prod/ranker@rev18  {commit}", f"test/ranker@rev1  {commit}"], told())
        self.assert_accepted(self.server.push(":" + self.ref("s2"), ":" + self.ref("s4"), user="ci-bot"))
        self.server.events()
        self.assertEqual([f"prod/ranker@rev17  {commit}", f"test/ranker@rev2  {commit}"], told())
        listed = json.loads(self.trace("--format", "json"))["in_service"]
        self.assertEqual([("prod/ranker", "rev17", [{"commit": self.commit, "version": "v1.0.0"}], "ci-bot"),
                          ("test/ranker", "rev2", [{"commit": self.commit, "version": "v1.0.0"}], "ci-bot")],
                         [(s["service"], s["revision"], s["commits"], s["left_by"]) for s in listed])

    def test_without_a_deployment_nothing_is_in_service(self):
        self.server = self.repository(policy=POLICY)
        for _ in range(2):  # without a journal, and with one
            self.assertEqual("error: no deployment is recorded here\n", self.trace(code=1))
            self.server.events()

    def test_what_is_withdrawn_is_traced_no_more(self):
        self.begin()
        self.assert_accepted(self.server.push(":" + self.ref("serving"), user="ci-bot"))
        self.server.events()
        self.assertEqual(self.trace("prod/ranker@rev17", code=1),
                         "error: nothing here is called 'prod/ranker@rev17'\n")

    def test_an_unknown_name_gets_the_nearest_one(self):
        self.begin()
        self.assertEqual(self.trace("prod/ranker@rev71", code=1),
                         "error: nothing here is called 'prod/ranker@rev71'\n"
                         "hint: did you mean 'prod/ranker@rev17'?\n")


if __name__ == "__main__":
    unittest.main()
