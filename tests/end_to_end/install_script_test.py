"""./install.sh --prefix: what is installed there works without the folder it was built in."""
import os
import unittest

from support import BUILD, GateTest, git, run

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = ["bin/trunkgate", "libexec/trunkgate/post-receive", "libexec/trunkgate/pre-receive",
            "libexec/trunkgate/proc-receive", "libexec/trunkgate/update", "libexec/trunkgate/update-judge"]


@unittest.skipUnless(os.path.samefile(BUILD, os.path.join(ROOT, "build", "release")),
                     "install.sh builds in build/release")
class InstallScript(GateTest):
    def test_installs_programs_and_puts_the_gate_on_a_new_repository(self):
        prefix = os.path.join(self.folder, "prefix")
        path = os.path.join(self.folder, "new.git")
        done = run([os.path.join(ROOT, "install.sh"), "--prefix", prefix, "--init", path], check=False)
        self.assertEqual(0, done.returncode, done)
        for program in PROGRAMS:
            self.assertTrue(os.access(os.path.join(prefix, program), os.X_OK), program)
        with open(os.path.join(path, "hooks", "pre-receive"), encoding="utf-8") as file:
            self.assertEqual(f"#!{prefix}/libexec/trunkgate/pre-receive\n", file.readline())
        again = run([os.path.join(ROOT, "install.sh"), "--prefix", prefix, path], check=False)
        self.assertTrue(again.stdout.decode().endswith(
            "1 repository: 0 installed, 1 unchanged, 0 failed\n"), again)

        work = os.path.join(self.folder, "work")
        git("init", "-q", "-b", "feature/x", work, cwd=self.folder)
        git("commit", "-q", "--allow-empty", "-m", "no type", cwd=work)
        push = run(["git", "push", path, "feature/x"], cwd=work, check=False)
        self.assertEqual(1, push.returncode, push)
        self.assertIn(b"the title has no 'type: ' prefix", push.stderr)
        # A host without pre-receive needs the fifth program.
        os.remove(os.path.join(path, "hooks", "pre-receive"))
        push = run(["git", "push", path, "feature/x"], cwd=work, check=False)
        self.assertEqual(1, push.returncode, push)
        self.assertIn(b"the title has no 'type: ' prefix", push.stderr)


if __name__ == "__main__":
    unittest.main()
