"""git push origin feature/x:refs/for/main: what lands, what does not, and what Git's summary says."""
import os
import unittest

from merge_queue import FEATURES, IDENTITY, MergeQueueTest, git
from support import ZERO, raw_push, run

GROUPS = IDENTITY + "groups: {reviewers: [ben]}\n"


class WhatLands(MergeQueueTest):
    def test_a_branch_lands_by_a_merge_made_on_the_server(self):
        self.begin()
        before = self.main()
        commit = self.branch("feature/x", {"x": "1\n"})
        result = self.ask("feature/x:refs/for/main")
        merge = self.assert_lands(result, commit, before)
        self.assertEqual(f"'feature/x' lands on 'main' by the merge {merge[:8]}\n"
                         "hint: git fetch brings it to you", result.remote)
        self.assertIn(f"   {before[:7]}..{merge[:7]}  feature/x -> refs/for/main\n", result.text)
        self.assertEqual("Merge branch 'feature/x'", self.title(merge))
        who = git("log", "-1", "--format=%an <%ae> %cn <%ce>", merge, cwd=self.server.path)
        self.assertEqual("Ada Lovelace <ada@example.com> Ada Lovelace <ada@example.com>", who)
        # What a developer's own Git makes of it.
        self.server.checkout("-B", "main", before)
        self.server.merge("feature/x")
        self.assertEqual(git("rev-parse", "HEAD^{tree}", cwd=self.server.work),
                         git("rev-parse", merge + "^{tree}", cwd=self.server.path))
        git("fsck", "--strict", cwd=self.server.path)

    def test_a_landing_is_told_once_and_as_what_it_is(self):
        self.begin()
        before = self.main()
        commit = self.branch("feature/x")
        self.server.events()
        merge = self.assert_lands(self.ask("feature/x:refs/for/main"), commit, before)
        told = [e for e in self.server.events() if e["type"].startswith("dev.trunkgate.ref.")]
        self.assertEqual([("dev.trunkgate.ref.created.v1", "refs/heads/feature/x"),
                          ("dev.trunkgate.ref.updated.v1", "refs/heads/main")],
                         [(e["type"], e["subject"]) for e in told])
        data = told[1]["data"]
        self.assertEqual((before, merge, "push", "ada"), (
            data["change"]["before"], data["change"]["after"], data["cause"], data["actor"]["id"]))
        self.assertTrue(data["change"]["ref"]["protected"])
        self.assertEqual([], self.server.rejections())
        self.assertEqual([], os.listdir(os.path.join(self.server.path, "trunkgate", "spool")))

    def test_hooks_after_the_push_see_the_branch(self):
        self.begin()
        before = self.main()
        commit = self.branch("feature/x")
        told = os.path.join(self.folder, "told")
        self.hook("post-receive", f"cat >{told}\n")
        merge = self.assert_lands(self.ask("feature/x:refs/for/main"), commit, before)
        with open(told) as file:
            self.assertEqual(f"{before} {merge} refs/heads/main\n", file.read())

    def test_other_branches_are_named_in_the_title(self):
        self.begin()
        run(["git", "update-ref", "refs/heads/develop", "main"], cwd=self.server.path)
        before = self.main()
        self.branch("feature/x")
        second = self.server.commit("feat: more", {"y": "1"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x", user="ada"))
        first = self.server.head("HEAD~1")
        merge = self.assert_lands(self.ask(first + ":refs/for/develop"), first, before, "develop")
        self.assertEqual("Merge branch 'feature/x' (early part) into develop", self.title(merge))
        merge = self.assert_lands(self.ask(second + ":refs/for/develop"), second, merge, "develop")
        self.assertEqual("Merge branch 'feature/x' into develop", self.title(merge))

    def test_a_branch_lands_as_it_is_where_only_that_is_allowed(self):
        self.begin(FEATURES + ", land: [fast-forward]")
        commit = self.branch("feature/x")
        other = self.branch("feature/y")
        result = self.ask("feature/x:refs/for/main")
        self.assert_accepted(result)
        self.assertEqual(commit, self.main())
        self.assertEqual(f"'feature/x' lands on 'main' as it is: {commit[:8]}\n"
                         "hint: git fetch brings it to you", result.remote)
        before = self.server.refs()
        result = self.ask(other + ":refs/for/main")
        self.assert_not_landed(result, before, "'feature/y' does not build on what 'main' holds now")
        self.assertIn("git rebase origin/main feature/y", result.remote)

    def test_an_unknown_persons_merge_has_a_name_of_the_servers(self):
        self.begin()
        commit = self.branch("feature/x", user="zoe")
        before = self.main()
        merge = self.assert_lands(self.ask("feature/x:refs/for/main", user="zoe"), commit, before)
        who = git("log", "-1", "--format=%an <%ae>", merge, cwd=self.server.path)
        self.assertRegex(who, r"^zoe <zoe@[\w.-]+>$")

    def test_a_branch_can_be_deleted_in_the_push_that_lands_it(self):
        self.begin()
        before = self.main()
        commit = self.branch("feature/x")
        result = self.ask(commit + ":refs/for/main", ":feature/x")
        self.assert_lands(result, commit, before)
        self.assertIsNone(self.server.ref("refs/heads/feature/x"))

    def test_a_landing_and_another_branch_in_one_push(self):
        self.begin()
        before = self.main()
        commit = self.branch("feature/x")
        self.branch("feature/y")
        more = self.server.commit("feat: more", {"more": "1"})
        self.assert_lands(self.ask("feature/x:refs/for/main", "feature/y"), commit, before)
        self.assertEqual(more, self.server.ref("refs/heads/feature/y"))
        updated = {e["subject"] for e in self.server.events() if e["type"] == "dev.trunkgate.ref.updated.v1"}
        self.assertEqual({"refs/heads/main", "refs/heads/feature/y"}, updated)

    def test_two_landings_in_one_push(self):
        self.begin()
        run(["git", "update-ref", "refs/heads/develop", "main"], cwd=self.server.path)
        before = self.main()
        x, y = self.branch("feature/x"), self.branch("feature/y")
        result = self.ask("feature/x:refs/for/main", "feature/y:refs/for/develop")
        self.assert_lands(result, x, before)
        self.assert_lands(result, y, before, "develop")
        self.assertEqual(2, sum(e["type"] == "dev.trunkgate.ref.updated.v1" for e in self.server.events()))

    def test_a_landing_in_a_namespace_stays_there(self):
        self.begin()
        inside = "refs/namespaces/team/refs/heads/main"
        run(["git", "update-ref", inside, "main"], cwd=self.server.path)
        before = self.main()
        self.server.checkout("-B", "feature/x", before)
        commit = self.server.commit("feat: x", {"x": "1"})
        env = {"GIT_NAMESPACE": "team"}
        self.assert_accepted(self.server.push("feature/x", user="ada", env=env))
        self.assert_accepted(self.server.push("feature/x:refs/for/main", user="ada", env=env))
        self.assertEqual(before, self.main())
        parents = git("log", "-1", "--format=%P", inside, cwd=self.server.path).split()
        self.assertEqual([before, commit], parents)


class WhatDoesNot(MergeQueueTest):
    def test_a_conflict_is_named_and_settled_on_the_branch(self):
        self.begin()
        x = self.branch("feature/x", {"README": "mine\n"})
        self.branch("feature/y", {"README": "yours\n"})
        self.assert_accepted(self.ask(x + ":refs/for/main"))
        before = self.server.refs()
        result = self.ask("feature/y:refs/for/main")
        self.assert_not_landed(result, before, "'feature/y' does not merge into 'main': 1 file conflicts")
        self.assertEqual(f"""\
error: REJECTED refs/for/main: 'feature/y' does not merge into 'main': 1 file conflicts

  'feature/y' does not merge into 'main': 1 file conflicts
    README
    hint   settle it on the branch, push the branch, then ask again
    fix    git fetch origin
           git switch feature/y
           git merge origin/main
           git push origin feature/y
           git push origin feature/y:refs/for/main
    rule   landing-request

hint: nothing on the server was changed; push id {result.remote[-8:]}""", result.remote)
        rejected = self.server.rejections()
        self.assertEqual(["refs/for/main"], [c["ref"]["name"] for c in rejected[0]["data"]["changes"]])
        self.assertEqual("proc-receive", rejected[0]["data"]["stage"])
        # As the message says.
        git("fetch", "-q", "origin", cwd=self.server.work)
        git("merge", "-q", "origin/main", cwd=self.server.work, check=False)
        self.server.commit("Merge branch 'main' into feature/y", {"README": "ours\n"})
        self.assert_accepted(self.ask("feature/y"))
        self.assert_accepted(self.ask("feature/y:refs/for/main"))

    def test_what_is_on_the_branch_already(self):
        self.begin()
        commit = self.branch("feature/x")
        self.assert_accepted(self.ask("feature/x:refs/for/main"))
        before = self.server.refs()
        self.assert_not_landed(self.ask("feature/x:refs/for/main"), before,
                               f"{commit[:8]} is on 'main' already")
        self.assert_not_landed(self.ask("main:refs/for/main"), before,
                               f"{self.server.head('main')[:8]} is on 'main' already")

    def test_a_rule_of_the_branch_judges_the_merge(self):
        rules = ("      frozen-path: {paths: [README]}\n"
                 "      sprawling-commit: {files: 3}\n")
        self.begin(rules=rules)
        self.branch("feature/x", {"README": "new\n"})
        before = self.server.refs()
        result = self.ask("feature/x:refs/for/main")
        self.assertNotEqual(0, result.code)
        self.assertEqual(before, self.server.refs())
        self.assertIn("README", self.reasons(result)["refs/for/main"])
        self.assertIn("error: REJECTED refs/for/main: README", result.remote)
        self.assertIn("rule   frozen-path (trunk, policy.yaml:12)", result.remote)

    def test_who_may_not_land(self):
        self.begin(FEATURES + ", by: [reviewers, cora]", top=GROUPS)
        before_main = self.main()
        commit = self.branch("feature/x")
        before = self.server.refs()
        result = self.ask("feature/x:refs/for/main")
        self.assert_refused(self.server, result, before, "'ada' may not land on 'main'",
                            "may land: ben, cora", "landing-request")
        self.assert_lands(self.ask("feature/x:refs/for/main", user="ben"), commit, before_main)

    def test_everything_that_is_wrong_with_a_request_is_said_at_once(self):
        self.begin(FEATURES + ", by: [ben]")
        self.branch("wip/x")
        before = self.server.refs()
        result = self.ask("wip/x:refs/for/main")
        self.assert_refused(self.server, result, before, "'ada' may not land on 'main'",
                            f"{self.server.head()[:8]} is on no branch that may land on 'main'",
                            "may land: feature/**, release/**")

    def test_what_is_not_on_the_server(self):
        self.begin()
        self.server.checkout("-B", "feature/x", self.main())
        commit = self.server.commit("feat: x", {"x": "1"})
        before = self.server.refs()
        for specs in (["feature/x:refs/for/main"], ["feature/x", "feature/x:refs/for/main"]):
            result = self.ask(*specs)
            self.assert_refused(self.server, result, before,
                                f"{commit[:8]} is on no branch of the server yet",
                                "push the branch first, in a push of its own")
            self.assertFalse(self.server.has_object(commit))

    def test_there_is_no_such_branch(self):
        self.begin()
        self.branch("feature/x")
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("feature/x:refs/for/elsewhere"), before,
                            "there is no branch 'elsewhere' to land on")
        self.assert_refused(self.server, self.ask("feature/x:refs/for/feature/x"), before,
                            "'feature/x' is not protected: nothing has to land", "git push origin HEAD:")

    def test_another_name_of_the_branch(self):
        self.begin()
        run(["git", "symbolic-ref", "refs/heads/trunk", "refs/heads/main"], cwd=self.server.path)
        commit = self.branch("feature/x")
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("feature/x:refs/for/trunk"), before,
                            "'trunk' is another name for 'main'",
                            f"git push origin {commit[:8]}:refs/for/main")

    def test_a_tag_is_no_commit(self):
        self.begin()
        self.branch("feature/x")
        git("tag", "-a", "-m", "x", "v1", cwd=self.server.work)
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("v1:refs/for/main"), before, "only a commit can land")

    def test_requests_are_never_deleted_or_updated(self):
        self.begin()
        commit = self.branch("feature/x")
        before = self.server.refs()
        for old, new in ((commit, ZERO), (ZERO, ZERO), (self.main(), commit)):
            result = raw_push(self.server, [(old, new, "refs/for/main")], env={"REMOTE_USER": "ada"})
            self.assert_refused(self.server, result, before, "REJECTED refs/for/main")
        # One that an admin has made by mistake.
        run(["git", "update-ref", "refs/for/main", commit], cwd=self.server.path)
        before = self.server.refs()
        for new in (ZERO, self.main()):
            result = raw_push(self.server, [(commit, new, "refs/for/main")], env={"REMOTE_USER": "ada"})
            self.assert_refused(self.server, result, before, "stands for no branch and holds nothing")

    def test_a_landing_is_no_part_of_an_atomic_push(self):
        self.begin()
        before_main = self.main()
        commit = self.branch("feature/x")
        self.branch("feature/y")
        self.server.commit("feat: more", {"more": "1"})
        before = self.server.refs()
        result = self.ask("--atomic", "feature/x:refs/for/main", "feature/y")
        self.assertEqual({
            "refs/for/main": "a landing cannot be part of an atomic push; push it by itself",
            "feature/y": "fail to run proc-receive hook"}, self.reasons(result))
        self.assertEqual(before, self.server.refs())
        self.assert_lands(self.ask("--atomic", "feature/x:refs/for/main"), commit, before_main)

    def test_a_bad_branch_in_the_push_keeps_the_landing_back(self):
        rules = ("  - name: branches\n    refs: ['refs/heads/**']\n    rules:\n"
                 "      ill-named-branch: {allow: [main, 'feature/**']}\n")
        self.begin(rules=rules)
        self.branch("feature/x")
        before = self.server.refs()
        self.assert_refused(self.server, self.ask("feature/x:refs/for/main", "feature/x:refs/heads/bad"),
                            before, "bad")

    def test_ref_by_ref_the_landing_goes_on_alone(self):
        rules = ("  - name: branches\n    refs: ['refs/heads/**']\n    rules:\n"
                 "      ill-named-branch: {allow: [main, 'feature/**']}\n")
        self.begin(rules=rules, top="on-violation: ref\n" + IDENTITY)
        before = self.main()
        commit = self.branch("feature/x")
        result = self.ask("feature/x:refs/for/main", "feature/x:refs/heads/bad",
                          "feature/x:refs/for/elsewhere")
        self.assertEqual({"bad": "hook declined", "refs/for/elsewhere": "refused, as said above"},
                         self.reasons(result))
        self.assertIsNone(self.server.ref("refs/heads/bad"))
        parents = git("log", "-1", "--format=%P", "main", cwd=self.server.path).split()
        self.assertEqual([before, commit], parents)


if __name__ == "__main__":
    unittest.main()
