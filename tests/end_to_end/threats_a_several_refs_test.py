"""A-030, A-031, A-052, A-063: several refs in one push, and very many."""
import os
import unittest

from support import GateTest, POLICY, ZERO, raw_push

MAIN = "refs/heads/main"
A, B, BAD = "refs/heads/feature/a", "refs/heads/feature/b", "refs/heads/nowhere/c"
REF_BY_REF = POLICY.replace("version: 1\n", "version: 1\non-violation: ref\n")


class SeveralRefs(GateTest):
    def prepare(self, policy=POLICY):
        self.server = self.repository(policy=policy)
        self.tip = self.server.ref(MAIN)
        self.commit = self.server.commit("feat: add login", {"login": "1"})

    def chain(self, hook, text):
        folder = os.path.join(self.server.path, "hooks", hook + ".d")
        os.mkdir(folder)
        path = os.path.join(folder, "50-no")
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def push_three(self, *options):
        specs = [f"{self.commit}:{name}" for name in (A, B, BAD)]
        return self.server.push(*options, *specs)

    def test_A_030_one_bad_ref_of_three_refuses_all(self):
        self.prepare()
        before = self.server.refs()
        result = self.push_three()
        self.assert_refused(self.server, result, before, f"REJECTED {BAD}", "ill-named-branch")
        self.assert_nothing_kept(self.server, self.commit)
        data = self.assert_only_rejected(self.server, "ill-named-branch")
        self.assertEqual([A, B, BAD], [c["ref"]["name"] for c in data["changes"]])

    def test_A_030_ref_by_ref_the_good_ones_land(self):
        self.prepare(REF_BY_REF)
        result = self.push_three()
        self.assertNotEqual(0, result.code, result)
        self.assertIn(f"error: {BAD} is refused, as said above", result.remote)
        self.assertEqual({MAIN: self.tip, A: self.commit, B: self.commit}, self.server.refs())
        self.assertEqual([("ref.created", A), ("ref.created", B)], self.server.event_types())
        self.assertEqual(1, len(self.server.accepted()))
        rejections = self.server.rejections()
        self.assertEqual([[BAD]], [[c["ref"]["name"] for c in e["data"]["changes"]] for e in rejections])

    def test_A_031_atomic_and_update_refuses_one(self):
        self.prepare()
        self.chain("update", f'test "$1" != {B}\n')
        before = self.server.refs()
        result = self.server.push("--atomic", f"{self.commit}:{A}", f"{self.commit}:{B}")
        self.assert_refused(self.server, result, before,
                            f"REJECTED {B}: the server's own hook '50-no' refused it")
        self.assertEqual([], self.server.accepted())
        self.assertEqual([], self.server.event_types())

    def test_A_031_ref_by_ref_and_atomic_nothing_lands_when_one_is_refused(self):
        self.prepare(REF_BY_REF)
        before = self.server.refs()
        result = self.push_three("--atomic")
        self.assert_refused(self.server, result, before, f"REJECTED {BAD}")
        self.assertEqual([], self.server.accepted())
        self.assertEqual([], self.server.event_types())
        refused = {c["ref"]["name"] for e in self.server.rejections() for c in e["data"]["changes"]}
        self.assertEqual({A, B, BAD}, refused)

    def test_A_052_closed_or_empty_standard_input_is_no_pass(self):
        self.prepare()
        closed = self.server.judge([], prefix=["sh", "-c", 'exec "$0" <&-'])
        self.assertEqual(2, closed.returncode, closed)
        self.assertEqual(1, self.server.judge([]).returncode)

    def test_A_052_the_verdict_on_20000_refs_is_right(self):
        self.prepare()
        commands = [(ZERO, self.tip, f"refs/heads/feature/f{number}") for number in range(20000)]
        # A hook of the server's own that does not read them neither blocks nor breaks anything.
        self.chain("pre-receive", "exec <&-\nexit 0\n")
        done = self.server.judge(commands)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        done = self.server.judge([*commands, (ZERO, self.tip, BAD)])
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn(f"REJECTED {BAD}".encode(), done.stderr)

    def test_A_063_100000_refs_are_refused_by_their_number(self):
        self.prepare()
        before = self.server.refs()
        commands = [(ZERO, self.tip, f"refs/heads/feature/f{number}") for number in range(100000)]
        result = raw_push(self.server, commands)
        self.assert_refused(self.server, result, before, "more than 50000 references")
        data = self.assert_only_rejected(self.server, "crowded-push")
        self.assertLessEqual(len(data["changes"]), 1000)

    def test_A_063_the_gate_itself_is_quick_about_it(self):
        self.prepare()
        commands = [(ZERO, self.tip, f"refs/heads/feature/f{number}") for number in range(100000)]
        spent = os.times().children_user
        self.assertEqual(1, self.server.judge(commands).returncode)
        self.assertLess(os.times().children_user - spent, 30)


if __name__ == "__main__":
    unittest.main()
