"""What must hold after a run of the kill fuzzer, whatever was killed when: see check()."""
import collections
import hashlib
import json
import os
import sqlite3

from support import ZERO, git

REF_EVENTS = ("dev.trunkgate.ref.created.v1", "dev.trunkgate.ref.updated.v1", "dev.trunkgate.ref.deleted.v1")


def read_journal(path):
    """The rows (sequence, id, json, chain) in their order."""
    journal = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return journal.execute("SELECT sequence, id, json, chain FROM events ORDER BY sequence").fetchall()
    finally:
        journal.close()


def move_of(event):
    """(ref, before, after) of a ref event."""
    change = event["data"]["change"]
    return change["ref"]["name"], change["before"] or ZERO, change["after"] or ZERO


# References that a run may lose to Git itself; it was one in some ten minutes.
MOST_PRUNED = 1


class Checks:
    """Gathers everything that is wrong; `faults` stays empty when nothing is."""

    def __init__(self, server, pushes):
        self.server, self.pushes = server, pushes
        self.faults, self.counts = [], collections.Counter()
        folder = os.path.join(server, "trunkgate")
        self.rows = read_journal(os.path.join(folder, "journal.db"))
        self.events = [json.loads(text) for _, _, text, _ in self.rows]
        self.told = [event for event in self.events if event["type"] in REF_EVENTS]
        self.sink = os.path.join(folder, "events.jsonl")

    def fault(self, kind, what):
        self.counts[kind] += 1
        if len(self.faults) < 20:
            self.faults.append(f"{kind}: {what}")

    def chain(self):
        """The journal: numbers without a gap, ids that occur once, hashes that follow each other."""
        before = ""
        ids = set()
        for place, (sequence, identifier, text, chain) in enumerate(self.rows):
            if sequence != place + 1 or self.events[place]["sequence"] != f"{sequence:020}":
                self.fault("broken sequence", f"{sequence} at place {place + 1}")
            if identifier in ids or self.events[place]["id"] != identifier:
                self.fault("repeated id", identifier)
            ids.add(identifier)
            before = hashlib.sha256((before + text).encode()).hexdigest()
            if chain != before:
                self.fault("broken hash", sequence)

    def file_sink(self):
        """Every event of the journal, a repeat only whole, and each ref's in their order."""
        seen, last = {}, {}
        with open(self.sink, "rb") as file:
            lines = file.read().split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                self.counts["torn lines"] += line != b""
                continue
            if event["id"] in seen:
                self.counts["repeated lines"] += 1
                if seen[event["id"]] != line:
                    self.fault("changed repeat", event["id"])
                continue
            seen[event["id"]] = line
            if event["sequence"] <= last.get(event["partitionkey"], ""):
                self.fault("disordered sink", event["id"])
            last[event["partitionkey"]] = event["sequence"]
        journal = {identifier: text.encode() for _, identifier, text, _ in self.rows}
        if journal != seen:
            differing = [i for i in journal.keys() | seen.keys() if journal.get(i) != seen.get(i)]
            self.fault("file sink differs from journal", differing[:3])

    def refs(self):
        """Each ref's events are one line from what there was at first to what there is now."""
        last = {}
        for event in self.told:
            ref, before, after = move_of(event)
            count, previous, value = last.get(ref, (0, "", None))
            if int(event["refsequence"]) != count + 1:
                self.fault("broken refsequence", event["id"])
            if event.get("refprevious", "") != previous:
                self.fault("broken refprevious", event["id"])
            if value is not None and before != value:
                self.fault("broken link", f"{ref} was at {value[:8]}, then {before[:8]}..{after[:8]}")
            if before == after:
                self.fault("event of nothing", event["id"])
            last[ref] = count + 1, event["id"], after
        text = git("for-each-ref", "--format=%(refname) %(objectname)", cwd=self.server)
        now = dict(line.split(" ") for line in text.splitlines())
        for ref in now.keys() | last.keys():
            if ref in last and last[ref][2] != now.get(ref, ZERO):
                self.fault("wrong end", f"{ref} is at {now.get(ref)}, told {last[ref][2]}")
            if ref not in last and self.pushes.first.get(ref) != now[ref]:
                self.fault("wrong end", f"{ref} is at {now[ref]}, nothing told")

    def acknowledged(self, all_told):
        """Whatever a client was told is done stands in exactly one event. Of two dead pushes that asked for the same
        move nobody can tell which has made it, so that event may name the other one ("lost attribution")."""
        told = collections.Counter(move_of(event) for event in self.told)
        by_push = collections.Counter((event["correlationid"], *move_of(event)) for event in self.told
                                      if event.get("correlationid"))
        for push, count in by_push.items():
            if count > 1:
                self.fault("told twice", push)
            if push[0] in self.pushes.asked and push[1:] not in self.pushes.asked[push[0]]:
                self.fault("never asked for", push)
        refused = set()
        for event in self.events:
            if event["type"] == "dev.trunkgate.push.rejected.v1":
                for change in event["data"]["changes"]:
                    move = change["ref"]["name"], change["before"] or ZERO, change["after"] or ZERO
                    refused.add((event["correlationid"], *move))
        lost = collections.Counter()
        for push, ref, before, after in self.pushes.acknowledged:
            if before == after:
                self.counts["acknowledged and nothing"] += 1
                continue
            self.counts["acknowledged"] += 1
            if by_push[(push, ref, before, after)] == 0:
                lost[(ref, before, after)] += 1
            elif (push, ref, before, after) in refused:
                self.fault("told as done and as refused", (push, ref))
        acknowledged = set(self.pushes.acknowledged)
        for push in by_push:
            if push in acknowledged:
                told[push[1:]] -= 1
        for move, count in lost.items():
            # Told as something else's, of which there may be as many as nobody acknowledged.
            others = min(count, max(told[move], 0))
            self.counts["lost attribution"] += others
            if count > others:
                kind = "lost acknowledged"
                self.fault(kind, f"{count - others} of {move}") if all_told else self.counts.update([kind])

    def causes(self, only_hooks):
        for number, event in enumerate(self.told):
            cause = event["data"]["cause"]
            self.counts[f"cause {cause}"] += 1
            if cause != "external" or not only_hooks:
                continue
            if self.may_be_pruned(number) and self.counts["pruned by git"] < MOST_PRUNED:
                self.counts["pruned by git"] += 1
            else:
                self.fault("event that no push made", move_of(event))

    def may_be_pruned(self, number):
        """Whether `git pack-refs` may have taken a reference away: once it has packed them it removes every loose one
        that holds what was packed, also one that has been deleted and made again meanwhile (Git 2.39; with a pause
        after its rename of packed-refs it does so every time)."""
        ref, value, after = move_of(self.told[number])
        before = [move_of(event)[1:] for event in self.told[:number] if move_of(event)[0] == ref]
        gone = max((i for i, (_, to) in enumerate(before) if to == ZERO), default=None)
        return after == ZERO and gone is not None and any(value in move for move in before[:gone + 1])


def check(server, pushes, only_hooks=True):
    """Looks at a repository of which everything is delivered. `pushes` has what was asked for and
    acknowledged (PushLog). With `only_hooks` all that moved a ref was a push through the gate; else only
    the net state must be right. Returns the Checks."""
    checks = Checks(server, pushes)
    checks.chain()
    checks.file_sink()
    checks.refs()
    checks.acknowledged(only_hooks)
    checks.causes(only_hooks)
    checks.counts["events"] = len(checks.events)
    checks.counts["ref events"] = len(checks.told)
    return checks
