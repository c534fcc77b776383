"""`trunkgate install` and `uninstall` as an admin runs them: reports, exit codes, accounts, and that
the installed hooks judge pushes."""
import os
import shutil
import stat
import unittest

from support import TOOL, GateTest, run

SOMEBODY = 65534  # the account nobody


def copy_programs(prefix):
    """An installation of its own, to be broken or moved; returns the tool."""
    build = os.path.dirname(os.path.dirname(TOOL))
    os.makedirs(os.path.join(prefix, "bin"))
    shutil.copy(TOOL, os.path.join(prefix, "bin"))
    for part in ("libexec/trunkgate", "share/trunkgate"):
        shutil.copytree(os.path.join(build, part), os.path.join(prefix, part))
    return os.path.join(prefix, "bin", "trunkgate")


class Install(GateTest):
    def bare(self, name):
        path = os.path.join(self.folder, name)
        run(["git", "init", "-q", "--bare", "-b", "main", path])
        return path

    def trunkgate(self, *arguments, **kwargs):
        done = run([TOOL, *arguments], check=False, **kwargs)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_reports_what_it_did(self):
        path = self.bare("one.git")
        with open(os.path.join(path, "hooks", "update"), "w") as file:
            file.write("#!/bin/sh\n")
        os.chmod(file.name, 0o755)
        self.assertEqual((0, f"""\
{path}
  pre-receive   installed
  update        installed; the hook that was there runs after it, as hooks/update.d/50-previous
  post-receive  installed
  configured    receive.advertisePushOptions=true
  policy        trunkgate/policy.yaml (the default policy)
  baseline      recorded: what is there now is never judged
  queue         off; 'land: {{queue: true}}' in the policy, then another install, switch it on
1 repository: 1 installed, 0 unchanged, 0 failed
""", ""), self.trunkgate("install", path))
        self.assertEqual((0, f"""\
{path}
  pre-receive   unchanged
  update        unchanged; runs 50-previous after it
  post-receive  unchanged
1 repository: 0 installed, 1 unchanged, 0 failed
""", ""), self.trunkgate("install", path))
        self.assertEqual((0, f"""\
{path}
  pre-receive   removed
  update        removed; hooks/update.d/50-previous is back in its place
  post-receive  removed
  left          trunkgate/ (policy, state, events) and the settings in config
1 repository: 1 removed, 0 unchanged, 0 failed
""", ""), self.trunkgate("uninstall", path))

    def test_goes_on_after_a_failure(self):
        good = self.bare("good.git")
        missing = os.path.join(self.folder, "missing.git")
        code, out, errors = self.trunkgate("install", missing, good)
        self.assertEqual(2, code)
        self.assertEqual(f"error: {missing}: there is no repository at {missing}\n", errors)
        self.assertTrue(out.endswith("2 repositories: 1 installed, 0 unchanged, 1 failed\n"), out)

    def test_says_loudly_that_a_policy_has_mistakes(self):
        path = self.bare("one.git")
        os.mkdir(os.path.join(path, "trunkgate"))
        with open(os.path.join(path, "trunkgate", "policy.yaml"), "w") as file:
            file.write("version: 1\nrulesetz: []\n")
        code, out, errors = self.trunkgate("install", path)
        self.assertEqual(1, code)
        self.assertIn("EVERY PUSH IS REFUSED", errors)
        self.assertIn("policy.yaml:2:1: error: ", errors)
        self.assertTrue(out.endswith(
            "1 repository: 0 installed, 1 with a policy to mend, 0 unchanged, 0 failed\n"), out)

    def test_takes_relative_paths(self):
        self.assertEqual(0, self.trunkgate("install", "--init", "a.git", "./b.git/",
                                           cwd=self.folder)[0])
        self.assertTrue(os.path.exists(os.path.join(self.folder, "b.git", "hooks", "update")))

    def test_the_gate_works_below_odd_paths(self):
        for name in ("with space.git", "it's \"quoted\".git", "line\nfeed.git", "müller.git",
                     "with:colon.git", "-dash.git"):
            with self.subTest(name=name):
                repository = self.repository(name, policy=None, seed=False)
                repository.commit("feat: begin", {"a": name}, branch="feature/x")
                self.assert_accepted(repository.push("HEAD:refs/heads/feature/x"))
                refused = repository.push("HEAD:refs/heads/odd")
                self.assertIn("branch name 'odd' is not allowed", refused.remote, refused)

    def test_programs_below_an_odd_path_work(self):
        prefix = os.path.join(self.folder, "it's a prefix")
        tool = copy_programs(prefix)
        repository = self.repository(policy=None, seed=False, install=False)
        run([tool, "install", repository.path])
        repository.commit("feat: begin", {"a": "b"})
        self.assert_accepted(repository.push("HEAD:refs/heads/feature/x"))
        self.assertIn("branch name", repository.push("HEAD:refs/heads/odd").remote)
        shutil.rmtree(prefix)
        self.assertNotEqual(0, repository.push("HEAD:refs/heads/feature/y").code)

    def test_a_push_is_refused_while_the_programs_are_gone(self):
        prefix = os.path.join(self.folder, "prefix")
        tool = copy_programs(prefix)
        repository = self.repository(policy=None, seed=False, install=False)
        run([tool, "install", repository.path])
        repository.commit("feat: begin", {"a": "b"})
        program = os.path.join(prefix, "libexec", "trunkgate", "pre-receive")

        def refused():
            return repository.push("HEAD:refs/heads/feature/x")

        os.chmod(program, 0o644)
        self.assertNotEqual(0, refused().code)
        os.chmod(program, 0o755)
        with open(program, "w"):
            pass  # empty, as after a copy to a full disk
        self.assertIn("is not installed properly; ask an admin", refused().remote)
        os.unlink(program)
        self.assertNotEqual(0, refused().code)
        self.assertEqual({}, repository.refs())

    def test_a_set_aside_hook_does_not_run(self):
        repository = self.repository(policy=None, seed=False, install=False)
        hook = os.path.join(repository.path, "hooks", "pre-receive")
        with open(hook, "w") as file:
            file.write("#!/bin/sh\necho theirs; exit 1\n")
        os.chmod(hook, 0o755)
        repository.commit("feat: begin", {"a": "b"})
        run([TOOL, "install", "--replace", repository.path])
        self.assert_accepted(repository.push("HEAD:refs/heads/feature/x"))
        run([TOOL, "uninstall", repository.path])
        run(["mv", hook + ".d/50-previous.disabled", hook])
        os.chmod(hook, 0o755)
        run([TOOL, "install", repository.path])
        self.assertIn("theirs", repository.push("HEAD:refs/heads/feature/y").remote)


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class InstallForAnotherAccount(GateTest):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.home = os.path.join(self.folder, "home")
        os.mkdir(self.home)
        os.chown(self.home, SOMEBODY, SOMEBODY)
        # The build folder may be one that only root can reach.
        self.tool = copy_programs(os.path.join(self.folder, "prefix"))

    def owners(self, folder):
        return {os.lstat(os.path.join(at, name)).st_uid
                for at, folders, files in os.walk(folder) for name in folders + files}

    def test_root_works_as_the_owner(self):
        path = os.path.join(self.home, "new.git")
        run([self.tool, "install", "--init", path])
        self.assertEqual({SOMEBODY}, self.owners(self.home))

    def test_a_link_leads_nowhere_the_owner_could_not_go(self):
        path = os.path.join(self.home, "one.git")
        run(["git", "init", "-q", "--bare", path])
        run(["chown", "-R", f"{SOMEBODY}:{SOMEBODY}", path])
        treasure = os.path.join(self.folder, "treasure")
        os.mkdir(treasure, 0o700)
        os.symlink(treasure, os.path.join(path, "trunkgate"))
        done = run([self.tool, "install", path], check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn(b"Permission denied", done.stderr)
        self.assertEqual([], os.listdir(treasure))

    def test_an_account_without_permission_is_told(self):
        path = os.path.join(self.folder, "roots.git")
        run(["git", "init", "-q", "--bare", path])
        done = run(["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups",
                    self.tool, "install", path], check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn(b"Permission denied", done.stderr)

    def test_a_program_the_owner_cannot_reach_is_not_installed(self):
        prefix = os.path.join(self.folder, "private")
        tool = copy_programs(prefix)
        os.chmod(prefix, stat.S_IRWXU)
        path = os.path.join(self.home, "one.git")
        done = run([tool, "install", "--init", path], check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn(b"does not work for this account: Permission denied", done.stderr)
        self.assertFalse(os.path.exists(path))


if __name__ == "__main__":
    unittest.main()
