"""trunkgate events verify says which row of the journal somebody has removed, edited or inserted."""
import hashlib
import json
import os
import subprocess
import unittest

from operator_commands import OperatorTest
from support import ENVIRONMENT, TOOL, run

FINE = "nothing is wrong (6 events, 1 to 6)\n"


class OperatorVerify(OperatorTest):
    def verify(self, code=1):
        return self.tool("events", "verify", code=code)

    def test_finds_nothing_wrong_with_what_the_gate_recorded(self):
        self.assertEqual(FINE, self.verify(code=0))

    def test_names_what_was_removed(self):
        self.change("DELETE FROM events WHERE sequence = 3")
        self.assertEqual("error: event 3 was removed\n1 problem (5 events, 1 to 6)\n", self.verify())

    def test_names_what_was_removed_at_the_end(self):
        self.change("DELETE FROM events WHERE sequence > 4")
        self.assertEqual("error: events 5 to 6 were removed: state/journal.json counts 6\n"
                         "1 problem (4 events, 1 to 4)\n", self.verify())

    def test_names_what_was_edited(self):
        self.change("UPDATE events SET json = replace(json, 'refs/heads/odd', 'refs/heads/even') WHERE sequence = 3")
        self.assertEqual("error: event 3 was edited, or the one before it and its hash: the two are not linked any "
                         "more\n1 problem (6 events, 1 to 6)\n", self.verify())

    def test_names_what_was_edited_and_hashed_anew(self):
        with self.journal() as journal:
            chain = ""
            for sequence, text in journal.execute("SELECT sequence, json FROM events ORDER BY 1").fetchall():
                if sequence == 6:
                    text = text.replace(self.second, self.first)
                chain = hashlib.sha256((chain + text).encode()).hexdigest()
                journal.execute("UPDATE events SET json = ?, chain = ? WHERE sequence = ?", (text, chain, sequence))
        journal.close()
        self.assertEqual("error: event 6 was edited: its id was not made of what it tells\n"
                         "error: the table 'refs' says otherwise about refs/heads/feature/nightly than event 6: number 1, evt_ID, "
                         "at SECOND\n2 problems (6 events, 1 to 6)\n", self.verify())

    def test_names_what_was_inserted(self):
        with self.journal() as journal:
            text, chain = journal.execute("SELECT json, chain FROM events WHERE sequence = 6").fetchone()
            event = json.loads(text)
            event.update(id="evt_" + "0" * 32, sequence="%020d" % 7)
            text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
            journal.execute("INSERT INTO events SELECT 7, ?, type, ref, push_id, time, recorded, ?, ? FROM events "
                            "WHERE sequence = 6",
                            (event["id"], text, hashlib.sha256((chain + text).encode()).hexdigest()))
        journal.close()
        said = self.verify()
        self.assertIn("error: event 7 was edited: its id was not made of what it tells\n", said)
        self.assertIn("error: event 7 was inserted, or the deliverer was killed while it recorded: "
                      "state/journal.json counts 6\n", said)

    def test_sees_an_older_copy_of_the_whole_journal(self):
        path = os.path.join(self.server.path, "trunkgate", "journal.db")
        with open(path, "rb") as file:
            copy = file.read()
        self.assert_accepted(self.server.push("HEAD:refs/heads/feature/x"))
        self.deliver()
        with open(path, "wb") as file:
            file.write(copy)
        self.assertEqual("error: events 7 to 8 were removed: state/journal.json counts 8\n"
                         "1 problem (6 events, 1 to 6)\n", self.verify())

    def test_finds_nothing_wrong_while_deliverers_are_at_work(self):
        for n in range(10):
            self.server.commit("feat: more", {"a": f"{n}\n"})
            self.assert_accepted(self.server.push(f"HEAD:refs/heads/feature/{n}"))
            deliverer = subprocess.Popen([TOOL, "deliver", self.server.path], env=ENVIRONMENT,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self.assertIn("nothing is wrong", self.verify(code=0))
            finally:
                deliverer.wait(timeout=60)
        self.deliver()
        self.assertEqual("nothing is wrong (26 events, 1 to 26)\n", self.verify(code=0))

    def test_changes_nothing(self):
        before = run(["sha256sum", "trunkgate/journal.db"], cwd=self.server.path).stdout
        names = os.listdir(os.path.join(self.server.path, "trunkgate"))
        self.assertEqual(FINE, self.verify(code=0))
        self.assertEqual(before, run(["sha256sum", "trunkgate/journal.db"], cwd=self.server.path).stdout)
        left = set(os.listdir(os.path.join(self.server.path, "trunkgate"))) - set(names)
        self.assertLessEqual(left, {"journal.db-wal", "journal.db-shm"})


if __name__ == "__main__":
    unittest.main()
