"""An installation that is killed at any system call leaves a complete hook in force.

strace kills `trunkgate install` at its first, second, third ... call that changes a file. Whatever the
moment: hooks/pre-receive is the foreign hook that was there or ours with the foreign one chained, and
the next installation ends the work.
"""
import os
import shutil
import subprocess
import unittest

from support import TOOL, GateTest, needs, run

FOREIGN = "#!/bin/sh\n# the hook that was there before\nexit 0\n"
# The calls that change files; each is counted by itself.
CALLS = ["openat", "write", "fchmod", "chmod", "fsync", "rename,renameat2", "link,symlink", "unlink",
         "mkdir", "rmdir"]
MOST = 200


def content(path):
    with open(path) as file:
        return file.read()


@needs("strace")
class InstallInterrupted(GateTest):
    def setUp(self):
        super().setUp()
        self.template = os.path.join(self.folder, "template.git")
        run(["git", "init", "-q", "--bare", "--template=", "-b", "main", self.template])
        os.mkdir(os.path.join(self.template, "hooks"))
        done = self.fresh()
        run([TOOL, "install", done])
        self.ours = content(os.path.join(done, "hooks", "pre-receive"))

    def fresh(self, kind="file"):
        """A repository whose pre-receive hook is somebody else's."""
        path = os.path.join(self.folder, "server.git")
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.template, path)
        hook = os.path.join(path, "hooks", "pre-receive")
        place = os.path.join(path, "theirs") if kind == "link" else hook
        with open(place, "w") as file:
            file.write(FOREIGN)
        os.chmod(place, 0o755)
        if kind == "link":
            os.symlink("../theirs", hook)
        return path

    def killed(self, arguments, calls, number):
        """Runs the tool until its call `number`; False when it came to its end before."""
        done = subprocess.run(
            ["strace", "-o", "/dev/null", "-qq", "-e", f"trace={calls}",
             "-e", f"inject={calls}:signal=KILL:when={number}", TOOL, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
            env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"})
        if done.returncode == 0:
            return False
        self.assertIn(done.returncode, (-9, 137), done.stderr)
        return True

    def check_state(self, path, where, after_uninstall=False):
        hook = os.path.join(path, "hooks", "pre-receive")
        self.assertTrue(os.access(hook, os.X_OK), f"no hook {where}")
        text = content(hook)
        self.assertIn(text, (FOREIGN, self.ours), f"half a hook {where}")
        if text == self.ours:
            kept = hook + ".d/50-previous"
            if os.path.exists(kept + ".disabled"):
                kept += ".disabled"
            self.assertEqual(FOREIGN, content(kept), f"the foreign hook is lost {where}")

    def check_ends(self, path, where, name="50-previous"):
        run([TOOL, "install", path])
        hooks = os.path.join(path, "hooks")
        self.assertEqual(self.ours, content(os.path.join(hooks, "pre-receive")), where)
        self.assertEqual([name], os.listdir(os.path.join(hooks, "pre-receive.d")), where)
        self.assertEqual(FOREIGN, content(os.path.join(hooks, "pre-receive.d", name)), where)
        left = [name for name in os.listdir(hooks) if ".tmp-" in name]
        self.assertEqual([], left, where)

    def kill_everywhere(self, kind, options=(), name="50-previous"):
        kills = 0
        for calls in CALLS:
            for number in range(1, MOST):
                path = self.fresh(kind)
                where = f"when killed at {calls} number {number} ({kind})"
                if not self.killed(["install", *options, path], calls, number):
                    break
                kills += 1
                self.check_state(path, where)
                if number % 5 == 1:
                    self.check_ends(path, where) if not options else self.check_state(path, where)
            else:
                self.fail(f"{calls}: more than {MOST} calls")
        self.assertGreater(kills, 50)

    def test_a_foreign_file_is_in_force_or_chained(self):
        self.kill_everywhere("file")

    def test_a_foreign_link_is_in_force_or_chained(self):
        self.kill_everywhere("link")

    def test_a_hook_set_aside_is_never_lost(self):
        self.kill_everywhere("file", ["--replace"])

    def test_an_update_leaves_a_hook_of_ours(self):
        old = "#!/opt/old/pre-receive\n# trunkgate-managed v0\nexit 1\n"
        for calls in CALLS:
            for number in range(1, MOST):
                path = self.fresh()
                hook = os.path.join(path, "hooks", "pre-receive")
                with open(hook, "w") as file:
                    file.write(old)
                if not self.killed(["install", path], calls, number):
                    break
                self.assertTrue(os.access(hook, os.X_OK))
                self.assertIn(content(hook), (old, self.ours), f"{calls} {number}")

    def test_an_uninstallation_leaves_a_hook(self):
        for calls in CALLS:
            for number in range(1, MOST):
                path = self.fresh()
                run([TOOL, "install", path])
                if not self.killed(["uninstall", path], calls, number):
                    break
                hook = os.path.join(path, "hooks", "pre-receive")
                self.assertTrue(os.access(hook, os.X_OK), f"{calls} {number}")
                self.assertIn(content(hook), (FOREIGN, self.ours), f"{calls} {number}")
                run([TOOL, "uninstall", path])
                self.assertEqual(FOREIGN, content(hook), f"{calls} {number}")


if __name__ == "__main__":
    unittest.main()
