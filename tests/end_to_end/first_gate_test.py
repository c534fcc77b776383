"""The shortest way through the gate: refused, accepted, landed, over a local path and over SSH."""
import os
import unittest

from support import TOOL, GateTest, SshServer, git, run


class FirstGate(GateTest):
    def transport(self, repository):
        """Keyword arguments for push()."""
        return {}

    def actor(self):
        return {"kind": "user", "transport": "local"}

    def test_a_direct_push_to_main_is_refused_whole(self):
        repo = self.repository()
        before = repo.refs()
        commit = repo.commit("feat: add login", {"login.py": "print('hi')\n"})
        result = repo.push("HEAD:refs/heads/main", **self.transport(repo))
        self.assertEqual(1, result.code, result)
        push_id = repo.rejections()[0]["data"]["push_id"]
        self.assertEqual(f"""\
error: REJECTED refs/heads/main: no direct push to 'main'

  no direct push to 'main'
    hint   push your commits as a branch, then land that branch here
           (feature/**, release/**)
    fix    git push origin {commit[:8]}:refs/heads/feature/NAME
           git fetch origin
           git switch --detach origin/main
           git merge --no-ff origin/feature/NAME
           git push origin HEAD:main
    rule   direct-push (trunk, policy.yaml:6)

hint: nothing on the server was changed; push id {push_id[5:13]}""", result.remote)
        self.assertEqual(before, repo.refs())
        self.assertFalse(repo.has_object(commit), "the refused commit was kept")

    def test_a_bad_name_and_a_bad_message_are_told_at_once(self):
        repo = self.repository()
        before = repo.refs()
        commit = repo.commit("feature: add login")
        result = repo.push("HEAD:refs/heads/feat/login", **self.transport(repo))
        push_id = repo.rejections()[0]["data"]["push_id"]
        self.assertEqual(f"""\
error: REJECTED refs/heads/feat/login: branch name 'feat/login' is not allowed
error: and 1 more

  {commit[:8]} "feature: add login"
            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?
    fix    git commit --amend -m 'feat: add login'
    rule   unconventional-commit (branches, policy.yaml:13)

  branch name 'feat/login' is not allowed; did you mean
    'feature/login'?
    allowed: main, feature/**, release/**
    fix    git branch -m feat/login feature/login
           git push origin feature/login
    rule   ill-named-branch (branches, policy.yaml:12)

hint: nothing on the server was changed; push id {push_id[5:13]}""", result.remote)
        self.assertEqual(before, repo.refs())

    def test_the_repair_command_repairs(self):
        repo = self.repository()
        repo.commit("feature: add login")
        refused = repo.push("HEAD:refs/heads/feature/login", **self.transport(repo))
        command = refused.remote.split("fix    ")[1].splitlines()[0]
        run(["sh", "-c", command.replace("git commit", "git commit --allow-empty")], cwd=repo.work)
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/login", **self.transport(repo)))

    def test_a_branch_and_its_merge_are_accepted_in_silence_and_make_events(self):
        repo = self.repository()
        old = repo.head()
        repo.checkout("-b", "feature/login")
        feature = repo.commit("feat: add login", {"login.py": "1\n"})
        result = repo.push("feature/login", **self.transport(repo))
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        repo.checkout("main")
        merge = repo.merge("feature/login")
        result = repo.push("main", **self.transport(repo))
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        self.assertEqual(merge, repo.ref("refs/heads/main"))

        events = repo.events()
        self.assertEqual(["push.accepted", "ref.created", "push.accepted", "ref.updated",
                          "change.landed"],
                         [e["type"].split(".", 2)[2][:-3] for e in events])
        created, updated = events[1], events[3]
        self.assertEqual((None, feature), (created["data"]["change"]["before"],
                                           created["data"]["change"]["after"]))
        self.assertEqual((old, merge), (updated["data"]["change"]["before"],
                                        updated["data"]["change"]["after"]))
        self.assertTrue(updated["data"]["change"]["ref"]["protected"])
        for event in events:
            actor = dict(event["data"]["actor"])
            self.assertEqual(self.actor()["transport"], actor["transport"])
            self.assertEqual(run(["id", "-un"]).stdout.decode().strip(), actor["id"])
        self.assertEqual([f"{n:020}" for n in range(1, 6)], [e["sequence"] for e in events])

    def test_pushing_again_what_is_there_says_nothing_and_makes_no_event(self):
        repo = self.repository()
        repo.commit("feat: add login")
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/a", **self.transport(repo)))
        count = len(repo.events())
        self.assert_accepted(repo.push("HEAD:refs/heads/feature/a", **self.transport(repo)))
        self.assertEqual(count, len(repo.events()))

    def test_several_bad_commits_get_one_command_that_rewords_them_all(self):
        repo = self.repository()
        first = repo.commit("Feat add one")
        repo.commit("feat: add two")
        third = repo.commit("add three\n\nWhy three.\n")
        result = repo.push("HEAD:refs/heads/feature/a", **self.transport(repo))
        self.assertEqual(1, result.code)
        self.assertIn(f"""\
    fix    git rebase -i {first[:8]}^
           and mark the 2 commits with 'reword'
""", result.remote)
        self.assertIn(f'  {third[:8]} "add three"', result.remote)
        self.assertNotIn("feat: add two", result.remote)


class FirstGateOverSsh(FirstGate):
    def setUp(self):
        super().setUp()
        self.server = SshServer(self)

    def transport(self, repository):
        return {"url": self.server.url(repository), "env": self.server.environment()}

    def actor(self):
        return {"kind": "user", "transport": "ssh"}


if __name__ == "__main__":
    unittest.main()
