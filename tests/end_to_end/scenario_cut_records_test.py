"""Records of the gate that were cut short: nobody passes because of what is not there any more."""
import glob
import os
import unittest

from scenario import TEAM, ScenarioTest
from support import git


class CutRecords(ScenarioTest):
    def record(self, log, commit):
        return os.path.join(self.server.path, "trunkgate/state", log, commit[:2])

    def cut(self, path, size):
        with open(path, "r+b") as file:
            file.truncate(size)

    def cuts(self, path):
        """Every kind of place where a file of one record may end: in each word, between them, with nothing left."""
        with open(path, "rb") as file:
            text = file.read()
        spaces = [at for at, byte in enumerate(text) if byte == ord(" ")]
        places = {0, 1, 20, len(text) - 1}
        for at in spaces:
            places |= {at, at + 1, at + 2}
        for place in sorted(places, reverse=True):
            yield place
            with open(path, "wb") as file:
                file.write(text)

    def test_whoever_pushed_a_commit_does_not_approve_it_when_the_record_of_that_was_cut(self):
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        commit = self.server.commit("feat: x", {"x": "1"}, env=self.AUTHORS["ada"])
        self.accepted("ben", "feature/x")
        path = self.record("pushers", commit)
        for place in self.cuts(path):
            with self.subTest(place):
                self.cut(path, place)
                self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}",
                             f"trunkgate/state/pushers/{commit[:2]} was cut short")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "'ben' pushed it")

    def test_nor_after_more_was_written_behind_the_cut(self):
        self.server.checkout("-B", "feature/x", self.server.ref("refs/heads/main"))
        commit = self.server.commit("feat: x", {"x": "1"}, env=self.AUTHORS["ada"])
        self.accepted("ben", "feature/x")
        path = self.record("pushers", commit)
        self.cut(path, 50)
        self.accepted("ada", f"{commit}:refs/heads/feature/again")
        self.refused("ben", f"{commit}:{self.attest(commit, 'approval', 'ben')}", "was cut short")

    def test_an_approval_whose_record_was_cut_does_not_land_a_branch(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.check("ci-bot", commit, "unit-tests")
        self.check("eval-bot", commit, "mini-val", f1=0.9)
        self.merge("feature/x")
        path = self.record("issuers", commit)
        os.rename(path, path + ".checks")
        self.approve("ben", commit)
        for place in self.cuts(path):
            with self.subTest(place):
                self.cut(path, place)
                self.not_landed(f"trunkgate/state/issuers/{commit[:2]} was cut short")
        with open(path) as file, open(path + ".checks", "a") as whole:
            whole.write(file.read())
        os.rename(path + ".checks", path)
        self.land()

    def test_a_veto_whose_record_was_cut_still_stands(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        path = self.record("issuers", commit)
        size = os.path.getsize(path)
        self.approve("cora", commit, {"verdict": "veto"})
        veto = self.attest(commit, "approval", "cora")
        self.merge("feature/x")
        self.cut(path, size + 30)
        self.not_landed("was cut short")
        self.refused("ben", f":{veto}", "was cut short")
        # Cut between two records nothing shows: the veto itself has to.
        self.cut(path, size)
        self.not_landed("'cora' vetoes feature/x")
        self.refused("ben", f":{veto}", "'cora'")
        self.accepted("cora", f":{veto}")
        self.land()

    def test_a_landing_is_refused_when_nobody_can_tell_any_more_who_had_a_part_in_it(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.all_evidence(commit)
        self.merge("feature/x")
        path = self.record("pushers", commit)
        for place in self.cuts(path):
            with self.subTest(place):
                self.cut(path, place)
                self.not_landed("was cut short")
        self.land()


class CutUses(ScenarioTest):
    POLICY = TEAM.replace("refs: [main]", "refs: [main, develop]")
    OPTIONS = ("exempt=skip-full-eval", "reason=pager 4711")

    def waived(self):
        """A branch that has landed with the only use that its exemption has, and main as it was before."""
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.approve("ben", commit)
        self.check("ci-bot", commit, "unit-tests")
        before = self.server.ref("refs/heads/main")
        self.merge("feature/x")
        self.land("rita", options=self.OPTIONS)
        git("update-ref", "refs/heads/main", before, cwd=self.server.path)
        return commit

    def claim(self):
        path, = glob.glob(os.path.join(self.server.path, "trunkgate/state/exemptions/skip-full-eval/*/*.*"))
        return path

    def test_a_use_counts_whatever_is_left_of_its_file(self):
        commit = self.waived()
        path = self.claim()
        for size in (os.path.getsize(path) - 1, 60, 10, 0):
            with open(path, "r+b") as file:
                file.truncate(size)
            self.not_landed(f"is used up for {commit[:8]}: 1 use of 1", user="rita", options=self.OPTIONS)

    def test_a_use_that_nobody_has_confirmed_counts_when_its_file_was_cut(self):
        """Nobody can tell any more whether what it was for has landed."""
        commit = self.waived()
        used = self.claim()
        path = used.replace("/used/", "/open/")
        os.rename(used, path)
        git("update-ref", "refs/heads/main", self.server.head(), cwd=self.server.path)
        git("update-ref", "refs/heads/develop", f"{self.server.head()}^", cwd=self.server.path)
        with open(path, "r+b") as file:
            file.truncate(45)
        self.not_landed(f"is used up for {commit[:8]}: 1 use of 1", "was cut short", os.path.basename(path),
                        user="rita", spec="main:refs/heads/develop", options=self.OPTIONS)

    def test_no_exemption_gets_time_from_a_record_that_was_cut(self):
        commit = self.work("ada", "feature/x", {"x": "1"})
        self.approve("ben", commit)
        self.check("ci-bot", commit, "unit-tests")
        self.merge("feature/x")
        path = os.path.join(self.server.path, "trunkgate/state/pushers", commit[:2])
        with open(path, "r+b") as file:
            file.truncate(46)
        self.not_landed("was cut short", user="rita", options=self.OPTIONS)


if __name__ == "__main__":
    unittest.main()
