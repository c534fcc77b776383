"""The kill fuzzer, for a short while and with fixed seeds (see kill_fuzzer.py; run that for longer)."""
import json
import unittest

from kill_fuzzer import fuzz
from support import needs

SECONDS = 9


def killed(counts):
    return sum(n for what, n in counts.items() if what.startswith("killed: ") and what != "killed: none")


def happened(log):
    """Enough for what is found to mean something; a busy machine takes longer for it."""
    moved = [push for push in list(log.acknowledged) if push[2] != push[3]]
    counts = dict(log.counts)
    return len(moved) > 20 and counts.get("deliverers killed", 0) > 5 and killed(counts) > 20


@needs("strace")
class KillFuzzer(unittest.TestCase):
    def fuzz(self, seed, outside=False):
        checks = fuzz(seed, SECONDS, outside, happened)
        counts = dict(checks.counts)
        self.assertEqual([], checks.faults, json.dumps(counts, sort_keys=True))
        self.assertGreater(counts["acknowledged"], 20, counts)
        self.assertGreater(counts["deliverers killed"], 5, counts)
        self.assertGreater(killed(counts), 20, counts)

    def test_every_acknowledged_update_is_in_one_event_when_the_refs_are_known(self):
        self.fuzz(1)

    def test_every_acknowledged_update_is_in_one_event_from_the_first_pass_on(self):
        self.fuzz(2)

    def test_another_history(self):
        self.fuzz(3)

    def test_the_net_state_is_right_when_others_than_pushes_move_refs(self):
        self.fuzz(4, outside=True)


if __name__ == "__main__":
    unittest.main()
