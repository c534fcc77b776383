"""A-064 to A-067: push options and commit messages with anything in them."""
import json
import unittest

from support import GateTest, IDENTITY, POLICY, ZERO, git, pack_of, raw_push

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"
WITH_OPTIONS = "report-status side-band-64k push-options"
BEN = {"REMOTE_USER": "ben"}


class PushOptions(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=POLICY.replace("version: 1\n", "version: 1\n" + IDENTITY))
        self.tip = self.server.ref(MAIN)
        self.commit = self.server.commit("feat: add login", {"login": "1"})

    def push(self, options, commit=None, capabilities=WITH_OPTIONS):
        commit = commit or self.commit
        return raw_push(self.server, [(ZERO, commit, LOGIN)], pack_of(self.server, [commit], [self.tip]),
                        env=BEN, capabilities=capabilities, options=options)

    def test_A_064_without_push_options_the_gate_works(self):
        git("config", "receive.advertisePushOptions", "false", cwd=self.server.path)
        before = self.server.refs()
        refused = self.server.push("HEAD:refs/heads/nowhere/x", user="ben")
        self.assert_refused(self.server, refused, before, "ill-named-branch")
        self.assert_accepted(self.server.push(f"{self.commit}:{LOGIN}", user="ben"))
        self.assertEqual([[]], [e["data"]["push_options"] for e in self.server.accepted()])

    def test_A_064_options_that_were_not_asked_for_are_refused(self):
        git("config", "receive.advertisePushOptions", "false", cwd=self.server.path)
        before = self.server.refs()
        self.assert_refused(self.server, self.push(["policy=check"]), before)
        self.assert_nothing_kept(self.server, self.commit)

    def test_A_065_hostile_options_are_stored_as_printable_text(self):
        options = [b"a;b=c|d`id`$(id)", b"line\nfeed", b"\x1b[31mred\x1b]0;t\x07", b"\xff\xfe", b"", b"=",
                   b"\xe2\x80\xaereversed", b"y" * 65000]
        result = self.push(options)
        self.assertIn(b"ok " + LOGIN.encode(), result.report, result)
        events = self.server.accepted()
        self.assertEqual(1, len(events))
        stored = events[0]["data"]["push_options"]
        self.assertEqual([r"a;b=c|d`id`$(id)", r"line\nfeed", r"\x1b[31mred\x1b]0;t\x07", r"\xff\xfe", "",
                          "=", "<U+202E>reversed"], stored[:-1])
        self.assertEqual(len(options), len(stored))
        self.assertRegex(stored[-1], r"^y+\.\.\.$")
        self.assertIn(f"/push_options/{len(options) - 1}", events[0]["data"]["truncated"])
        self.assertNotIn("\x1b", json.dumps(events, ensure_ascii=False))

    def test_A_065_a_refused_push_stores_them_no_other_way(self):
        before = self.server.refs()
        bad = self.server.commit("add logout", {"logout": "1"})
        result = self.push([b"\x1b[31mred\nREJECTED refs/heads/other"], bad)
        self.assert_refused(self.server, result, before, "unconventional-commit")
        data = self.assert_only_rejected(self.server, "unconventional-commit")
        self.assertEqual([r"\x1b[31mred\nREJECTED refs/heads/other"], data["push_options"])

    def test_A_066_an_option_names_nobody(self):
        result = self.push(["user=admin", "REMOTE_USER=admin", "x\nREMOTE_USER=admin"])
        self.assertIn(b"ok " + LOGIN.encode(), result.report, result)
        self.assertEqual(["ben"], [e["data"]["actor"]["id"] for e in self.server.accepted()])

    def test_A_066_a_line_feed_makes_no_second_option(self):
        # `policy=check` would refuse the push.
        result = self.push(["x\nGIT_PUSH_OPTION_1=policy=check\nGIT_PUSH_OPTION_COUNT=2"])
        self.assertIn(b"ok " + LOGIN.encode(), result.report, result)
        self.assertEqual([1], [len(e["data"]["push_options"]) for e in self.server.accepted()])

    def test_A_066_only_as_many_options_as_Git_counted_are_believed(self):
        env = dict(BEN, GIT_PUSH_OPTION_COUNT="2", GIT_PUSH_OPTION_0="policy=check",
                   GIT_PUSH_OPTION_1="policy=check")
        self.assert_accepted(self.server.push(f"{self.commit}:{LOGIN}", env=env))
        result = self.server.push(f"{self.commit}:refs/heads/feature/other", env=env, options=["draft"])
        self.assert_accepted(result)
        self.assertEqual([[], ["draft"]], [e["data"]["push_options"] for e in self.server.accepted()])

    def test_A_067_a_hostile_message_is_shown_as_printable_text(self):
        before = self.server.refs()
        good = git("cat-file", "commit", self.commit, cwd=self.server.work).encode()
        bad = self.server.raw_commit(good.partition(b"\n\n")[0] + b"\n\nadd \x1b[2J\x1b]0;owned\x07 "
                                     b"\xe2\x80\xaetxt \xc2\x9b31m \x9b31m\r\xff\n\n\x1bc\n")
        result = self.push([], bad)
        self.assert_refused(self.server, result, before, "unconventional-commit", bad[:8],
                            r"\x1b[2J\x1b]0;owned\x07", "<U+202E>txt", "<U+009B>31m", "\ufffd31m")
        result.printed.decode("utf-8")  # bytes that are not UTF-8 do not get out either
        self.assertNotIn("\u202e", result.text)
        self.assert_nothing_kept(self.server, bad)
        told = json.dumps(self.server.rejections(), ensure_ascii=False)
        self.assertNotIn("\x1b", told)


if __name__ == "__main__":
    unittest.main()
