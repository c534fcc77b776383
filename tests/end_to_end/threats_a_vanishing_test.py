"""A-040 to A-046, A-051: clients that go away and receive-packs that die, at every moment of a push.

Git itself runs no post-receive then. Whatever it did to the refs is told all the same, once, and what it did not do is
not told as done.
"""
import ctypes
import glob
import os
import signal
import time
import unittest

from support import BUILD, EMPTY_PACK, GateTest, RawClient, ZERO, git, needs, pack_of, wait_until

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LOGIN, OTHER = "refs/heads/feature/login", "refs/heads/feature/other"


class Vanishing(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.server.events()
        self.begin = self.server.refs()
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        self.marker = os.path.join(self.folder, "marker")

    def write_executable(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def chain(self, hook, text):
        """A hook of the server's own that `text` makes wait."""
        path = os.path.join(self.server.path, "hooks", hook + ".d", "50-slow")
        self.write_executable(path, f"#!/bin/sh\nmarker={self.marker}\n{text}\n")

    def start(self, *names):
        """A push that has come as far as the marker; its client."""
        client = RawClient(self.server)
        self.addCleanup(self.end, client)
        client.send([(ZERO, self.commit, name) for name in names or [LOGIN]],
                    pack_of(self.server, [self.commit], [self.begin["refs/heads/main"]]))
        self.assertTrue(wait_until(lambda: os.path.exists(self.marker)))
        return client

    def end(self, client):
        for stream in (client.process.stdout, client.process.stderr):
            stream.close()
        client.process.kill()
        client.process.wait(timeout=60)

    def vanish(self, client):
        """The client goes away; its receive-pack ends by itself."""
        for stream in (client.process.stdout, client.process.stderr):
            stream.close()
        client.process.wait(timeout=60)
        self.wait_for_orphans()

    def kill(self, client, number=signal.SIGKILL):
        client.process.send_signal(number)
        client.process.wait(timeout=60)
        self.wait_for_orphans()

    def running(self):
        """Commands of the gate that are at work in the repository."""
        found = []
        for cwd in glob.glob("/proc/[0-9]*/cwd"):
            try:
                with open(os.path.dirname(cwd) + "/cmdline") as file:
                    if os.readlink(cwd).startswith(self.server.path):
                        found.append(file.read().replace("\0", " "))
            except OSError:
                pass
        return found

    def wait_for_orphans(self):
        self.assertTrue(wait_until(lambda: not self.running()), self.running())

    def assert_told(self, *names, cause):
        """Those refs moved, and each of them is told once."""
        self.assertEqual({**self.begin, **{name: self.commit for name in names}}, self.server.refs())
        self.assertEqual([("ref.created", name) for name in names], self.server.event_types())
        self.assertEqual({cause} if names else set(),
                         {e["data"]["cause"] for e in self.server.events() if "change" in e["data"]})
        self.assertEqual([], os.listdir(os.path.join(self.server.path, "trunkgate", "spool")))

    def assert_aborted(self, *names):
        self.assertEqual([("aborted", list(names))],
                         [(e["data"]["stage"], [c["ref"]["name"] for c in e["data"]["changes"]])
                          for e in self.server.rejections()])

    def test_A_040_a_client_that_leaves_during_pre_receive_has_pushed(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 1')
        self.vanish(self.start())
        self.assert_told(LOGIN, cause="push-recovered")
        self.assertEqual([], self.server.rejections())

    def test_A_041_what_happens_when_hooks_print_to_nobody_is_told(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 0.5; seq 1 2000; exit 0')
        self.vanish(self.start())
        # Git may have died of it before it moved anything.
        if LOGIN in self.server.refs():
            self.assert_told(LOGIN, cause="push-recovered")
        else:
            self.assert_told(cause=None)
            self.assertEqual([], self.server.accepted())

    def test_A_042_a_client_that_leaves_during_post_receive_has_pushed_once(self):
        self.chain("post-receive", 'touch "$marker"; sleep 1')
        client = self.start()
        self.assert_told(LOGIN, cause="push")
        self.vanish(client)
        self.assert_told(LOGIN, cause="push")

    def test_A_043_a_post_receive_that_prints_much_to_nobody_ends_and_keeps_no_event_back(self):
        self.chain("post-receive", 'touch "$marker"; sleep 0.3; head -c 200000 /dev/zero | tr "\\0" x\n'
                                   'touch "$marker.end"')
        client = self.start()
        begun = time.monotonic()
        for stream in (client.process.stdout, client.process.stderr):
            stream.close()
        self.assert_told(LOGIN, cause="push")
        self.assertFalse(os.path.exists(self.marker + ".end"))  # it waits, as somebody may yet read
        client.process.wait(timeout=50)
        self.assertGreater(time.monotonic() - begun, 15)
        self.assertTrue(os.path.exists(self.marker + ".end"))
        self.wait_for_orphans()
        self.assert_told(LOGIN, cause="push")

    def test_A_043_a_client_that_stays_gets_all_that_a_post_receive_prints(self):
        self.chain("post-receive", 'touch "$marker"; head -c 200000 /dev/zero | tr "\\0" x; echo; echo the end >&2')
        code, _, printed = self.start().result()
        self.assertEqual((0, b"x" * 200000 + b"\nthe end\n"), (code, printed))

    def test_A_044_a_receive_pack_that_is_killed_during_pre_receive_has_done_nothing(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 0.5')
        for round_, number in enumerate((signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)):
            with self.subTest(number):
                self.kill(self.start(), number)
                self.assert_told(cause=None)
                self.assertEqual([], self.server.accepted())
                # The orphan went on and let the push in, which nobody took up.
                self.assertEqual(["aborted"] * (round_ + 1), [e["data"]["stage"] for e in self.server.rejections()])
                os.remove(self.marker)

    def test_A_045_an_orphan_of_the_gate_ends_by_itself(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 1')
        client = self.start()
        client.process.kill()
        client.process.wait(timeout=60)
        self.assertTrue(any("libexec/trunkgate/pre-receive" in line for line in self.running()), self.running())
        self.wait_for_orphans()

    def orphans(self):
        """Hooks that start when their receive-pack is dead already."""
        for hook in ("pre-receive", "update", "post-receive"):
            path = os.path.join(self.server.path, "hooks", hook)
            os.rename(path, path + ".ours")
            program = os.path.join(BUILD, "libexec", "trunkgate", hook)
            self.write_executable(path, f'#!/bin/sh\nparent=$PPID\ntouch {self.marker}\n'
                                        f'while kill -0 $parent; do sleep 0.02; done 2>/dev/null\n'
                                        f'exec {program} {path} "$@"\n')
            self.kill(self.start())
            os.rename(path + ".ours", path)
            os.remove(self.marker)
            yield hook

    def test_A_045_an_orphan_that_cannot_tell_whose_it_is_leaves_no_record(self):
        spool = os.path.join(self.server.path, "trunkgate", "spool")
        for hook in self.orphans():
            self.assertEqual([], [name for name in os.listdir(spool) if "-1-" in name], hook)
            self.server.events()
            self.assertEqual([], os.listdir(spool), hook)
        self.assert_told(LOGIN, cause="push-recovered")  # by the last one, which Git had told nothing of

    def test_A_045_an_orphan_that_a_process_of_its_session_takes_over_leaves_nothing_in_its_name(self):
        process = ctypes.CDLL(None, use_errno=True)
        self.assertEqual(0, process.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
        self.addCleanup(process.prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        spool = os.path.join(self.server.path, "trunkgate", "spool")
        for hook in self.orphans():
            self.assertEqual([], [name for name in os.listdir(spool) if f"-{os.getpid()}-" in name], hook)
            self.server.events()
            self.assertEqual([], os.listdir(spool), hook)
        self.assert_told(LOGIN, cause="push-recovered")

    def test_A_045_a_push_that_has_ended_and_is_not_waited_for_is_over(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 0.5')
        client = self.start()
        client.process.kill()
        with open(f"/proc/{client.process.pid}/stat") as file:
            wait_until(lambda: file.seek(0) == 0 and ") Z " in file.read())
        wait_until(lambda: not any("pre-receive" in line for line in self.running()))
        self.assert_told(cause=None)
        self.assert_aborted(LOGIN)

    def test_A_046_a_quarantine_that_was_left_behind_is_in_nobody_s_way(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 0.5')
        self.kill(self.start())
        left = glob.glob(os.path.join(self.server.path, "objects", "tmp_objdir-incoming-*"))
        self.assertEqual(1, len(left))
        self.assertFalse(self.server.has_object(self.commit))
        self.assert_accepted(self.server.push(f"{self.commit}:{LOGIN}"))
        self.assert_told(LOGIN, cause="push")
        git("prune", "--expire=now", cwd=self.server.path)
        self.assertEqual([], glob.glob(os.path.join(self.server.path, "objects", "tmp_objdir-incoming-*")))

    def test_A_046_an_old_quarantine_is_pruned_and_that_of_a_push_that_goes_on_stays(self):
        self.chain("pre-receive", 'touch "$marker"; sleep 0.5')
        self.kill(self.start())
        os.remove(self.marker)
        place = os.path.join(self.server.path, "objects", "tmp_objdir-incoming-*")
        old, = glob.glob(place)
        long_ago = time.time() - 15 * 86400
        for folder, _, files in os.walk(old):
            for path in [folder, *(os.path.join(folder, name) for name in files)]:
                os.utime(path, (long_ago, long_ago))
        self.chain("pre-receive", 'touch "$marker"; while test ! -e "$marker.go"; do sleep 0.05; done')
        client = self.start()
        git("prune", "--expire=2.weeks.ago", cwd=self.server.path)
        left = glob.glob(place)
        self.assertEqual(1, len(left))
        self.assertNotEqual(old, left[0])
        open(self.marker + ".go", "w").close()
        self.assertEqual(0, client.result()[0])
        self.assert_told(LOGIN, cause="push")
        self.assertEqual([], glob.glob(place))

    def test_A_051_a_receive_pack_that_dies_between_two_refs_has_moved_one(self):
        self.chain("update", f'test "$1" = {OTHER} || exit 0; touch "$marker"; sleep 0.5')
        self.kill(self.start(LOGIN, OTHER))
        moved = [name for name in (LOGIN, OTHER) if name in self.server.refs()]  # Git 2.51 moves none
        self.assert_told(*moved, cause="push-recovered")
        self.assert_aborted(*[name for name in (LOGIN, OTHER) if name not in moved])

    def test_A_051_a_client_that_leaves_between_two_refs_has_moved_one(self):
        self.chain("update", f'test "$1" = {OTHER} || exit 0; touch "$marker"; sleep 0.5; echo done')
        self.vanish(self.start(LOGIN, OTHER))
        moved = [name for name in (LOGIN, OTHER) if name in self.server.refs()]
        self.assert_told(*moved, cause="push-recovered")

    @needs("strace")
    def test_A_051_a_receive_pack_that_dies_telling_post_receive_loses_no_ref(self):
        names = [f"refs/heads/feature/{letter}" for letter in "abc"]
        values = [self.begin["refs/heads/main"], self.commit]
        self.assert_accepted(self.server.push(*[f"{values[0]}:{name}" for name in names]))
        self.assert_accepted(self.server.push(f"{values[1]}:{LOGIN}"))
        begun, moved = len(self.server.events()), []
        for number in range(1, 100):
            before = self.server.refs()
            client = RawClient(self.server, argv=["strace", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e",
                                                  f"inject=write:signal=KILL:when={number}", "git", "receive-pack",
                                                  self.server.path])
            client.send([(before[name], values[before[name] == values[0]], name) for name in names], EMPTY_PACK)
            code = client.result()[0]
            after = self.server.refs()
            moved += [(name, before[name], after[name]) for name in names if before[name] != after[name]]
            for name in names:  # as an admin would
                if os.path.exists(os.path.join(self.server.path, name + ".lock")):
                    os.remove(os.path.join(self.server.path, name + ".lock"))
            if code == 0:
                break
        else:
            self.fail("more than 100 writes")
        self.wait_for_orphans()
        self.assertGreater(len(moved), 5)
        told = [event["data"] for event in self.server.events()[begun:] if "change" in event["data"]]
        self.assertEqual(sorted(moved), sorted((data["change"]["ref"]["name"], data["change"]["before"],
                                                data["change"]["after"]) for data in told))
        self.assertEqual({"push", "push-recovered"}, {data["cause"] for data in told})
        self.assertEqual({"aborted"}, {event["data"]["stage"] for event in self.server.rejections()})

    def test_A_051_a_push_by_the_same_client_goes_on_where_the_other_ended(self):
        self.chain("update", f'test "$1" = {OTHER} || exit 0; touch "$marker"; sleep 0.5')
        self.kill(self.start(LOGIN, OTHER))
        os.remove(os.path.join(self.server.path, "hooks", "update.d", "50-slow"))
        client = RawClient(self.server)
        client.send([(ZERO, self.commit, OTHER)], EMPTY_PACK)
        self.assertIn(b"ok " + OTHER.encode(), client.result()[1])
        self.assertEqual({LOGIN, OTHER} & set(self.server.refs()), {ref for _, ref in self.server.event_types()})


if __name__ == "__main__":
    unittest.main()
