"""trunkgate events list, show and tail."""
import json
import os
import signal
import subprocess
import unittest

from operator_commands import OperatorTest
from support import ENVIRONMENT, SERVICE_USER, TOOL, Repository, git, run, validate, wait_until

WHO = SERVICE_USER
LINES = [f"     1  TIME  push.accepted      push_ID refs/heads/main  {WHO}  00000000..FIRST",
         f"     2  TIME  ref.created        refs/heads/main  {WHO}  00000000..FIRST",
         f"     3  TIME  push.rejected      push_ID refs/heads/odd  {WHO}  00000000..SECOND",
         f"     4  TIME  push.accepted      push_ID 2 refs  {WHO}",
         f"     5  TIME  ref.updated        refs/heads/main  {WHO}  FIRST..SECOND",
         f"     6  TIME  ref.created        refs/heads/feature/nightly  {WHO}  00000000..SECOND"]


def text(*numbers):
    return "".join(LINES[number - 1] + "\n" for number in numbers)


class OperatorEvents(OperatorTest):
    def test_lists_one_line_for_each_event_from_inside_of_the_repository(self):
        self.assertEqual(text(1, 2, 3, 4, 5, 6), self.tool("events", "list"))

    def test_picks_events(self):
        push = json.loads(run([TOOL, "events", "list", "--format", "json", "--limit", "1"],
                              cwd=self.server.path).stdout)["correlationid"]
        for expected, words in [
                ((3, 4), ["--since", "3", "--until", "4"]),
                ((5, 6), ["--limit", "2"]),
                ((2, 5), ["--ref", "main", "--type", "ref.*"]),
                ((4, 6), ["--ref", "refs/heads/feature/*"]),
                ((3,), ["--type", "push.rejected"]),
                ((4, 5, 6), ["--push", push]),
                ((4, 5, 6), ["--push", push[:13]]),
                ((4, 5, 6), ["--push", push[5:13]]),
                ((1, 2, 3, 4, 5, 6), ["--by", WHO]),
                ((), ["--by", "nobody-else"]),
                ((), ["--until", "1h"]),
                ((), ["--since", "2999-01-01"]),
                ((1, 2, 3, 4, 5, 6), ["--since", "1h", "--until", "2999-01-01T00:00"])]:
            self.assertEqual(text(*expected),
                             self.tool("events", "list", "--repo", self.server.path, *words, cwd="/"), words)

    def test_gives_scripts_the_events_as_they_were_sent(self):
        done = run([TOOL, "events", "list", "--format", "json"], cwd=self.server.path)
        self.assertEqual(self.server.events(), [json.loads(line) for line in done.stdout.splitlines()])

    def test_shows_all_of_one_event_and_where_it_went(self):
        event = self.server.events()[4]
        shown = run([TOOL, "events", "show", event["id"]], cwd=self.server.path).stdout.decode()
        body, deliveries = shown.split("deliveries:\n")
        self.assertEqual(event, json.loads(body))
        self.assertEqual("  events: delivered TIME, 1 attempt\n", self.plain(deliveries))
        self.assertEqual(shown, run([TOOL, "events", "show", "5"], cwd=self.server.path).stdout.decode())
        page = json.loads(run([TOOL, "events", "show", "5", "--format", "json"], cwd=self.server.path).stdout)
        self.assertEqual(event, page["event"])
        self.assertEqual([("events", "delivered", 1)],
                         [(d["sink"], d["state"], d["attempts"]) for d in page["deliveries"]])

    def test_shows_with_what_was_cut_from_it_by_its_dataref(self):
        commits = [self.server.commit(f"feat: number {n}\n\nReviewed-by: Bob\n", {"b": f"{n}\n"}) for n in range(25)]
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        event = self.server.events()[-1]
        self.assertEqual((["/commits"], 20), (event["data"]["truncated"], len(event["data"]["commits"])))
        self.assertEqual(f"trunkgate+{event['source']}#{event['id']}", event["dataref"])
        done = run([TOOL, "events", "show", event["dataref"], "--full", "--format", "json"], cwd=self.server.path)
        self.assertEqual(b"", done.stderr)
        full = json.loads(done.stdout)["event"]
        validate(full)
        told = full["data"].pop("commits")
        self.assertEqual(commits, [commit["id"] for commit in told])
        self.assertEqual(event["data"].pop("commits"), told[5:])
        del event["data"]["truncated"], event["dataref"]
        self.assertEqual(event, full)
        shown = run([TOOL, "events", "show", event["id"], "--full"], cwd=self.server.path).stdout.decode()
        self.assertEqual(told, json.loads(shown.split("deliveries:\n")[0])["data"]["commits"])

    def test_says_which_objects_of_an_event_are_gone(self):
        for n in range(25):
            self.server.commit(f"feat: number {n}", {"b": f"{n}\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/long"))
        tip = self.server.head()
        self.assertEqual("refs/heads/feature/long", self.server.events()[-1]["subject"])
        self.assert_accepted(self.server.push(":refs/heads/feature/long"))
        git("reflog", "expire", "--all", "--expire=now", cwd=self.server.path)
        git("repack", "-q", "-a", "-d", cwd=self.server.path)
        git("prune", "--expire=now", cwd=self.server.path)
        self.assertEqual(f"error: event 8 cannot be told in full: 1 object it tells of is gone: {tip}\n"
                         "hint: as it was sent: trunkgate events show 8\n",
                         run([TOOL, "events", "show", "8", "--full"], cwd=self.server.path,
                             check=False).stderr.decode())

    def test_says_what_is_wrong_with_the_words(self):
        for code, said, words in [
                (1, "error: there is no event 7 in the journal\n"
                    "hint: see which there are with: trunkgate events list\n", ["show", "7"]),
                (2, "error: '3x' is no time and no event's number\n"
                    "hint: write 36h or 7d (ago), 2026-01-31, 2026-01-31T09:30 (UTC), or a sequence like 17\n",
                 ["list", "--since", "3x"]),
                (2, "error: --ref '[a': the class that '[' opens is never closed\n", ["list", "--ref", "[a"])]:
            self.assertEqual(said, self.tool("events", *words, code=code))

    def test_says_that_there_is_no_journal_or_no_repository(self):
        other = Repository(self.folder, name="other.git", seed=False, install=False)
        said = self.tool("events", "list", cwd=other.path, code=2).replace(os.path.realpath(other.path), "%")
        self.assertEqual("error: there is no journal at %/trunkgate/journal.db: nothing was recorded yet\n"
                         "hint: a push does that, or: trunkgate deliver REPOSITORY\n", said)
        said = self.tool("events", "verify", cwd=self.folder, code=2)
        self.assertIn("error: ", said)

    def test_deliver_takes_the_repository_as_the_other_commands_do_too(self):
        for words in ([self.server.path], ["--repo", self.server.path]):
            said = "another deliverer"
            while "another deliverer" in said:
                said = self.tool("deliver", *words)
            self.assertEqual("@: 0 events written, 0 records left\n", said)

    def test_prints_nothing_that_a_terminal_obeys(self):
        self.server.write_policy("version: 1\nidentity: {unknown: allow}\n")
        ref = b"refs/heads/feature/\xe2\x80\xae\xff"
        run(["git", "push", "-q", self.server.path, b"HEAD:" + ref], cwd=self.server.work)
        self.deliver()
        self.assertIn("refs/heads/feature/<U+202E>\\xff", self.tool("events", "list", "--limit", "1"))
        self.tool("events", "show", "8")
        self.tool("events", "list", "--format", "json")

    def test_tails_and_follows(self):
        self.assertEqual(text(5, 6), self.tool("events", "tail", "-n", "2"))
        self.assertEqual(text(2, 5), self.tool("events", "tail", "-n", "2", "--type", "ref.*", "--ref", "main"))
        follower = subprocess.Popen([TOOL, "events", "tail", "-n", "1", "--follow"], cwd=self.server.path,
                                    env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            self.assertEqual(LINES[5] + "\n", self.plain(follower.stdout.readline().decode()))
            self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
            self.deliver()
            self.assertEqual(f"     7  TIME  push.accepted      push_ID refs/heads/feature/x  {WHO}  "
                             "00000000..SECOND\n", self.plain(follower.stdout.readline().decode()))
            self.assertEqual(f"     8  TIME  ref.created        refs/heads/feature/x  {WHO}  00000000..SECOND\n",
                             self.plain(follower.stdout.readline().decode()))
            self.assertIsNone(follower.poll())
        finally:
            follower.send_signal(signal.SIGTERM)
            follower.communicate(timeout=60)

    def test_follows_into_the_journal_that_comes_after_one_that_was_lost(self):
        follower = subprocess.Popen([TOOL, "events", "tail", "-n", "1", "--follow"], cwd=self.server.path,
                                    env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            follower.stdout.readline()
            for end in "", "-wal", "-shm":
                path = os.path.join(self.server.path, "trunkgate", "journal.db" + end)
                if os.path.exists(path):
                    os.unlink(path)
            run([TOOL, "deliver", self.server.path], check=False)
            self.assertEqual(b"warning: the journal was replaced by another one\n", follower.stderr.readline())
            self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
            self.deliver()
            self.assertEqual(f"     1  TIME  push.accepted      push_ID refs/heads/feature/x  {WHO}  "
                             "00000000..SECOND\n", self.plain(follower.stdout.readline().decode()))
        finally:
            follower.send_signal(signal.SIGTERM)
            follower.communicate(timeout=60)

    def test_ends_when_nobody_reads_it_any_more(self):
        follower = subprocess.Popen([TOOL, "events", "tail", "-f"], cwd=self.server.path, env=ENVIRONMENT,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            follower.stdout.readline()
            follower.stdout.close()
            self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
            self.deliver()
            self.assertTrue(wait_until(lambda: follower.poll() is not None))
        finally:
            follower.kill()
            follower.wait(timeout=60)

    def test_lists_a_hundred_thousand_events_in_little_memory(self):
        self.change("WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 100099) "
                    "INSERT INTO events SELECT i, 'evt_' || i, type, ref, push_id, time, recorded, json, chain "
                    "FROM n JOIN events e ON e.sequence = 6")
        for words in ["list"], ["list", "--limit", "99999"], ["list", "--format", "json"]:
            done = subprocess.run(["/usr/bin/prlimit", "--as=200000000", TOOL, "events", *words],
                                  cwd=self.server.path, env=ENVIRONMENT, stdout=subprocess.PIPE, timeout=120)
            self.assertEqual(0, done.returncode)
            self.assertGreater(done.stdout.count(b"\n"), 99_998)


if __name__ == "__main__":
    unittest.main()
