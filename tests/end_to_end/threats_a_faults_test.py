"""A-050, A-058 to A-061: a hook that cannot run, waits for nothing, dies or has no memory refuses the push."""
import os
import unittest

from support import BUILD, GateTest, ZERO, needs, pack_of, raw_push, run

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"
PROGRAM = os.path.join(BUILD, "libexec", "trunkgate", "pre-receive")


class Faults(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.tip = self.server.ref(MAIN)
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        self.hook = os.path.join(self.server.path, "hooks", "pre-receive")

    def write_executable(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def run_hook_by(self, program):
        """Puts another program on the first line of the hook file."""
        with open(self.hook) as file:
            rest = file.read().partition("\n")[2]
        self.write_executable(self.hook, f"#!{program}\n{rest}")

    def refuse(self, *words):
        """A push that nothing is wrong with."""
        before = self.server.refs()
        result = self.server.push(f"{self.commit}:{LOGIN}")
        self.assert_refused(self.server, result, before, *words)
        self.assertIn("pre-receive hook declined", result.text)
        self.assert_nothing_kept(self.server, self.commit)

    def test_A_050_a_policy_that_nobody_ends_is_not_waited_for(self):
        path = os.path.join(self.server.path, "trunkgate", "policy.yaml")
        os.unlink(path)
        os.mkfifo(path)
        self.refuse("is no regular file")  # else the push would never end

    @needs("gcc")
    def test_A_058_a_program_whose_library_is_missing_refuses(self):
        library = os.path.join(self.folder, "libpart.so")
        program = os.path.join(self.folder, "program")
        run(["gcc", "-x", "c", "-shared", "-fPIC", "-o", library, "-"], data=b"int part(void) { return 0; }")
        run(["gcc", "-x", "c", "-o", program, "-", "-x", "none", library],
            data=b"int part(void); int main(void) { return part(); }")
        self.run_hook_by(program)
        self.assert_accepted(self.server.push("HEAD~1:refs/heads/feature/other"))  # it returns 0
        os.remove(library)
        self.refuse("libpart.so")

    def test_A_058_a_program_that_is_gone_refuses(self):
        self.run_hook_by(self.folder + "/gone")
        self.refuse()

    def test_A_058_a_gate_that_is_run_by_a_shell_refuses(self):
        self.run_hook_by("/bin/sh")
        self.refuse("the gate of this repository is not installed properly")

    def test_A_059_a_gate_that_is_killed_refuses(self):
        for signal in ("SEGV", "KILL", "ABRT", "TERM"):
            with self.subTest(signal):
                self.write_executable(self.hook + ".d/50-kill", f"#!/bin/sh\nkill -{signal} $PPID\nsleep 1\n")
                self.refuse()

    def limited(self, limit, commit):
        """The exit code under a limit of prlimit(1) for a push of `commit` to a thousand branches,
        and what was said."""
        commands = [(ZERO, commit, f"refs/heads/feature/f{number}") for number in range(1000)]
        done = self.server.judge(commands, prefix=["prlimit", limit])
        return done.returncode, done.stderr.decode()

    def test_A_060_without_memory_nothing_bad_gets_in(self):
        bad = self.server.commit("add logout", {"logout": "1"})
        run(["git", "unpack-objects", "-q"], cwd=self.server.path, data=pack_of(self.server, [bad]))
        said = ""
        for size in list(range(4096, 32768, 256)) + [32768 + step * 8192 for step in range(6)]:
            with self.subTest(KiB=size):
                code, words = self.limited(f"--as={size << 10}", bad)
                self.assertNotEqual(0, code)
                said += words
        self.assertIn("out of memory", said)
        self.assertIn("unconventional-commit", said)

    def test_A_060_without_a_stack_nothing_bad_gets_in(self):
        bad = self.server.commit("add logout", {"logout": "1"})
        run(["git", "unpack-objects", "-q"], cwd=self.server.path, data=pack_of(self.server, [bad]))
        for size in (8, 16, 32, 64, 128):
            with self.subTest(KiB=size):
                self.assertNotEqual(0, self.limited(f"--stack={size << 10}", bad)[0])

    def test_A_060_a_push_is_refused_then(self):
        self.write_executable(self.hook, f'#!/bin/sh\nexec prlimit --as=6000000 "{PROGRAM}" "$0" "$@"\n')
        self.refuse()

    def test_A_061_push_options_that_no_program_can_be_given_refuse(self):
        before = self.server.refs()
        result = raw_push(self.server, [(ZERO, self.commit, LOGIN)],
                          pack_of(self.server, [self.commit], [self.tip]),
                          capabilities="report-status side-band-64k push-options",
                          options=["x" * 60000] * 60)
        self.assert_refused(self.server, result, before)
        self.assertIn(b"pre-receive hook declined", result.report)
        self.assert_nothing_kept(self.server, self.commit)
        # The next push is not disturbed by it.
        self.assert_accepted(self.server.push(f"{self.commit}:{LOGIN}"))
        self.assertEqual([("ref.created", LOGIN)], self.server.event_types())


if __name__ == "__main__":
    unittest.main()
