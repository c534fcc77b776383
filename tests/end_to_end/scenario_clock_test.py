"""Clocks that jump: what ends with time ends, and what was counted stays counted."""
import glob
import os
import re
import unittest

from scenario import ScenarioTest

TEAM = """version: 1
groups: {managers: [rita, dora], ci: [ci-bot]}
attestations: {exemption: {by: [managers]}, check: {by: [ci]}}
rulesets:
  - {name: trunk, refs: [main], rules: {unconventional-commit: {}}}
  - {name: releases, refs: ['release/**'], rules: {unconventional-commit: {}}}
  - name: checked
    refs: [develop]
    rules: {missing-check: {require: [unit-tests], max-age: 24h}}
exemptions:
  day: {waives: [unconventional-commit], by: [managers], uses: 1, expires: 24h}
  week: {waives: [unconventional-commit], by: [managers], budget: 2}
  granted: {waives: [unconventional-commit], by: [ada], uses: 1, expires: 24h, approval: {by: [managers]}}
"""
HOUR, DAY = 3600, 86400


class Clock(ScenarioTest):
    POLICY = TEAM

    def jump(self, seconds):
        """The server's clock goes that much forward, or back: so everything that it has recorded is that much older, or
        younger. (The programs under test are linked so that no library can stand between them and the clock.)"""
        state = os.path.join(self.server.path, "trunkgate/state")
        for path in glob.glob(f"{state}/pushers/*") + glob.glob(f"{state}/issuers/*"):
            with open(path) as file:
                text = file.read()
            with open(path, "w") as file:
                file.write(re.sub(r"(?<= )1[0-9]{9}(?= )", lambda time: str(int(time.group()) - seconds), text))
        for path in glob.glob(f"{state}/exemptions/*/*/*.*"):
            subject, time, rest = os.path.basename(path).split(".", 2)
            os.rename(path, os.path.join(os.path.dirname(path), f"{subject}.{int(time) - seconds}.{rest}"))

    def bad(self, start="main", name="x"):
        """A commit with a title that main does not take, on a branch that does; returns it."""
        self.server.checkout("-B", "work", self.server.ref(f"refs/heads/{start}"))
        commit = self.server.commit(f"told more of {name}", {name: "1\n"}, env=self.AUTHORS["ben"])
        self.accepted("ben", f"{commit}:refs/heads/feature/{name}")
        return commit

    def use(self, commit, label, user="rita", branch="main"):
        return self.accepted(user, f"{commit}:refs/heads/{branch}", options=[f"exempt={label}", "reason=pager"])

    def not_used(self, commit, label, *words, user="rita", branch="main"):
        return self.refused(user, f"{commit}:refs/heads/{branch}", *words, options=[f"exempt={label}", "reason=pager"])

    def grant(self, commit, user="rita", reason="pager"):
        self.accepted(user, f"+{self.blob({'reason': reason})}:{self.attest(commit, 'exemption', 'granted')}")

    def test_a_day_after_the_first_push_it_has_ended(self):
        commit = self.bad()
        self.jump(25 * HOUR)
        self.not_used(commit, "day", "the exemption 'day' ended for this commit")
        # Pushing it again does not make it younger.
        self.accepted("ben", f"{commit}:refs/heads/feature/again")
        self.not_used(commit, "day", "the exemption 'day' ended for this commit")
        self.jump(-2 * HOUR)
        self.use(commit, "day")

    def test_a_use_stays_used_wherever_the_clock_jumps(self):
        commit = self.bad()
        self.use(commit, "day")
        for seconds in (2 * HOUR, -2 * HOUR - 200):
            self.jump(seconds)
            self.not_used(commit, "day", "is used up for", branch="release/1")

    def test_a_clock_that_was_ahead_at_the_first_push_gives_no_time(self):
        commit = self.bad()
        self.jump(-400 * DAY)
        self.not_used(commit, "day", "is yet to come: the server's clock was or is wrong", "git commit --amend")

    def test_a_clock_that_was_a_little_ahead_is_not_wrong(self):
        commit = self.bad()
        self.jump(-60)
        self.use(commit, "day")

    def test_a_budget_of_a_week_is_free_again_after_a_week(self):
        for name in ("a", "b"):
            self.use(self.bad(name=name), "week")
        commit = self.bad(name="c")
        self.jump(6 * DAY)
        self.not_used(commit, "week", "has used up its budget: 2 uses in 7 days", "the next one is free from")
        self.jump(2 * DAY)
        self.use(commit, "week")

    def test_a_budget_is_not_free_when_the_clock_goes_back(self):
        for name in ("a", "b"):
            self.use(self.bad(name=name), "week")
        commit = self.bad(name="c")
        self.jump(-30 * DAY)
        self.not_used(commit, "week", "has used up its budget: 2 uses in 7 days")

    def test_a_grant_ends_after_a_day(self):
        commit = self.bad()
        self.grant(commit)
        self.jump(25 * HOUR)
        self.not_used(commit, "granted", "the grant by 'rita' ended", user="ada")
        self.grant(commit, reason="once more")
        self.use(commit, "granted", user="ada")

    def test_a_grant_from_a_clock_that_was_ahead_does_not_count(self):
        commit = self.bad()
        self.grant(commit)
        self.jump(-400 * DAY)
        self.not_used(commit, "granted", "the grant by 'rita' is of", "which is yet to come", user="ada")
        self.grant(commit, reason="once more")
        self.use(commit, "granted", user="ada")

    def test_a_grant_from_a_clock_that_was_a_little_ahead_is_used_once(self):
        commit = self.bad()
        self.grant(commit)
        self.jump(-60)
        self.use(commit, "granted", user="ada")
        self.not_used(commit, "granted", "is used up for", user="ada", branch="release/1")

    def test_a_check_is_neither_fresh_after_its_time_nor_before_it(self):
        commit = self.work("ada", "feature/x", {"x": "1\n"})
        self.check("ci-bot", commit, "unit-tests")
        for seconds, words in ((25 * HOUR, "is 25h old; 1d is allowed"), (-400 * DAY, "which is yet to come")):
            self.jump(seconds)
            self.refused("ada", f"{commit}:refs/heads/develop", "check 'unit-tests'", words)
        self.jump(400 * DAY - 24 * HOUR)
        self.accepted("ada", f"{commit}:refs/heads/develop")


if __name__ == "__main__":
    unittest.main()
