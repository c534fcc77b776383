"""A-014 to A-020, A-029, A-035: command lists that `git push` would never send."""
import unittest

from support import EMPTY_PACK, GateTest, ZERO, git, pack_of, raw_push, run

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"


class Lines(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.a = self.server.ref(MAIN)
        self.b = self.server.commit("feat: add login", {"login": "1"}, branch="feature/login")
        self.c = self.server.commit("feat: add logout", {"logout": "1"})
        self.pack = pack_of(self.server, [self.c], [self.a])

    def with_login(self):
        """The branch is on the server, so that its commit may land; its events are not counted."""
        self.assert_accepted(self.server.push(f"{self.b}:{LOGIN}"))
        self.server.events()
        run(["rm", self.server.path + "/trunkgate/events.jsonl"])

    def refuse(self, commands, *words, rules=(), pack=None, **kwargs):
        before = self.server.refs()
        pack = self.pack if pack is None else pack
        result = raw_push(self.server, commands, pack, **kwargs)
        self.assert_refused(self.server, result, before, *words)
        self.assert_nothing_kept(self.server, self.c)
        return self.assert_only_rejected(self.server, *rules)

    def test_A_014_a_phantom_line_injected_by_a_line_feed_is_refused(self):
        phantom = f"refs/heads/feature/zz\n{self.a} {self.b} {MAIN}"
        self.refuse([(self.a, self.c, MAIN), (ZERO, self.b, phantom)],
                    "updates refs/heads/main more than once", rules=["duplicate-ref"])

    def test_A_014_a_phantom_line_that_would_be_fine_makes_no_event(self):
        self.with_login()
        before = self.server.refs()
        phantom = f"refs/heads/feature/zz\n{self.a} {self.b} {MAIN}"
        result = raw_push(self.server, [(ZERO, self.b, phantom)])
        self.assert_refused(self.server, result, before)
        self.assertEqual([], self.server.accepted())

    def test_A_014_half_a_line_is_refused(self):
        self.refuse([(self.a, self.c, MAIN), (ZERO, self.b, "refs/heads/feature/zz\nand more")],
                    "malformed", rules=["malformed-push"])

    def test_A_015_a_ref_that_stands_twice_is_refused(self):
        self.with_login()
        # The first line alone would land.
        self.refuse([(self.a, self.b, MAIN), (self.b, self.c, MAIN)],
                    "updates refs/heads/main more than once", rules=["duplicate-ref"])

    def test_A_015_a_ref_that_stands_twice_is_refused_atomically(self):
        self.with_login()
        self.refuse([(self.a, self.b, MAIN), (self.b, self.c, MAIN)],
                    "updates refs/heads/main more than once", rules=["duplicate-ref"],
                    capabilities="report-status side-band-64k atomic")

    def test_A_016_deleting_main_as_nothing_to_nothing_is_refused(self):
        self.refuse([(ZERO, ZERO, MAIN)], "neither an old nor a new value", pack=b"",
                    rules=["empty-update"])

    def test_A_016_it_is_refused_under_denyDeletes_too(self):
        git("config", "receive.denyDeletes", "true", cwd=self.server.path)
        self.refuse([(ZERO, ZERO, MAIN)], "neither an old nor a new value", pack=b"",
                    rules=["empty-update"])

    def test_A_016_no_branch_goes_that_way(self):
        self.with_login()
        self.refuse([(ZERO, ZERO, LOGIN)], "neither an old nor a new value", pack=b"",
                    rules=["empty-update"])

    def test_A_017_deleting_with_an_old_id_that_does_not_exist_is_refused(self):
        self.with_login()
        for name, now in ((MAIN, self.a), (LOGIN, self.b)):
            with self.subTest(name):
                before = self.server.refs()
                result = raw_push(self.server, [("deadbeef" * 5, ZERO, name)])
                self.assert_refused(self.server, result, before, f"at {now[:8]} by now")
        self.assertEqual([], self.server.accepted())
        self.assertEqual(2, len(self.server.rejections()))

    def test_A_018_a_wrong_old_id_is_refused_before_anything_else_happens(self):
        self.with_login()
        # b is on the server and c follows it: nothing but the claim is wrong with this update.
        data = self.refuse([(self.b, self.c, MAIN)], f"at {self.a[:8]} by now, not at",
                           rules=["stale-old-value"])
        self.assertEqual("pre-receive", data["stage"])

    def test_A_019_creating_a_branch_that_exists_is_refused(self):
        self.with_login()
        self.refuse([(ZERO, self.c, MAIN)], "by now, not at nothing", rules=["stale-old-value"])

    def test_A_020_deleting_and_creating_main_in_one_push_is_refused(self):
        self.refuse([(self.a, ZERO, MAIN), (ZERO, self.c, MAIN)],
                    "more than once", rules=["duplicate-ref"])

    def test_A_029_a_push_of_what_is_there_already_makes_no_event(self):
        before = self.server.refs()
        result = raw_push(self.server, [(self.a, self.a, MAIN)], EMPTY_PACK)
        self.assertIn(b"ok refs/heads/main", result.report, result)
        self.assertEqual(before, self.server.refs())
        self.assertEqual([], self.server.events())

    def test_A_035_upper_case_ids_are_judged_like_others(self):
        bad = self.server.commit("add things", {"things": "1"})
        pack = pack_of(self.server, [bad], [self.a])
        self.refuse([(ZERO, bad.upper(), LOGIN)], "feature/login", pack=pack,
                    rules=["unconventional-commit"])
        result = raw_push(self.server, [(ZERO, self.c.upper(), LOGIN)], self.pack)
        self.assertIn(b"ok " + LOGIN.encode(), result.report, result)
        self.assertEqual(self.c, self.server.ref(LOGIN))

    def test_A_035_a_NUL_in_the_second_line_hides_nothing(self):
        self.refuse([(ZERO, self.b, LOGIN), (self.a, self.c, MAIN + "\0 atomic")],
                    f"REJECTED {MAIN}", rules=["direct-push"])


if __name__ == "__main__":
    unittest.main()
