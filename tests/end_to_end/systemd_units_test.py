"""The units that are installed: systemd takes every line of them, and they start the installed deliverer."""
import os
import shlex
import unittest

from support import BUILD, GateTest, needs, run

UNITS = ["trunkgate-deliver-watch@.service", "trunkgate-deliver@.service", "trunkgate-deliver@.timer",
         "trunkgate-sweep@.service", "trunkgate-sweep@.timer"]
SERVICES = [unit for unit in UNITS if unit.endswith(".service")]
# Of systemd-analyze: 0 for a service that can do nothing, 100 for one that is not confined at all.
MOST_EXPOSED = 30
# Each would hide whose push is still alive, or keep folders from having their group.
HARMFUL = ["ProtectProc", "ProcSubset", "PrivateUsers", "DynamicUser", "RestrictSUIDSGID"]


@needs("systemd-analyze")
class SystemdUnits(GateTest):
    def setUp(self):
        super().setUp()
        self.prefix = os.path.join(self.folder, "prefix")
        run(["cmake", "--install", BUILD, "--prefix", self.prefix])
        self.units = os.path.join(self.prefix, "share", "trunkgate", "systemd")

    def settings(self, unit):
        """What a unit says, a list of values for each key."""
        settings = {}
        with open(os.path.join(self.units, unit), encoding="utf-8") as file:
            for line in file:
                key, separator, value = line.strip().partition("=")
                if separator and not key.startswith("#"):
                    settings.setdefault(key, []).append(value)
        return settings

    def analyze(self, *arguments):
        done = run(["systemd-analyze", *arguments], cwd=self.units, check=False)
        return done.returncode, (done.stdout + done.stderr).decode()

    def test_are_all_installed(self):
        self.assertEqual(UNITS, sorted(os.listdir(self.units)))

    def test_have_no_line_that_systemd_does_not_know(self):
        for unit in UNITS:
            # It ends with 0 even where it has complaints.
            self.assertEqual((0, ""), self.analyze("verify", "--man=no", "./" + unit), unit)

    def test_verification_finds_a_misspelt_line(self):
        with open(os.path.join(self.units, SERVICES[0]), "a", encoding="utf-8") as file:
            file.write("[Service]\nProtectClok=yes\n")
        self.assertIn("Unknown key 'ProtectClok'", self.analyze("verify", "--man=no", "./" + SERVICES[0])[1])

    def test_confine_what_they_start(self):
        for unit in SERVICES:
            instance = unit.replace("@", "@srv-git-models.git")
            os.link(os.path.join(self.units, unit), os.path.join(self.units, instance))
            code, text = self.analyze("security", "--offline=yes", "--no-pager",
                                      f"--threshold={MOST_EXPOSED}", "./" + instance)
            self.assertEqual(0, code, text)

    def test_leave_out_what_would_break_delivery(self):
        for unit in SERVICES:
            settings = self.settings(unit)
            self.assertEqual([], [key for key in HARMFUL if key in settings], unit)
            self.assertEqual(["%f"], settings["ReadWritePaths"])

    def test_watch_starts_again_however_often_it_ends(self):
        settings = self.settings(SERVICES[0])
        self.assertEqual((["always"], ["0"]), (settings["Restart"], settings["StartLimitIntervalSec"]))

    def test_the_service_of_the_timer_delivers_events(self):
        repository = self.repository()
        command = shlex.split(self.settings(SERVICES[1])["ExecStart"][0].replace("%f", repository.path))
        self.assertEqual(os.path.join(self.prefix, "bin", "trunkgate"), command[0])
        self.assertEqual(0, run(command, check=False).returncode)
        watch = shlex.split(self.settings(SERVICES[0])["ExecStart"][0])
        self.assertEqual([command[0], "deliver", "--watch", "%f"], watch)

    def test_the_service_of_the_other_timer_sweeps_and_delivers(self):
        repository = self.repository()
        settings = self.settings(SERVICES[2])
        for key, word in (("ExecStart", "sweep"), ("ExecStartPost", "deliver")):
            command = shlex.split(settings[key][0].replace("%f", repository.path))
            self.assertEqual([os.path.join(self.prefix, "bin", "trunkgate"), word], command[:2])
            self.assertEqual(0, run(command, check=False).returncode)


if __name__ == "__main__":
    unittest.main()
