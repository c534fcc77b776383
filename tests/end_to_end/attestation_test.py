"""Evidence as references: who may leave which attestation, and what becomes of it. B-017, B-019 to B-025."""
import base64
import json
import os
import re
import unittest

from signers import SignersTest
from support import BUILD, IDENTITY, ZERO, GateTest, RawClient, git, raw_push, run

POLICY = IDENTITY + """version: 1
groups: {reviewers: [ben, cora], ci: [ci-bot, ci-two]}
attestations:
  approval: {by: [reviewers]}
  check: {by: [ci]}
  exemption: {by: [cora]}
  lineage: {by: [ci]}
rulesets:
  - name: all
    refs: ['refs/**']
    rules: {rewound-branch: {only: {refs: [main]}}}
"""


class AttestationTest(GateTest):
    def begin(self, policy=POLICY):
        self.server = self.repository(policy=policy)
        self.commit = self.server.commit("feat: x", {"x": "1"}, branch="feature/x")
        self.assert_accepted(self.server.push("feature/x", user="ada"))

    def ref(self, kind, name, commit=None):
        return f"refs/attest/{commit or self.commit}/{kind}/{name}"

    def blob(self, value):
        text = value if isinstance(value, str) else json.dumps(value)
        return git("hash-object", "-w", "--stdin", cwd=self.server.work, data=text.encode())

    def leave(self, what, ref, user):
        result = self.server.push(f"{what}:{ref}", user=user)
        self.assert_accepted(result)
        self.assertEqual(git("rev-parse", what, cwd=self.server.work) if what else None,
                         self.server.refs().get(ref))

    def refuse(self, what, ref, user, *words, force=True):
        before = self.server.refs()
        result = self.server.push(f"{'+' if force else ''}{what}:{ref}", user=user)
        self.assert_refused(self.server, result, before)
        text = " ".join(result.remote.split())
        for word in words:
            self.assertIn(word, text, result)
        return result


class Attestations(AttestationTest):
    def test_a_reviewer_approves_with_the_commit_itself(self):
        self.begin()
        self.leave(self.commit, self.ref("approval", "ben"), "ben")
        created = [s for t, s in self.server.event_types() if t == "ref.created"]
        self.assertIn(self.ref("approval", "ben"), created)

    def test_ci_leaves_checks(self):
        self.begin()
        for name, body in (("unit", {"status": "success"}),
                           ("mini-val", {"status": "failure", "metrics": {"f1": 0.91}})):
            self.leave(self.blob(body), self.ref("check", name), "ci-bot")

    def test_who_may_not_leave_it_is_refused(self):
        self.begin()
        self.refuse(self.commit, self.ref("approval", "dora"), "dora",
                    "'dora' may not leave an approval", "may: ben, cora")
        self.refuse(self.blob({"status": "success"}), self.ref("check", "unit"), "ben",
                    "'ben' may not leave a check", "may: ci-bot, ci-two")

    def test_an_approval_is_named_after_its_pusher(self):
        self.begin()
        result = self.refuse(self.commit, self.ref("approval", "cora"), "ben",
                             "'ben' cannot approve in the name of 'cora'")
        self.assertIn(f"git push origin {self.commit}:{self.ref('approval', 'ben')}", result.remote)

    def test_nobody_approves_what_they_pushed_or_made(self):
        """B-025: a forged author line helps nobody."""
        self.begin()
        forged = self.server.commit("feat: y", {"y": "1"}, branch="feature/y",
                                    env={"GIT_AUTHOR_NAME": "Cora", "GIT_AUTHOR_EMAIL": "cora@example.com",
                                         "GIT_COMMITTER_NAME": "Zoe", "GIT_COMMITTER_EMAIL": "zoe@example.com"})
        self.assert_accepted(self.server.push("feature/y", user="ben"))
        self.refuse(forged, self.ref("approval", "ben", forged), "ben",
                    "'ben' cannot leave an approval of " + forged[:8] + ": 'ben' pushed it")
        self.refuse(forged, self.ref("approval", "cora", forged), "cora", "'cora' is its author")

    def test_nobody_is_silenced_by_a_forged_author(self):
        """B-025: a veto is for whoever may approve, whatever the commit says of its author."""
        self.begin()
        forged = self.server.commit("feat: y", {"y": "1"}, branch="feature/y",
                                    env={"GIT_AUTHOR_NAME": "Cora", "GIT_AUTHOR_EMAIL": "cora@example.com"})
        self.assert_accepted(self.server.push("feature/y", user="ada"))
        self.refuse(self.blob({"verdict": "approve"}), self.ref("approval", "cora", forged), "cora", "is its author")
        self.leave(self.blob({"verdict": "veto"}), self.ref("approval", "cora", forged), "cora")

    def test_the_same_commit_under_another_name_makes_its_second_pusher_no_reviewer(self):
        self.begin()
        self.assert_accepted(self.server.push(f"{self.commit}:refs/heads/hotfix/x", user="ben"))
        self.refuse(self.commit, self.ref("approval", "ben"), "ben", "'ben' pushed it")
        self.leave(self.commit, self.ref("approval", "cora"), "cora")

    def test_a_refused_push_makes_nobody_the_pusher(self):
        self.begin(POLICY.replace("rules: {rewound", "rules: {stray-tag: {on: [main]}, rewound"))
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        other = self.server.commit("feat: z", {"z": "1"})
        # The branch is fine and the tag is not, so nothing is let in.
        result = self.server.push(f"{other}:refs/heads/feature/z", f"{other}:refs/tags/v1", user="ben")
        self.assertNotEqual(0, result.code)
        self.assert_accepted(self.server.push(f"{other}:refs/heads/feature/z", user="ada"))
        self.leave(other, self.ref("approval", "ben", other), "ben")

    def test_the_commit_must_be_on_a_branch_already(self):
        """B-024: evidence in the push that brings the branch does not count, so it is refused."""
        self.begin()
        new = self.server.commit("feat: more", {"x": "2"})
        self.refuse(new, self.ref("approval", "ben", new), "ben",
                    "no branch of the server holds the commit " + new[:8] + " yet",
                    "push the branch first, in a push of its own")
        before = self.server.refs()
        result = self.server.push(f"{new}:refs/heads/feature/x", f"{new}:{self.ref('approval', 'ben', new)}",
                                  user="ben")
        self.assert_refused(self.server, result, before, "no branch of the server holds the commit")
        unknown = "1" * 40
        self.refuse(self.blob({"status": "success"}), self.ref("check", "unit", unknown), "ci-bot",
                    "there is no commit 11111111 on the server")

    def test_a_commit_behind_a_tip_can_be_spoken_of(self):
        self.begin()
        self.server.commit("feat: more", {"x": "2"})
        self.assert_accepted(self.server.push("feature/x", user="dora"))
        self.leave(self.commit, self.ref("approval", "ben"), "ben")

    def test_bodies_must_be_valid(self):
        """B-023: what is no JSON blob is refused and crashes nothing."""
        self.begin()
        check = self.ref("check", "unit")
        self.refuse(self.blob({"status": "ok"}), check, "ci-bot",
                    "the check is not valid: 'status' must be success, failure, neutral or error")
        self.refuse(self.blob("{"), check, "ci-bot", "the check is not valid: line 1")
        self.refuse(self.blob({"verdict": "reject"}), self.ref("approval", "ben"), "ben",
                    "'verdict' must be approve or veto")
        tree = git("rev-parse", self.commit + "^{tree}", cwd=self.server.work)
        self.refuse(tree, check, "ci-bot", "it points at a tree, not at a JSON blob or a signed tag")
        self.refuse(self.commit, check, "ci-bot", "it points at a commit, not at a JSON blob or a signed tag")
        self.refuse("main", self.ref("approval", "ben"), "ben",
                    "it points at a commit, not at a JSON blob, a signed tag or the commit itself")
        self.refuse(self.blob("x" * 300_000), check, "ci-bot", "the limit is 256.0 KiB")

    def test_names_must_be_valid(self):
        self.begin()
        blob = self.blob({"status": "success"})
        for ref, words in ((f"refs/attest/{self.commit}/aproval/ben", "did you mean 'approval'?"),
                           (f"refs/attest/{self.commit}/check", "refs/attest/COMMIT/KIND/NAME"),
                           (f"refs/attest/{self.commit}/check/a/b", "refs/attest/COMMIT/KIND/NAME"),
                           (f"refs/attest/{self.commit.upper()}/check/a", "is no commit id of 40"),
                           (f"refs/attest/{self.commit[:12]}/check/a", "is no commit id of 40")):
            self.refuse(blob, ref, "ci-bot", words)

    def test_in_toto_statements_are_understood(self):
        self.begin()
        statement = {"_type": "https://in-toto.io/Statement/v1",
                     "subject": [{"name": "x", "digest": {"gitCommit": self.commit}}],
                     "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
                     "predicate": {"result": "PASSED", "configuration": []}}
        self.leave(self.blob(statement), self.ref("check", "unit"), "ci-bot")
        envelope = {"payloadType": "application/vnd.in-toto+json", "signatures": [],
                    "payload": base64.b64encode(json.dumps(statement).encode()).decode()}
        self.leave(self.blob(envelope), self.ref("check", "enveloped"), "ci-bot")
        statement["subject"][0]["digest"]["gitCommit"] = "1" * 40
        self.refuse(self.blob(statement), self.ref("check", "other"), "ci-bot",
                    "no subject has the digest gitCommit " + self.commit)

    def test_only_whoever_left_it_changes_or_deletes_it(self):
        """B-021: nobody takes back another one's word."""
        self.begin()
        check = self.ref("check", "unit")
        self.leave(self.blob({"status": "failure"}), check, "ci-bot")
        self.refuse(self.blob({"status": "success"}), check, "ci-two",
                    "this check was left by 'ci-bot', who alone can change or delete it")
        self.refuse("", check, "ci-two", "this check was left by 'ci-bot'")
        self.refuse("", check, "ada", "this check was left by 'ci-bot'")
        result = self.server.push("+" + self.blob({"status": "success"}) + ":" + check, user="ci-bot")
        self.assert_accepted(result)
        self.leave("", check, "ci-bot")

    def test_what_is_older_than_the_gate_is_nobodys(self):
        """B-020: without a signature nobody knows whose word it is, so the first who may replaces it."""
        self.begin()
        approval, check = self.ref("approval", "ben"), self.ref("check", "unit")
        git("update-ref", approval, self.commit, cwd=self.server.path)
        git("update-ref", check, self.commit, cwd=self.server.path)
        self.refuse("", approval, "ada", "'ada' may not delete an approval")
        self.assert_accepted(self.server.push("+" + self.blob({"status": "success"}) + ":" + check, user="ci-two"))
        self.refuse("", check, "ci-bot", "this check was left by 'ci-two'")

    def test_the_policy_says_which_kinds_there_are(self):
        self.begin(POLICY.replace("  check: {by: [ci]}\n", ""))
        self.refuse(self.blob({"status": "success"}), self.ref("check", "unit"), "ci-bot",
                    "the policy takes no attestations of the kind 'check'")

    def test_without_attestations_in_the_policy_there_are_none(self):
        self.begin(IDENTITY + "version: 1\nrulesets: []\n")
        self.refuse(self.commit, self.ref("approval", "ben"), "ben", "the policy takes no attestations")

    def test_modes_do_not_loosen_it(self):
        self.begin("mode: audit\n" + POLICY)
        self.refuse(self.commit, self.ref("approval", "dora"), "dora", "'dora' may not leave an approval")

    def test_own_commits_can_be_allowed(self):
        self.begin(POLICY.replace("approval: {by: [reviewers]}", "approval: {by: [reviewers, ada], not: []}"))
        self.leave(self.commit, self.ref("approval", "ada"), "ada")

    def test_twenty_writers_at_once_lose_nothing(self):
        self.begin(POLICY.replace("[ci-bot, ci-two]", str([f"ci{n}" for n in range(20)])))
        blob = self.blob({"status": "success"})
        import concurrent.futures
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            results = list(pool.map(
                lambda n: self.server.push(f"{blob}:{self.ref('check', f'c{n}')}", user=f"ci{n}"), range(20)))
        for result in results:
            self.assert_accepted(result)
        self.assertEqual(20, sum(r.startswith("refs/attest/") for r in self.server.refs()))
        for n in range(20):
            self.refuse("", self.ref("check", f"c{n}"), f"ci{(n + 1) % 20}", f"left by 'ci{n}'")

    def test_a_hosts_update_alone_records_issuers_too(self):
        self.begin()
        os.unlink(os.path.join(self.server.path, "hooks", "pre-receive"))
        self.leave(self.commit, self.ref("approval", "ben"), "ben")
        self.refuse("", self.ref("approval", "ben"), "cora", "this approval was left by 'ben'")

    def test_hostile_bytes_are_never_printed(self):
        self.begin()
        evil = self.blob('{"verdict": "appr\\u001b[31move", "x\\u202e": 1}')
        result = self.refuse(evil, self.ref("approval", "ben"), "ben", "'verdict' must be approve or veto")
        self.assert_printable(result.remote)
        client = RawClient(self.server, env={"REMOTE_USER": "ben"})
        client.send([(ZERO, self.commit, b"refs/attest/" + b"\xff\xfe/approval/ben")])
        code, report, printed = client.result()
        self.assertNotIn(b"ok refs/attest", report)
        self.assertNotIn(b"\xff", printed)


class Aliases(AttestationTest):
    """The two aliases of the README, as they stand there."""

    def test_they_approve_and_attest(self):
        self.begin()
        with open(os.path.join(os.path.dirname(__file__), "..", "..", "README.md")) as file:
            lines = re.findall(r"^    (git config --global alias\.\w+ .*)$", file.read(), re.MULTILINE)
        self.assertEqual(2, len(lines))
        env = {"GIT_CONFIG_GLOBAL": os.path.join(self.folder, "gitconfig"), "REMOTE_USER": "ben"}
        git("remote", "add", "origin", self.server.path, cwd=self.server.work)
        for line in lines + ["git config trunkgate.user ben", "git approve feature/x"]:
            run(["sh", "-c", line], cwd=self.server.work, env=env)
        self.assertEqual(self.commit, self.server.refs()[self.ref("approval", "ben")])
        with open(os.path.join(self.server.work, "result.json"), "w") as file:
            file.write('{"status": "success", "metrics": {"f1": 0.91}}')
        below = os.path.join(self.server.work, "below")
        os.mkdir(below)
        for folder, name in ((self.server.work, "result.json"), (below, "../result.json")):
            run(["sh", "-c", "git attest HEAD mini-val " + name], cwd=folder, env={**env, "REMOTE_USER": "ci-bot"})
        run(["git", "config", "--unset", "trunkgate.user"], cwd=self.server.work, env=env)
        done = run(["git", "approve"], cwd=self.server.work, env=env, check=False)
        self.assertEqual((1, b"say who you are: git config trunkgate.user NAME\n"), (done.returncode, done.stderr))
        self.assertIn(self.ref("check", "mini-val"), self.server.refs())


class Hiding(AttestationTest):
    """What fetches see of evidence."""

    def listed(self):
        return git("ls-remote", self.server.path, cwd=self.server.work)

    def test_fetches_do_not_list_it_and_pushes_reach_it(self):
        self.begin()
        self.leave(self.commit, self.ref("approval", "ben"), "ben")
        self.assertNotIn("refs/attest", self.listed())
        self.leave("", self.ref("approval", "ben"), "ben")

    def test_the_admin_shows_it_and_it_stays_shown(self):
        self.begin()
        self.leave(self.commit, self.ref("approval", "ben"), "ben")
        git("config", "--add", "uploadpack.hideRefs", "!refs/attest", cwd=self.server.path)
        self.assertIn("refs/attest", self.listed())
        self.server.install()
        self.assertIn("refs/attest", self.listed())

    def test_install_says_what_it_did(self):
        server = self.repository(policy=POLICY, install=False)
        said = " ".join(server.install().stdout.decode().split())
        self.assertIn("configured receive.advertisePushOptions=true, uploadpack.hideRefs=refs/attest", said)
        self.assertIn("git for-each-ref refs/attest", said)
        self.assertNotIn("hideRefs", server.install().stdout.decode())


class Schema(AttestationTest):
    """What config/attestation.schema.json says of a body, and what the gate does with it."""

    BODIES = {
        "approval": ({}, {"verdict": "veto", "text": "no"}, {"target": "main"}, {"target": "refs/heads/main"}, {"target": ""},
                     {"target": "heads/main"}, {"target": "refs/heads/main/"}, {"verdict": "no"}, {"text": 1},
                     {"verdit": "veto"}, [], {"text": "x" * 16385}, {"text": "x" * 16384}),
        "check": ({"status": "success"}, {}, {"status": "pending"}, {"status": "neutral", "metrics": {"a": -1.5e3}},
                  {"status": "error", "metrics": {"a": "1"}}, {"status": "error", "metrics": []},
                  {"status": "success", "started": "2026-01-05T09:30:00Z"}, {"status": "success", "started": "today"},
                  {"status": "success", "finished": "2026-01-05T09:30:00.25+01:00"}, {"status": "success", "x": 1},
                  {"status": "success", "metrics": {f"m{n}": n for n in range(1001)}}),
        "exemption": ({}, {"reason": "pager 4711"}, {"reason": None}, {"label": "x"}),
    }

    def test_gate_and_schema_agree(self):
        import jsonschema
        self.begin()
        with open(os.path.join(BUILD, "share", "trunkgate", "attestation.schema.json")) as file:
            schema = json.load(file)
        pushers = {"approval": "ben", "check": "ci-bot", "exemption": "cora"}
        for kind, bodies in self.BODIES.items():
            name = "ben" if kind == "approval" else "thing"
            validator = jsonschema.Draft7Validator({**schema, "$ref": f"#/definitions/{kind}"})
            for body in bodies:
                result = self.server.push(f"+{self.blob(body)}:{self.ref(kind, name)}", user=pushers[kind])
                self.assertEqual(validator.is_valid(body), result.code == 0, (kind, body, result))


class SignedAttestations(SignersTest):
    def begin(self):
        text = IDENTITY + f"""version: 1
users:
  ben: {{email: [ben@example.com], keys: ['{self.keys["carol"]}']}}
groups: {{reviewers: [ben, cora], ci: [ci-bot]}}
attestations: {{approval: {{by: [reviewers]}}, check: {{by: [ci, ben]}}}}
rulesets: []
"""
        self.install(text)
        git("checkout", "-q", "-B", "feature/x", cwd=self.server.work)
        git("commit", "-q", "--allow-empty", "-m", "feat: x", cwd=self.server.work)
        self.commit = self.server.head()
        self.assert_accepted(self.server.push("feature/x", user="ada"))

    def tag(self, signer, target, message, kind="approval", name="ben", called=None):
        self.sign_as(signer)
        called = called or f"attest/{self.commit}/{kind}/{name}"
        git("tag", "-s", "-f", "-m", message, called, target, cwd=self.server.work,
            env={"GIT_COMMITTER_NAME": "X", "GIT_COMMITTER_EMAIL": "x@example.com"})
        return git("rev-parse", "refs/tags/" + called, cwd=self.server.work)

    def push(self, what, kind, name, user):
        return self.server.push(f"+{what}:refs/attest/{self.commit}/{kind}/{name}", user=user)

    def test_the_signature_tells_whose_word_it_is(self):
        self.begin()
        self.assert_accepted(self.push(self.tag("carol", self.commit, "looks good"), "approval", "ben", "ci-bot"))
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b'{"status": "success"}')
        self.assert_accepted(self.push(self.tag("carol", blob, "x", "check", "unit"), "check", "unit", "somebody"))

    def test_a_key_that_nobody_knows_is_refused(self):
        self.begin()
        before = self.server.refs()
        result = self.push(self.tag("ada", self.commit, "looks good"), "approval", "ben", "ben")
        self.assert_refused(self.server, result, before, "its tag has a signature that")

    def test_the_signer_approves_in_no_other_name(self):
        self.begin()
        before = self.server.refs()
        result = self.push(self.tag("carol", self.commit, "looks good", name="cora"), "approval", "cora", "cora")
        self.assert_refused(self.server, result, before, "'ben' cannot approve in the name of 'cora'")

    def test_a_signature_under_something_else_is_no_approval(self):
        """B-017: neither a release nor an approval of another commit, whoever pushes it."""
        self.begin()
        approve = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b'{"verdict": "approve"}')
        elsewhere = f"attest/{self.server.ref('refs/heads/main')}/approval/ben"
        before = self.server.refs()
        for tag, called in ((self.tag("carol", self.commit, "Release 1", called="v1"), "v1"),
                            (self.tag("carol", approve, "fine", called=elsewhere), elsewhere)):
            result = self.push(tag, "approval", "ben", "ada")
            self.assert_refused(self.server, result, before, f"the tag was made as '{called}', not as 'attest/")

    def test_nobody_brings_back_what_the_signer_has_taken_back(self):
        """B-021: a signed approval that was replaced by a veto, or deleted, is pushed once more."""
        self.begin()
        approval = self.tag("carol", self.commit, "looks good")
        self.assert_accepted(self.push(approval, "approval", "ben", "ci-bot"))
        veto = self.tag("carol", self.commit, '{"verdict": "veto"}')
        for taken_back in (lambda: self.push(veto, "approval", "ben", "ci-bot"),
                           lambda: self.server.push(f":refs/attest/{self.commit}/approval/ben", user="ben")):
            self.assert_accepted(taken_back())
            before = self.server.refs()
            result = self.push(approval, "approval", "ben", "ada")
            self.assert_refused(self.server, result, before,
                                "this signed approval was here before, and only 'ben' can bring it back")
        self.assert_accepted(self.push(approval, "approval", "ben", "ben"))

    def test_what_was_signed_before_the_gate_is_its_signers(self):
        """B-021: another reviewer cannot delete the veto that counts."""
        self.begin()
        veto, ref = self.tag("carol", self.commit, '{"verdict": "veto"}'), f"refs/attest/{self.commit}/approval/ben"
        self.assert_accepted(self.server.push(f"{veto}:refs/tags/keep", user="ben"))
        git("update-ref", ref, veto, cwd=self.server.path)
        before = self.server.refs()
        self.assert_refused(self.server, self.server.push(":" + ref, user="cora"), before,
                            "this approval was left by 'ben', who alone can change or delete it")
        self.assert_accepted(self.server.push(":" + ref, user="ben"))

    def test_nobody_makes_what_was_signed_younger(self):
        """A grant ends and a check gets old from when it came; the same update once more is not a new one."""
        self.begin()
        approval = self.tag("carol", self.commit, "looks good")
        self.assert_accepted(self.push(approval, "approval", "ben", "ci-bot"))
        result = raw_push(self.server, [(approval, approval, f"refs/attest/{self.commit}/approval/ben")],
                          env={"REMOTE_USER": "ada"})
        self.assertIn("this signed approval was here before, and only 'ben' can bring it back", result.text)

    def test_an_unsigned_tag_is_no_attestation(self):
        self.begin()
        git("tag", "-a", "-m", "looks good", "plain", self.commit, cwd=self.server.work)
        before = self.server.refs()
        result = self.push("refs/tags/plain", "approval", "ben", "ben")
        self.assert_refused(self.server, result, before, "the approval is not valid: the tag is not signed")


if __name__ == "__main__":
    unittest.main()
