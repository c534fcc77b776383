"""A test that cannot run says so: to ctest as skipped, and with TRUNKGATE_NO_SKIP=1 as failed."""
import os
import subprocess
import sys
import unittest

from support import ENVIRONMENT, GateTest, named_by_install_script

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = "import unittest\nimport support\nfrom support import needs, skip_or_fail\n"
# No program at all is found where this stands.
NOWHERE = "support.shutil.which = lambda *_, **__: None\n"
FINE = "class Fine(unittest.TestCase):\n    def test_fine(self):\n        pass\n"


class Skips(GateTest):
    def ran(self, text, **environment):
        """The exit code of run.py for a file of tests with this text, and what it printed."""
        path = os.path.join(self.folder, "made_test.py")
        with open(path, "w") as file:
            file.write(HEAD + text)
        done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "run.py"), path], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=dict(ENVIRONMENT, PYTHONPATH=HERE, **environment))
        return done.returncode, done.stdout.decode()

    def test_a_file_whose_tests_all_ran_passes(self):
        self.assertEqual(0, self.ran(FINE)[0])
        self.assertEqual(0, self.ran(FINE, TRUNKGATE_NO_SKIP="1")[0])

    def test_a_file_that_fails_or_has_no_tests_fails(self):
        self.assertEqual(1, self.ran("")[0])
        self.assertEqual(1, self.ran(FINE.replace("pass", "self.fail('no')"))[0])

    def test_one_skipped_test_shows_the_file_as_skipped_with_the_reason(self):
        for decorated in (FINE.replace("    def", "    @needs('gpg')\n    def"), "@needs('gpg')\n" + FINE):
            code, text = self.ran(NOWHERE + FINE.replace("Fine", "Other") + decorated)
            self.assertEqual(77, code, text)
            self.assertIn("gpg is not installed", text)

    def test_a_tool_that_install_script_names_must_be_there_when_nothing_may_be_skipped(self):
        for decorated in (FINE.replace("    def", "    @needs('gpg')\n    def"), "@needs('gpg')\n" + FINE):
            code, text = self.ran(NOWHERE + decorated, TRUNKGATE_NO_SKIP="1")
            self.assertEqual(1, code, text)
            self.assertIn("gpg is not installed, and TRUNKGATE_NO_SKIP=1 forbids to skip this", text)

    def test_what_install_script_cannot_bring_is_skipped_all_the_same(self):
        text = FINE.replace("    def", "    @skip_or_fail('no registry', False)\n    def")
        self.assertEqual(77, self.ran(text, TRUNKGATE_NO_SKIP="1")[0])
        self.assertEqual(77, self.ran(text)[0])

    def test_every_tool_of_the_tests_is_in_the_lists_of_install_script(self):
        from support import PACKAGES
        self.assertEqual([], [package for package in PACKAGES.values() if not named_by_install_script(package)])
        self.assertFalse(named_by_install_script("sl"))


if __name__ == "__main__":
    unittest.main()
