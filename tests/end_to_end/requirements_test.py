"""What lands on main has to be approved, checked and measured: pushes by several people."""
import json
import os
import re
import unittest

from support import IDENTITY, GateTest, git

POLICY = "version: 1\n" + IDENTITY + """groups: {reviewers: [bo, cy], ml: [dee]}
attestations:
  approval: {by: [reviewers, ml]}
  check: {by: [ci]}
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {land: [merge, fast-forward], from: ['feature/**', 'hotfix/**']}
%s"""


class Requirements(GateTest):
    def begin(self, *rules):
        self.server = self.repository(policy=POLICY % "".join(f"      {rule}\n" for rule in rules))

    def feature(self, files, name="feature/x", user="ada", **kwargs):
        """A branch with one commit from where main is, pushed by `user`."""
        self.server.checkout("-B", name, self.server.ref("refs/heads/main"))
        oid = self.server.commit(f"feat: {name}", files, **kwargs)
        self.assert_accepted(self.server.push("+HEAD:refs/heads/" + name, user=user))
        return oid

    def approve(self, oid, user):
        self.assert_accepted(self.server.push(f"{oid}:refs/attest/{oid}/approval/{user}", user=user))

    def leave(self, oid, kind, name, body, user="ci"):
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work,
                   data=json.dumps(body).encode())
        self.assert_accepted(self.server.push(f"+{blob}:refs/attest/{oid}/{kind}/{name}", user=user))

    def merge(self, name="feature/x"):
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        return self.server.merge(name)

    def land(self, user="ada", **kwargs):
        result = self.server.push("HEAD:refs/heads/main", user=user, **kwargs)
        self.assert_accepted(result)
        self.assertEqual(self.server.head(), self.server.ref("refs/heads/main"))
        return result

    def refuse(self, *words, user="ada", **kwargs):
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main", user=user, **kwargs)
        self.assert_refused(self.server, result, before)
        text = " ".join(result.remote.split())  # lines are wrapped
        for word in words:
            self.assertIn(word, text, result)
        return result

    def test_the_message_says_what_is_missing_and_how_it_is_left(self):
        self.begin("missing-approval: {by: [reviewers]}", "missing-check: {require: [unit, docs], paths: ['*.py']}")
        oid = self.feature({"a.txt": "1\n"})
        self.merge()
        result = self.refuse()
        text = re.sub(r"push id [0-9a-f]+", "push id ID", result.remote)
        self.assertEqual(f"""error: REJECTED refs/heads/main: feature/x needs 1 approval by reviewers and has none

  feature/x needs 1 approval by reviewers and has none
    hint   these may approve it: bo, cy
    fix    git push origin {oid}:refs/attest/{oid}/approval/YOU
    rule   missing-approval (trunk, policy.yaml:12)

  evidence for landing
    unsatisfied     1 approval by reviewers: none yet
    not applicable  check unit: no file of *.py changes
    not applicable  check docs: no file of *.py changes

hint: nothing on the server was changed; push id ID""", text)
        # The command that it gives is all it takes.
        command = re.search(r"fix +(git push .*)", result.remote).group(1)
        spec = command.split()[-1].replace("YOU", "bo")
        self.assert_accepted(self.server.push(spec, user="bo"))
        self.land()

    def test_the_events_and_the_answer_for_programs_have_every_state(self):
        self.begin("missing-approval: {}", "missing-check: {require: [unit]}")
        oid = self.feature({"a": "1\n"})
        self.approve(oid, "bo")
        self.merge()
        result = self.refuse(options=["policy.format=json"])
        answer = json.loads(result.remote)
        self.assertEqual([("missing-approval", "satisfied", "1 approval", "approved by bo"),
                          ("missing-check.unit", "unsatisfied", "check unit", "missing")],
                         [(r["rule"], r["state"], r["what"], r["why"])
                          for r in answer["refs"][0]["requirements"]])
        self.leave(oid, "check", "unit", {"status": "success"})
        self.land()

    def test_an_approval_by_the_author_or_the_pusher_does_not_count(self):
        self.begin("missing-approval: {}")
        # Pushed by bo under ada's name; then pushed again by ada.
        oid = self.feature({"a": "1\n"}, user="bo")
        self.assert_accepted(self.server.push("HEAD:refs/heads/hotfix/x", user="ada"))
        result = self.server.push(f"{oid}:refs/attest/{oid}/approval/bo", user="bo")
        self.assertIn("'bo' pushed it", result.remote)
        self.merge()
        self.refuse("needs 1 approval and has none", user="cy")
        self.approve(oid, "cy")
        self.land()

    def test_an_approval_is_stale_after_another_commit(self):
        self.begin("missing-approval: {}")
        oid = self.feature({"a": "1\n"})
        self.approve(oid, "bo")
        self.server.commit("feat: more", {"a": "2\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x", user="ada"))
        self.merge()
        self.refuse("needs 1 approval and has none")

    def test_who_wrote_an_earlier_commit_of_the_branch_cannot_approve_the_last_one(self):
        self.begin("missing-approval: {}")
        self.feature({"a": "1\n"}, user="bo")
        tip = self.server.commit("feat: more", {"a": "2\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x", user="ada"))
        self.approve(tip, "bo")
        self.merge()
        self.refuse("lands with it, and 'bo' pushed it")

    def test_a_veto_blocks_until_it_is_taken_back(self):
        self.begin("missing-approval: {}")
        oid = self.feature({"a": "1\n"})
        self.approve(oid, "bo")
        self.leave(oid, "approval", "cy", {"verdict": "veto", "text": "leaks a key"}, user="cy")
        self.merge()
        self.refuse("'cy' vetoes feature/x", "it says: leaks a key",
                    f"git push origin :refs/attest/{oid}/approval/cy")
        self.assertNotEqual(0, self.server.push(f":refs/attest/{oid}/approval/cy", user="ada").code)
        self.assert_accepted(self.server.push(f":refs/attest/{oid}/approval/cy", user="cy"))
        self.land()

    def test_the_owners_of_what_changes_have_to_approve(self):
        self.begin("missing-approval: {count: 0, owners: .github/CODEOWNERS}")
        self.server.checkout("-B", "main", self.server.ref("refs/heads/main"))
        self.server.commit("chore: owners", {".github/CODEOWNERS": "models/ @ml\n"})
        git("push", "-q", "--receive-pack=git -c core.hooksPath=/dev/null receive-pack", self.server.path,
            "HEAD:refs/heads/main", cwd=self.server.work)
        oid = self.feature({"models/vit.yaml": "x: 1\n", ".github/CODEOWNERS": "# nobody\n"})
        self.approve(oid, "bo")
        self.merge()
        self.refuse("an owner of models/vit.yaml has to approve", "owners by .github/CODEOWNERS:1: dee")
        self.approve(oid, "dee")
        self.land()

    def test_a_forged_check_does_not_count_and_a_failed_one_is_shown(self):
        self.begin("missing-check: {require: [unit]}")
        oid = self.feature({"a": "1\n"})
        blob = git("hash-object", "-w", "--stdin", cwd=self.server.work, data=b'{"status": "success"}')
        self.assertNotEqual(0, self.server.push(f"{blob}:refs/attest/{oid}/check/unit", user="ada").code)
        # Put there on the server, behind the gate's back.
        git("hash-object", "-w", "--stdin", cwd=self.server.path, data=b'{"status": "success"}')
        git("update-ref", f"refs/attest/{oid}/check/unit", blob, cwd=self.server.path)
        self.merge()
        self.refuse("check 'unit' of feature/x does not count", "nobody knows who")
        self.leave(oid, "check", "unit", {"status": "failure", "url": "https://ci.example/7"})
        self.refuse("check 'unit' of feature/x says failure", "see https://ci.example/7")
        self.leave(oid, "check", "unit", {"status": "success"})
        self.land()

    def test_a_metric_is_compared_with_what_landed_last(self):
        self.begin("metric-regression: {check: mini-val, metric: f1, max-drop: 0.005}")
        first = self.feature({"a": "1\n"})
        self.leave(first, "check", "mini-val", {"status": "success", "metrics": {"f1": 0.91}})
        self.merge()
        self.land()
        second = self.feature({"b": "1\n"}, name="feature/y")
        self.leave(second, "check", "mini-val", {"status": "success", "metrics": {"f1": 0.9049}})
        self.merge("feature/y")
        self.refuse("'f1' of feature/y drops by 0.0051, from 0.91 to 0.9049; at most 0.005")
        self.leave(second, "check", "mini-val", {"status": "success", "metrics": {"f1": 0.905}})
        self.land()

    def test_one_kind_of_evidence_makes_up_for_another(self):
        self.begin("missing-evidence: {any-of: [{approval: {count: 2}}, "
                   "{all-of: [{approval: {}}, {check: {require: [unit]}}]}]}")
        oid = self.feature({"a": "1\n"})
        self.approve(oid, "bo")
        self.merge()
        self.refuse("feature/x needs 2 approvals or (1 approval and check unit)",
                    "unsatisfied: check unit: missing")
        self.leave(oid, "check", "unit", {"status": "success"})
        self.land()

    def test_an_approval_survives_a_clean_rebase_where_the_policy_says_so(self):
        self.begin("missing-approval: {survives: [clean-rebase]}")
        oid = self.feature({"a": "1\n"})
        self.approve(oid, "bo")
        other = self.feature({"b": "1\n"}, name="feature/y")
        self.approve(other, "cy")
        self.merge("feature/y")
        self.land()
        self.server.checkout("feature/x")
        git("rebase", "-q", "main", cwd=self.server.work)
        self.assertNotEqual(oid, self.server.head())
        self.assert_accepted(self.server.push("+HEAD:refs/heads/feature/x", user="ada"))
        self.merge()
        self.land()

    def test_an_approval_that_is_withdrawn_during_the_push_does_not_count(self):
        self.begin("missing-approval: {}")
        oid = self.feature({"a": "1\n"})
        self.approve(oid, "bo")
        self.merge()
        # Between pre-receive and the update of the reference.
        hook = os.path.join(self.server.path, "hooks", "update")
        os.rename(hook, hook + ".gate")
        with open(hook, "w") as file:
            file.write("#!/bin/sh\ngit update-ref -d refs/attest/%s/approval/bo\nexec %s.gate \"$@\"\n"
                       % (oid, hook))
        os.chmod(hook, 0o755)
        main = self.server.ref("refs/heads/main")
        result = self.server.push("HEAD:refs/heads/main", user="ada")
        self.assertNotEqual(0, result.code, result)
        self.assertEqual(main, self.server.ref("refs/heads/main"))

    def test_evidence_that_nobody_can_leave_is_a_mistake(self):
        self.begin("missing-check: {require: [unit]}")
        self.server.write_policy("version: 1\nrulesets: [{name: x, refs: [main], rules: "
                                 "{missing-check: {require: [unit]}}}]\n")
        self.server.checkout("-B", "feature/x", "main")
        self.server.commit("feat: x", {"a": "1\n"})
        result = self.server.push("HEAD:refs/heads/feature/x", user="ada")
        text = " ".join(result.remote.replace("warning: ", "").split())
        self.assertIn("asks for attestations of the kind 'check', and the policy takes none", text)


if __name__ == "__main__":
    unittest.main()
