"""D-005, D-006, D-011, D-013: records that cannot be written.

A push whose intent cannot be written is refused, since its event could be lost; one whose result cannot is done
already, and is told from its intent.
"""
import os
import shutil
import unittest

from support import POLICY, GateTest, PushResult, TOOL, git, needs, run, wait_until

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
LOGIN = "refs/heads/feature/login"
ROOT = unittest.skipUnless(os.geteuid() == 0, "only root can be kept out of a folder, or make a small disk")


class Spool(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.server.events()
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        self.spool = os.path.join(self.server.path, "trunkgate", "spool")

    def push(self, name=LOGIN, argv=(), receive_pack=None):
        options = [f"--receive-pack={receive_pack}"] if receive_pack else []
        return PushResult(run([*argv, "git", "push", *options, self.server.path, f"{self.commit}:{name}"],
                              cwd=self.server.work, check=False))

    def refuse(self, result):
        self.assertNotEqual(0, result.code, result)
        self.assertIn("error: UNDECIDED push: cannot", result.remote)
        self.assertIn("this is the server's fault, not yours; nothing was changed", result.remote)
        self.assertIsNone(self.server.ref(LOGIN))
        self.assertFalse(self.server.has_object(self.commit))

    def test_D_005_a_spool_that_is_no_folder_refuses(self):
        shutil.rmtree(self.spool)
        with open(self.spool, "w"):
            pass
        self.refuse(self.push())

    def test_D_005_a_spool_that_is_missing_is_made_again(self):
        shutil.rmtree(self.spool)
        self.assert_accepted(self.push())
        self.assertEqual([("ref.created", LOGIN)], self.server.event_types())

    @ROOT
    def test_D_005_a_spool_that_cannot_be_written_refuses(self):
        run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.folder])
        os.chmod(self.spool, 0o500)
        result = self.push(argv=AS_NOBODY)
        run(["chown", "-R", "0:0", self.folder])
        self.refuse(result)
        self.assertIn("Permission denied", result.remote)

    def test_D_006_where_the_policy_says_so_a_push_goes_through_without_its_record(self):
        self.server.write_policy(POLICY + "events: {durability: best-effort}\n")
        self.server.events()
        shutil.rmtree(self.spool)
        with open(self.spool, "w"):
            pass
        result = self.push()
        self.assert_accepted(result)
        self.assertIn("warning: no event will say who made this push: cannot", result.remote)
        self.assertNotEqual(0, self.push("refs/heads/nowhere/x").code)  # which is judged as ever
        os.remove(self.spool)
        self.assertEqual([("ref.created", LOGIN)], self.server.event_types())
        told = self.server.events()[-1]["data"]
        self.assertEqual(("external", "system"), (told["cause"], told["actor"]["kind"]))

    def test_D_006_a_result_that_cannot_be_written_comes_late(self):
        hook = os.path.join(self.server.path, "hooks", "update.d", "50-break")
        os.mkdir(os.path.dirname(hook))
        with open(hook, "w") as file:
            file.write(f"#!/bin/sh\nmv {self.spool} {self.spool}.away && touch {self.spool}\n")
        os.chmod(hook, 0o755)
        result = self.push()
        self.assert_accepted(result)
        self.assertIn("warning: the push is done, but its event may come late", result.remote)
        os.remove(self.spool)
        os.rename(self.spool + ".away", self.spool)
        self.assertEqual([("ref.created", LOGIN)], self.server.event_types())

    @needs("strace")
    def test_D_011_an_event_survives_every_full_disk_of_post_receive(self):
        for call in ("write", "ftruncate", "rename", "openat"):
            for number in range(1, 4 if call != "openat" else 30):
                name = f"refs/heads/feature/{call}{number}"
                hook = os.path.join(self.server.path, "hooks", "post-receive")
                with self.subTest(name):
                    os.rename(hook, hook + ".ours")
                    with open(hook, "w") as file:
                        file.write(f"#!/bin/sh\nexec strace -o /dev/null -e trace={call} -e "
                                   f"inject={call}:error=ENOSPC:when={number}+ {hook}.ours\n")
                    os.chmod(hook, 0o755)
                    self.assert_accepted(self.push(name))
                    os.rename(hook + ".ours", hook)
        told = [ref for kind, ref in self.server.event_types() if kind == "ref.created"]
        self.assertEqual(sorted(name for name in self.server.refs() if name != "refs/heads/main"), sorted(told))
        self.assertEqual([], os.listdir(self.spool))

    @ROOT
    def test_D_011_a_disk_that_is_full_loses_no_event(self):
        disk = os.path.join(self.folder, "disk")
        os.mkdir(disk)
        if run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=False).returncode:
            self.skipTest("no file system can be mounted here")
        self.addCleanup(run, ["umount", "-l", disk])
        self.server = self.repository("disk/small.git", seed=False)
        git("config", "receive.autogc", "false", cwd=self.server.path)
        self.spool = os.path.join(self.server.path, "trunkgate", "spool")
        filler, codes = os.path.join(disk, "filler"), set()
        for left in [*range(0, 200, 8), 400, 800]:
            with open(filler, "wb") as file:
                try:
                    file.write(b"x" * (3 << 20))
                except OSError:
                    pass
            size = os.stat(filler).st_blocks * 512 - left * 1024
            os.truncate(filler, max(size, 0))
            self.commit = self.server.commit(f"feat: add {left}", {f"file{left}": os.urandom(4000)})
            codes.add(self.push(f"refs/heads/feature/{left}").code)
            deliver = run([TOOL, "deliver", self.server.path], check=False)
            self.assertIn(deliver.returncode, (0, 2), deliver.stderr)
        os.remove(filler)
        self.assertEqual(2, len(codes), codes)
        told = [ref for kind, ref in self.server.event_types() if kind == "ref.created"]
        self.assertEqual(sorted(self.server.refs()), sorted(told))
        self.assertEqual([], [name for name in os.listdir(self.spool) if ".tmp-" not in name])
        self.assertEqual([], [name for name in os.listdir(self.server.path + "/trunkgate") if "damaged" in name])

    def test_D_013_no_hook_dies_of_a_limit_on_file_sizes(self):
        codes = set()
        git("push", "-q", self.server.path, f"{self.commit}:refs/heads/feature/objects", cwd=self.server.work)
        for limit in (*range(64, 1200, 64), 5000):
            name = f"refs/heads/feature/f{limit}"
            result = self.push(name, receive_pack=f"prlimit --fsize={limit} git-receive-pack")
            codes.add(result.code)
            self.assertEqual(result.code == 0, self.server.ref(name) is not None, result)
            if result.code:
                self.assertIn("UNDECIDED push: cannot write", result.remote)
        self.assertEqual({0, 1}, codes)
        created = sorted(name for name in self.server.refs() if name != "refs/heads/main")
        self.assertEqual(created, sorted(ref for _, ref in self.server.event_types()))

    def test_D_013_no_deliverer_dies_of_a_limit_on_file_sizes(self):
        lock = ["flock", "-E", "9", os.path.join(self.server.path, "trunkgate", "state", "deliver.waiting")]
        for number in range(5):
            self.assert_accepted(self.push(f"refs/heads/feature/f{number}", argv=lock))
        for limit in (*range(512, 20000, 1500), 100000):
            done = run(["prlimit", f"--fsize={limit}", TOOL, "deliver", self.server.path], check=False)
            self.assertIn(done.returncode, (0, 2), (limit, done.stderr))
        wait_until(lambda: not os.listdir(self.spool))
        self.assertEqual([("ref.created", f"refs/heads/feature/f{number}") for number in range(5)],
                         self.server.event_types())


if __name__ == "__main__":
    unittest.main()
