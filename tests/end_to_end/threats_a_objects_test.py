"""A-006 to A-008, A-010, A-013, A-028: what a push brings, and what it does not bring."""
import os
import unittest

from support import EMPTY_PACK, GateTest, ZERO, git, pack_of, raw_push, run

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"


class Objects(GateTest):
    def commit_with_files(self, server, message, count):
        """A commit on main's with `count` files; one process makes them all."""
        parent = server.ref(MAIN)
        lines = [f"commit refs/heads/many\ncommitter Ada <ada@example.com> 1700000000 +0000\n"
                 f"data {len(message)}\n{message}\nfrom {parent}\n"]
        for number in range(count):
            text = f"{message} {number}"
            lines.append(f"M 644 inline file{number}\ndata {len(text)}\n{text}\n")
        run(["git", "fast-import", "--quiet", "--force"], cwd=server.work, data="".join(lines).encode())
        return server.head("refs/heads/many")

    def test_A_006_objects_are_judged_loose_and_as_a_pack(self):
        server = self.repository()
        for number, files in enumerate((1, 498)):  # and one commit and one tree
            with self.subTest(files + 2):
                before = server.refs()
                bad = self.commit_with_files(server, "add many files", files)
                result = server.push(f"{bad}:refs/heads/feature/{number}")
                self.assert_refused(server, result, before, "unconventional-commit")
                self.assert_nothing_kept(server, bad)
                good = self.commit_with_files(server, "feat: add many files", files)
                self.assert_accepted(server.push(f"{good}:refs/heads/feature/{number}"))
                self.assertEqual(good, server.ref(f"refs/heads/feature/{number}"))
        packs = [name for name in os.listdir(server.path + "/objects/pack") if name.endswith(".pack")]
        self.assertEqual(1, len(packs), "the small push is unpacked, the large one is not")

    def test_A_007_a_push_that_only_deletes_is_judged(self):
        server = self.repository()
        commit = server.commit("feat: add login", {"login": "1"})
        self.assert_accepted(server.push(f"{commit}:{LOGIN}"))
        before = server.refs()
        result = server.push(":" + MAIN, ":" + LOGIN)
        self.assert_refused(server, result, before, f"REJECTED {MAIN}: the branch must not be deleted")
        self.assert_accepted(server.push(":" + LOGIN))
        self.assertEqual({MAIN: before[MAIN]}, server.refs())
        self.assertEqual([("ref.created", LOGIN), ("ref.deleted", LOGIN)], server.event_types())

    def test_A_008_commits_that_are_on_the_server_already_are_judged(self):
        server = self.repository()
        good = server.commit("feat: add login", {"login": "1"})
        bad = server.commit("add logout", {"logout": "1"})
        run(["git", "unpack-objects", "-q"], cwd=server.path, data=pack_of(server, [bad]))
        before = server.refs()
        result = raw_push(server, [(ZERO, bad, LOGIN)], EMPTY_PACK)
        self.assert_refused(server, result, before, "unconventional-commit", bad[:8])
        self.assert_only_rejected(server, "unconventional-commit")
        raw_push(server, [(ZERO, good, LOGIN)], EMPTY_PACK)
        self.assertEqual(good, server.ref(LOGIN))

    def test_A_010_a_missing_object_refuses_the_good_ref_beside_it_too(self):
        server = self.repository()
        before = server.refs()
        good = server.commit("feat: add login", {"login": "1"})
        result = raw_push(server, [(ZERO, "1" * 40, "refs/heads/feature/missing"), (ZERO, good, LOGIN)],
                          pack_of(server, [good], [before[MAIN]]))
        self.assert_refused(server, result, before, "REJECTED refs/heads/feature/missing",
                            "the object 11111111 it needs is not on the server")
        self.assert_nothing_kept(server, good)
        self.assert_only_rejected(server, "missing-object")

    def test_A_010_so_does_a_commit_whose_parent_is_missing(self):
        server = self.repository()
        before = server.refs()
        server.commit("feat: add login", {"login": "1"})
        child = server.commit("feat: add logout", {"logout": "1"})
        good = before[MAIN]
        result = raw_push(server, [(ZERO, child, LOGIN), (ZERO, good, "refs/heads/feature/good")],
                          pack_of(server, [child], [child + "^"]))
        self.assert_refused(server, result, before, "REJECTED " + LOGIN)
        self.assert_nothing_kept(server, child)

    def test_A_013_a_shallow_push_is_refused(self):
        server = self.repository()
        # History that the server does not have, of which the pusher has the last commit only.
        run(["git", "init", "-q", "-b", "main", "upstream"], cwd=self.folder)
        upstream = os.path.join(self.folder, "upstream")
        for message in ("feat: begin", "feat: go on"):
            git("commit", "-q", "--allow-empty", "-m", message, cwd=upstream)
        clone = os.path.join(self.folder, "shallow")
        git("clone", "-q", "--depth=1", "file://" + upstream, clone, cwd=self.folder)
        tip = git("rev-parse", "HEAD", cwd=clone)
        before = server.refs()
        server.work = clone
        for allowed in ("false", "true"):
            with self.subTest(shallowUpdate=allowed):
                git("config", "receive.shallowUpdate", allowed, cwd=server.path)
                result = server.push("HEAD:refs/heads/feature/shallow")
                self.assert_refused(server, result, before, "REJECTED")
                self.assert_nothing_kept(server, tip)
                self.assertFalse(os.path.exists(server.path + "/shallow"))
        self.assertIn("the push comes from a shallow clone", result.remote, result)
        rejections = server.rejections()
        self.assertEqual(2, len(rejections))
        self.assertEqual(["shallow-push"], [v["rule"] for v in rejections[1]["data"]["violations"]])

    def test_A_028_what_is_no_commit_is_refused_on_a_branch(self):
        server = self.repository()
        commit = server.commit("feat: add login", {"login": "1"})
        git("tag", "-a", "-m", "a tag", "v1", cwd=server.work)
        before = server.refs()
        things = {"a tree": server.head("HEAD^{tree}"), "a blob": server.head("HEAD:login"),
                  "a tag": server.head("v1")}
        for words, thing in things.items():
            with self.subTest(words):
                result = raw_push(server, [(ZERO, thing, LOGIN)], pack_of(server, [thing], [before[MAIN]]))
                self.assert_refused(server, result, before, f"a branch holds commits, and this is {words}")
                self.assert_nothing_kept(server, thing, commit)
        self.assertEqual(3, len(server.rejections()))


if __name__ == "__main__":
    unittest.main()
