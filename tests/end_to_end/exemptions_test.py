"""Exemptions: used explicitly with a push option, limited, and never without a trail."""
import glob
import json
import os
import threading
import time
import unittest

from support import GateTest, IDENTITY, git, pack_of, raw_push

POLICY = "version: 1\n" + IDENTITY + """groups: {managers: [carol, dave]}
attestations: {exemption: {by: [managers]}}
rulesets:
  - {name: trunk, refs: [main], rules: {unconventional-commit: {}}}
  - {name: releases, refs: ['release/**'], rules: {unconventional-commit: {}}}
  - {name: all, refs: ['refs/heads/**'], rules: {oversized-file: {limit: 1KiB}}}
exemptions:
  title: {waives: [unconventional-commit], by: [managers], refs: [main, 'release/**']}
  once: {waives: [unconventional-commit], by: [managers], uses: 1, expires: 24h}
  size: {waives: [oversized-file], by: [managers], budget: 2, reason: optional}
  granted: {waives: [unconventional-commit], by: [ada, carol], uses: 1, expires: 1h, approval: {by: [managers]}}
  fire: {waives: ['*'], by: [managers]}
"""


def asking(label, reason="pager 4711"):
    return [f"exempt={label}"] + ([f"reason={reason}"] if reason else [])


class Exemptions(GateTest):
    def setUp(self):
        super().setUp()
        self.repo = self.repository(policy=POLICY)

    def bad(self, title="feature: x", **files):
        return self.repo.commit(title, files or None)

    def push(self, spec, label=None, reason="pager 4711", user="carol", options=()):
        return self.repo.push(spec, user=user,
                              options=[*(asking(label, reason) if label else []), *options])

    def claims(self, label="once", kind="*"):
        return glob.glob(os.path.join(self.repo.path, "trunkgate/state/exemptions", label, kind, "*.*"))

    def hook(self, name, text):
        """A hook of the server's own, run after the gate."""
        folder = os.path.join(self.repo.path, "hooks", name + ".d")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "50-test")
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def refused(self, result, *words):
        self.assertNotEqual(0, result.code, result)
        for word in words:
            self.assertIn(word, " ".join(result.remote.split()), result)

    # Asking for one

    def test_a_push_without_one_is_refused_and_told_who_may(self):
        self.bad()
        result = self.push("HEAD:refs/heads/main", user="ada")
        self.refused(result, "error: REJECTED refs/heads/main: type 'feature' is not allowed",
                     "hint: managers may waive this with the exemption 'title'")
        result = self.push("HEAD:refs/heads/main", user="carol")
        self.assertIn("hint: you may waive this; it is recorded:\n"
                      "hint:   git push -o exempt=title -o reason='...' origin ...", result.remote)
        self.assertNotIn("fire", result.remote)

    def test_one_with_a_reason_lets_the_push_in_and_says_so(self):
        commit = self.bad()
        result = self.push("HEAD:refs/heads/main", "title")
        self.assert_accepted(result)
        self.assertEqual(commit, self.repo.ref("refs/heads/main"))
        self.assertEqual(
            "warning: EXEMPTION title used by carol on refs/heads/main: waives 1\n"
            "warning: finding of unconventional-commit; reason: pager 4711\n"
            "\n"
            f"  {commit[:8]} \"feature: x\"\n"
            "            ^^^^^^^\n"
            "    waived by title: type 'feature' is not allowed; did you mean 'feat'?\n"
            "    rule   unconventional-commit (trunk, policy.yaml:6)",
            result.remote[:result.remote.index("\n\nhint: the push was accepted")])

    def test_programs_read_it_too(self):
        self.bad()
        result = self.push("HEAD:refs/heads/main", "title", options=["policy.format=json"])
        self.assert_accepted(result)
        answer = json.loads(result.remote)
        self.assertEqual("accepted", answer["verdict"])
        self.assertEqual([{"label": "title", "ref": "refs/heads/main", "pusher": "carol",
                           "reason": "pager 4711", "rules": ["unconventional-commit"], "findings": 1}],
                         answer["exemptions"])
        self.assertEqual("title", answer["refs"][0]["findings"][0]["waived_by"])

    def test_none_without_a_reason(self):
        before = self.repo.refs()
        self.bad()
        result = self.push("HEAD:refs/heads/main", "title", reason="")
        self.assert_refused(self.repo, result, before,
                            "error: REJECTED push: the exemption 'title' needs a reason, which is kept",
                            "git push -o exempt=title -o reason='WHY' origin ...")

    def test_none_for_somebody_else(self):
        before = self.repo.refs()
        self.bad()
        result = self.push("HEAD:refs/heads/main", "title", user="ada")
        self.assert_refused(self.repo, result, before, "'ada' may not use the exemption 'title'",
                            "may: managers")

    def test_none_that_is_unknown(self):
        before = self.repo.refs()
        self.bad()
        result = self.push("HEAD:refs/heads/main", "titel")
        self.assert_refused(self.repo, result, before, "there is no exemption 'titel'; did you mean 'title'?")

    def test_none_on_another_ref(self):
        before = self.repo.refs()
        self.repo.commit("feat: x", {"big": "x" * 2000})
        result = self.push("HEAD:refs/heads/feature/x", "title")
        self.assert_refused(self.repo, result, before, "the exemption 'title' is not for refs/heads/feature/x")

    def test_no_text_of_a_commit_exempts_anything(self):
        before = self.repo.refs()
        for text in ("[skip ci]", "exempt=title", "Exempt: title", "-o exempt=title -o reason=x",
                     "[exempt title]", "[skip title]", "#nocheck", "fire"):
            self.bad(f"feature: {text}\n\n{text}\n\nExempt: title\nReason: x\n")
            result = self.push("HEAD:refs/heads/main")
            self.assert_refused(self.repo, result, before, "type 'feature' is not allowed")
            git("reset", "-q", "--hard", "HEAD~1", cwd=self.repo.work)

    def test_one_that_is_not_needed_is_not_used(self):
        self.repo.commit("feat: good")
        result = self.push("HEAD:refs/heads/main", "once")
        self.assert_accepted(result)
        self.assertIn("the exemption 'once' has nothing to waive here", result.remote)
        self.assertEqual([], self.claims())

    def test_when_options_are_not_advertised_the_pusher_reads_what_an_admin_has_to_do(self):
        git("config", "receive.advertisePushOptions", "false", cwd=self.repo.path)
        self.bad()
        result = self.push("HEAD:refs/heads/main")
        self.refused(result, "the exemption 'title' may waive this; an admin has to switch push",
                     "git config receive.advertisePushOptions true")

    # How often and how long

    def test_a_use_is_kept_and_is_the_last_one(self):
        commit = self.bad()
        self.assert_accepted(self.push("HEAD:refs/heads/main", "once"))
        self.assertEqual(1, len(self.claims(kind="used")))
        self.assertEqual([], self.claims(kind="open"))
        before = self.repo.refs()
        result = self.push("HEAD:refs/heads/release/1", "once")
        self.assert_refused(self.repo, result, before,
                            f"the exemption 'once' is used up for {commit[:8]}: 1 use of 1",
                            "used by 'carol' on refs/heads/main")

    def test_a_use_is_not_given_back_with_the_branch(self):
        self.bad()
        self.assert_accepted(self.push("HEAD:refs/heads/release/1", "once"))
        self.assert_accepted(self.push(":refs/heads/release/1"))
        before = self.repo.refs()
        self.assert_refused(self.repo, self.push("HEAD:refs/heads/release/1", "once"), before, "is used up")

    def test_it_ends_with_its_time(self):
        commit = self.bad()
        self.assert_accepted(self.push("HEAD:refs/heads/feature/x"))
        state = os.path.join(self.repo.path, "trunkgate/state/pushers", commit[:2])
        with open(state) as file:
            text = file.read()
        self.assertIn(f"{commit} carol ", text)
        with open(state, "a") as file:  # as if it had come the day before yesterday
            file.write(f"\n{commit} carol {int(time.time()) - 2 * 86400} refs/heads/feature/x\n")
        before = self.repo.refs()
        self.assert_refused(self.repo, self.push("HEAD:refs/heads/main", "once"), before,
                            "the exemption 'once' ended for this commit ")

    def test_a_budget_holds_for_all_uses_together(self):
        for number in range(2):
            self.repo.commit(f"feat: {number}", {f"big{number}": "x" * 2000})
            self.assert_accepted(self.push("HEAD:refs/heads/feature/x", "size", reason=""))
        self.repo.commit("feat: 3", {"big3": "x" * 2000})
        before = self.repo.refs()
        self.assert_refused(self.repo, self.push("HEAD:refs/heads/feature/x", "size"), before,
                            "the exemption 'size' has used up its budget: 2 uses in 7 days")
        # A week later.
        for path in self.claims("size", "used"):
            name = os.path.basename(path).split(".")
            name[1] = str(int(name[1]) - 7 * 86400)
            os.rename(path, os.path.join(os.path.dirname(path), ".".join(name)))
        self.assert_accepted(self.push("HEAD:refs/heads/feature/x", "size"))

    def test_asking_only_uses_nothing_up(self):
        self.bad()
        result = self.push("HEAD:refs/heads/main", "once", options=["policy=check"])
        self.refused(result, "EXEMPTION once would be used by carol", "CHECK OK")
        self.assertEqual([], self.claims())

    def test_a_push_that_is_refused_uses_nothing_up(self):
        self.repo.commit("feature: x", {"big": "x" * 2000})
        result = self.push("HEAD:refs/heads/main", "once")
        self.refused(result, "EXEMPTION once would waive 1 finding", "a refused push uses nothing up")
        self.assertEqual([], self.claims())

    def test_a_stale_old_value_uses_nothing_up(self):
        main = self.repo.ref("refs/heads/main")
        commit = self.bad()
        wrong = self.repo.commit("feat: elsewhere")
        result = raw_push(self.repo, [(wrong, commit, "refs/heads/main")],
                          pack_of(self.repo, [commit], [main]), env={"REMOTE_USER": "carol"},
                          capabilities="report-status side-band-64k push-options",
                          options=asking("once"))
        self.assertIn(b"ng refs/heads/main", result.report, result)
        self.assertEqual([], self.claims())
        self.assert_accepted(self.push(f"{commit}:refs/heads/main", "once"))

    def test_a_use_is_given_back_when_the_servers_own_hook_refuses(self):
        self.bad()
        self.hook("pre-receive", "echo no; exit 1\n")
        self.refused(self.push("HEAD:refs/heads/main", "once"), "the server's own hook")
        self.assertEqual([], self.claims())
        self.hook("pre-receive", "exit 0\n")
        self.assert_accepted(self.push("HEAD:refs/heads/main", "once"))

    def test_a_use_is_given_back_when_the_update_fails(self):
        self.bad()
        self.hook("update", "exit 1\n")
        self.assertNotEqual(0, self.push("HEAD:refs/heads/main", "once").code)
        self.assertEqual(1, len(self.claims(kind="open")))  # nobody has looked since
        self.hook("update", "exit 0\n")
        self.assert_accepted(self.push("HEAD:refs/heads/main", "once"))
        self.assertEqual(1, len(self.claims()))

    def test_of_two_pushes_at_once_one_gets_the_single_use(self):  # B-029
        self.bad()
        self.hook("pre-receive", "sleep 1\n")
        results = {}

        def push(branch):
            results[branch] = self.push(f"HEAD:refs/heads/release/{branch}", "once")

        threads = [threading.Thread(target=push, args=(branch,)) for branch in ("1", "2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([0, 1], sorted(result.code for result in results.values()), results)
        loser = max(results.values(), key=lambda result: result.code)
        self.refused(loser, "is used up", "a push may be going on that uses it; should it fail, push again")
        self.assertEqual(1, len([name for name in self.repo.refs() if "release" in name]))
        self.assertEqual(1, len(self.claims()))

    def test_many_pushes_at_once_stay_within_the_budget(self):
        commits = []
        main = self.repo.head()
        for number in range(6):
            git("reset", "-q", "--hard", main, cwd=self.repo.work)
            commits.append(self.repo.commit(f"feat: {number}", {"big": f"{number}" * 2000}))
        results = []
        threads = [threading.Thread(target=lambda commit=commit, number=number: results.append(
            self.push(f"{commit}:refs/heads/feature/{number}", "size")))
            for number, commit in enumerate(commits)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(2, sum(result.code == 0 for result in results), results)
        self.assertEqual(2, len(self.claims("size", "used")))

    # Request and approve

    def grant(self, commit, user, label="granted"):
        blob = git("hash-object", "-w", "--stdin", cwd=self.repo.work, data=b'{"reason": "hot"}')
        return self.repo.push(f"{blob}:refs/attest/{commit}/exemption/{label}", user=user)

    def test_one_that_has_to_be_granted(self):
        commit = self.bad()
        self.assert_accepted(self.push("HEAD:refs/heads/feature/x", user="bob"))
        result = self.push("HEAD:refs/heads/main", "granted", user="ada")
        self.refused(result, f"the exemption 'granted' has to be granted for {commit[:8]} first",
                     "1 grant by managers",
                     "git push origin $(printf '{\"reason\":\"WHY\"}' | git hash-object -w --stdin):"
                     f"refs/attest/{commit}/exemption/granted")
        self.refused(self.grant(commit, "ada"), "'ada' may not leave an exemption")
        self.assert_accepted(self.grant(commit, "carol"))
        self.refused(self.push("HEAD:refs/heads/main", "granted", user="carol"),
                     "does not count: it is your own")
        result = self.push("HEAD:refs/heads/main", "granted", user="ada")
        self.assert_accepted(result)
        self.assertIn("granted by carol; 0 uses left; ends 20", " ".join(result.remote.replace("warning: ", "").split()))
        self.refused(self.push("HEAD:refs/heads/release/1", "granted", user="ada"), "is used up",
                     "a new grant makes it new")

    def test_a_grant_ends(self):
        commit = self.bad()
        self.assert_accepted(self.push("HEAD:refs/heads/feature/x", user="bob"))
        self.assert_accepted(self.grant(commit, "carol"))
        path = os.path.join(self.repo.path, "trunkgate/state/issuers", commit[:2])
        with open(path) as file:
            words = file.read().split()
        words[3] = str(int(words[3]) - 3600)
        with open(path, "w") as file:
            file.write("\n" + " ".join(words) + "\n")
        self.refused(self.push("HEAD:refs/heads/main", "granted", user="ada"),
                     "the grant by 'carol' ended 20")

    def test_a_grant_that_is_withdrawn_while_the_push_is_judged_does_not_count(self):
        commit = self.bad()
        self.assert_accepted(self.push("HEAD:refs/heads/feature/x", user="bob"))
        self.assert_accepted(self.grant(commit, "carol"))
        self.hook("pre-receive", f"git update-ref -d refs/attest/{commit}/exemption/granted || "
                  f"rm -f refs/attest/{commit}/exemption/granted\n")
        before = self.repo.ref("refs/heads/main")
        result = self.push("HEAD:refs/heads/main", "granted", user="ada")
        self.refused(result, "moved while it was landing")
        self.assertEqual(before, self.repo.ref("refs/heads/main"))

    # Break-glass

    def test_break_glass_waives_every_rule_and_shouts(self):
        self.repo.commit("feature: x", {"big": "x" * 2000})
        result = self.push("HEAD:refs/heads/main", "fire")
        self.assert_accepted(result)
        self.assertIn("warning: BREAK-GLASS EXEMPTION fire used by carol on refs/heads/main:", result.remote)
        self.assertIn("waived by fire: ", result.remote)

    def test_break_glass_waives_nothing_that_is_always_refused(self):
        before = self.repo.refs()
        tip = self.bad()
        self.assert_refused(self.repo, self.push(f"HEAD:refs/replace/{tip}", "fire"), before,
                            "refs/replace/")

    # The trail

    def test_what_is_used_is_left_for_the_deliverer(self):
        self.bad()
        self.hook("post-receive", "cp trunkgate/spool/*.I kept 2>/dev/null\n")
        self.assert_accepted(self.push("HEAD:refs/heads/main", "once", reason="päger"))
        with open(os.path.join(self.repo.path, "kept")) as file:
            record = json.load(file)
        use = record["exemptions"][0]
        self.assertEqual(("once", ["unconventional-commit"], 1),
                         (use["label"], use["rules"], use["findings"]))
        self.assertEqual([True], [finding["warning"] for finding in record["findings"]])


if __name__ == "__main__":
    unittest.main()
