"""D-030 to D-032: a hundred pushes at once, and results that come in any order."""
import concurrent.futures
import os
import unittest

from support import EMPTY_PACK, GateTest, RawClient, ZERO, run

PUSHES = 100


class Parallel(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.commits = [self.server.commit(f"feat: {number}", {"file": str(number)}) for number in range(10)]
        run(["git", "push", "-q", self.server.path, f"{self.commits[-1]}:refs/heads/feature/objects"],
            cwd=self.server.work)
        self.server.events()

    def push(self, name, after, before=ZERO):
        client = RawClient(self.server)
        client.send([(before, after, name)], EMPTY_PACK)
        return client.result()

    def told(self, name=None):
        return [event for event in self.server.events() if event["type"].startswith("dev.trunkgate.ref.") and
                event["subject"].startswith(name or "refs/heads/feature/f")]

    def test_D_030_a_hundred_pushes_at_once_to_a_hundred_refs_are_a_hundred_events(self):
        names = [f"refs/heads/feature/f{number}" for number in range(PUSHES)]
        with concurrent.futures.ThreadPoolExecutor(PUSHES) as pool:
            results = list(pool.map(lambda name: self.push(name, self.commits[0]), names))
        for name, (code, report, printed) in zip(names, results):
            self.assertIn(b"ok " + name.encode() + b"\n", report, printed)
            self.assertEqual((0, b""), (code, printed))
        self.assertEqual(sorted(names), sorted(event["subject"] for event in self.told()))
        self.assertEqual([f"{n:020}" for n in range(1, len(self.server.events()) + 1)],
                         [event["sequence"] for event in self.server.events()])

    def test_D_031_of_a_hundred_pushes_at_once_to_one_ref_one_wins(self):
        name = "refs/heads/feature/f"
        with concurrent.futures.ThreadPoolExecutor(PUSHES) as pool:
            results = list(pool.map(lambda number: self.push(name, self.commits[number % 10]), range(PUSHES)))
        won = [number for number, (_, report, _) in enumerate(results) if b"ok refs/" in report]
        self.assertEqual(1, len(won))
        self.assertEqual(self.commits[won[0] % 10], self.server.ref(name))
        for number, (_, report, printed) in enumerate(results):
            if number not in won:
                # Refused by the gate, which saw that it was too late, or by Git, which found the ref locked.
                self.assertIn(b"ng " + name.encode(), report)
                gate = b"by now, not at" in printed or b"is locked" in printed
                late = b"cannot lock ref" in printed or b"reference already exists" in printed
                self.assertTrue(gate or late or b"failed to update ref" in report, (report, printed))
        told = self.told(name)
        self.assertEqual([("dev.trunkgate.ref.created.v1", self.server.ref(name))],
                         [(event["type"], event["data"]["change"]["after"]) for event in told])
        self.assertEqual(PUSHES - 1, len(self.server.rejections()))

    def test_D_032_a_chain_is_unbroken_though_results_come_in_any_order(self):
        folder = os.path.join(self.server.path, "hooks", "post-receive")
        os.rename(folder, folder + ".ours")
        with open(folder, "w") as file:  # the first results come last
            file.write('#!/bin/sh\nread old new ref\n'
                       'n=$(cat "$GIT_DIR/n" 2>/dev/null || echo 12)\necho $((n - 1)) >"$GIT_DIR/n"\n'
                       f'sleep "0.$((n > 9 ? 9 : n))"\necho "$old $new $ref" | {folder}.ours\n')
        os.chmod(folder, 0o755)
        names = ["refs/heads/feature/fa", "refs/heads/feature/fb"]
        at = {name: ZERO for name in names}
        clients, moves = [], []
        for number in range(24):
            name = names[number % 2]
            after = self.commits[(number * 7) % 10] if number % 9 else ZERO
            if at[name] == after:
                continue
            client = RawClient(self.server)
            client.send([(at[name], after, name)], b"" if after == ZERO else EMPTY_PACK)
            clients.append(client)
            # The report comes before post-receive.
            report = b""
            while b"ok refs/" not in report:
                packet = client._packet()
                self.assertTrue(packet, report)
                report += packet
            moves.append((name, at[name], after))
            at[name] = after
        for client in clients:
            client.result()
        told = [(event["subject"], event["data"]["change"]["before"] or ZERO, event["data"]["change"]["after"] or ZERO)
                for event in self.told()]
        for name in names:
            self.assertEqual([move for move in moves if move[0] == name], [move for move in told if move[0] == name])
        self.assertEqual({"push"}, {event["data"]["cause"] for event in self.told()})


if __name__ == "__main__":
    unittest.main()
