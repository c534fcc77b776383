"""The rule `locked-path`: locks that people take and give back with git push."""
import unittest

from support import IDENTITY, GateTest, git

POLICY = "version: 1\n" + IDENTITY + """groups: {admins: [root]}
namespaces: ['refs/locks/**']
rulesets:
  - name: all
    refs: ['refs/**']
    rules:
      locked-path: {by: [admins]}
"""
LOCK = "refs/locks/ada/models/vit.bin"


class LockedPath(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY)
        self.server.commit("feat: model", {"models/vit.bin": "1\n", "a": "1\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", user="ada"))

    def test_a_locked_file_is_its_owners_until_it_is_unlocked(self):
        self.assert_accepted(self.server.push(f"HEAD:{LOCK}", user="ada"))
        tip = self.server.commit("feat: better", {"models/vit.bin": "2\n"})
        before = self.server.refs()
        result = self.server.push("HEAD:refs/heads/main", user="bo")
        self.assert_refused(self.server, result, before)
        head, _, _ = result.remote.rpartition("\n\nhint: nothing")
        since = head.partition("since ")[2].split(" UTC")[0].replace("\n", " ")
        self.assertRegex(since, r"^\d{4}-\d\d-\d\d \d\d:\d\d$")
        self.assertEqual(f"""\
error: REJECTED refs/heads/main: models/vit.bin: locked by ada since TIME UTC

  {tip[:8]} models/vit.bin
    locked by ada since TIME UTC
    hint   ask ada to unlock it with: git push origin --delete
           refs/locks/ada/models/vit.bin
    rule   locked-path (all, policy.yaml:9)""", head.replace(since, "TIME"))
        self.assert_nothing_kept(self.server, tip)
        # Somebody else cannot take it, nor take it away.
        result = self.server.push("HEAD~1:refs/locks/bo/models/vit.bin", user="bo")
        self.assert_refused(self.server, result, before,
                            "'models/vit.bin' is locked by ada since")
        self.assert_refused(self.server, self.server.push(f":{LOCK}", user="bo"), before,
                            "only ada may unlock it, and you are 'bo'")
        # The owner works on, and gives it back.
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", user="ada"))
        self.assert_accepted(self.server.push(f":{LOCK}", user="ada"))
        self.server.commit("feat: best", {"models/vit.bin": "3\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", user="bo"))

    def test_an_admin_unlocks(self):
        self.assert_accepted(self.server.push(f"HEAD:{LOCK}", user="ada"))
        git("pack-refs", "--all", cwd=self.server.path)
        self.server.commit("feat: better", {"models/vit.bin": "2\n"})
        result = self.server.push("HEAD:refs/heads/main", user="root")
        self.assertIn(f"fix    git push origin --delete {LOCK}", result.remote)
        self.assert_accepted(self.server.push("--delete", LOCK, user="root"))
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", user="root"))

    def test_a_lock_brings_no_commits_of_its_own(self):
        tip = self.server.commit("feat: unseen", {"b": "1\n"})
        before = self.server.refs()
        result = self.server.push("HEAD:refs/locks/ada/b", user="ada")
        self.assert_refused(self.server, result, before,
                            "a lock brings nothing to the server, and this one brings commits",
                            "fix    git push origin origin/HEAD:refs/locks/ada/b")
        self.assert_nothing_kept(self.server, tip)
        self.assert_accepted(self.server.push("HEAD:refs/heads/topic", "HEAD:refs/locks/ada/b",
                                              user="ada"))

    def test_a_path_that_is_no_ref_name_is_written_with_codes(self):
        self.server.commit("feat: odd", {"a b/Cargo.lock": "1\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", user="ada"))
        self.assert_accepted(self.server.push("HEAD:refs/locks/ada/a%20b/Cargo.loc%6B", user="ada"))
        self.server.commit("feat: odd", {"a b/Cargo.lock": "2\n"})
        self.assertIn("a b/Cargo.lock: locked by ada",
                      self.server.push("HEAD:refs/heads/main", user="bo").remote)

    def test_a_merge_brings_in_what_was_changed_before_the_lock(self):
        self.server.commit("feat: better", {"models/vit.bin": "2\n"}, branch="topic")
        self.assert_accepted(self.server.push("HEAD:refs/heads/topic", user="bo"))
        self.assert_accepted(self.server.push(f"HEAD~1:{LOCK}", user="ada"))
        self.server.checkout("main")
        self.server.merge("topic")
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", user="bo"))


if __name__ == "__main__":
    unittest.main()
