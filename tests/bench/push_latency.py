"""What unreachable sinks cost pushers: 50 of them at once, with sinks that nobody answers for and without any.

Prints medians and 95th percentiles; nothing is asserted about time. Run it by hand:
  TRUNKGATE_BUILD=build/release python3 -B tests/bench/push_latency.py [--pushers 50] [--rounds 9]
"""
import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "end_to_end"))
from delivery import RULES, deliverers  # noqa: E402
from support import ENVIRONMENT, Repository, free_port, wait_until  # noqa: E402


def unreachable_sinks():
    """A sink of each kind; nobody listens at their ports, and nothing can be written or run."""
    ports = [free_port() for _ in range(3)]
    return ("events:\n  sinks:\n"
            f"    - {{name: ci, webhook: {{url: 'http://127.0.0.1:{ports[0]}/', allow: [127.0.0.1]}}}}\n"
            f"    - {{name: bus, nats: {{servers: ['nats://127.0.0.1:{ports[1]}'], stream: GIT}}}}\n"
            f"    - {{name: mail, smtp: {{server: 'smtp://127.0.0.1:{ports[2]}', to: [a@example.com]}}}}\n"
            "    - {name: log, file: /nonexistent/events.jsonl}\n"
            "    - {name: run, command: [/nonexistent/program]}\n")


def push_at_once(server, commit, pushers, round_):
    """Seconds of each push."""
    times, gate = [], threading.Barrier(pushers)

    def push(number):
        gate.wait()
        start = time.perf_counter()
        done = subprocess.run(["git", "push", "-q", server.path, f"{commit}:refs/heads/feature/{round_}-{number}"],
                              cwd=server.work, env=ENVIRONMENT, stderr=subprocess.PIPE)
        times.append(time.perf_counter() - start)
        if done.returncode != 0:
            raise SystemExit(done.stderr.decode())
    threads = [threading.Thread(target=push, args=(number,)) for number in range(pushers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) != pushers:
        raise SystemExit("a push has failed")
    return times


def quiet(server):
    """Ends deliverers that stay for retries; the others are given the time they need."""
    time.sleep(0.5)
    for pid in deliverers(server.path):
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
    wait_until(lambda: not deliverers(server.path), 60)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pushers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trunkgate-bench-") as folder:
        policies = {"no sinks": RULES, "unreachable sinks": RULES + unreachable_sinks()}
        times = {name: [] for name in policies}
        for round_ in range(arguments.rounds + 1):
            # Every other round begins with the other one, because machines get warm.
            for name, policy in list(policies.items())[::1 if round_ % 2 else -1]:
                # Git takes longer the more references there are, so each round has a server of its own; a new one is
                # the worst case: no sink is known to be down.
                server = Repository(folder, name=f"{round_}-{name[0]}.git", policy=policy)
                took = push_at_once(server, server.head(), arguments.pushers, round_)
                quiet(server)
                shutil.rmtree(server.path)
                if round_ > 0:  # the first one fills caches
                    times[name].append(took)
        for name, rounds in times.items():
            every = [seconds * 1e3 for took in rounds for seconds in took]
            medians = [statistics.median(took) * 1e3 for took in rounds]
            print(f"{name:<20}median {statistics.median(every):8.1f} ms   95 %: "
                  f"{statistics.quantiles(every, n=20)[-1]:8.1f} ms   medians of rounds: "
                  f"{min(medians):.1f} to {max(medians):.1f} ms")
        added = [statistics.median(a) - statistics.median(b)
                 for a, b in zip(times["unreachable sinks"], times["no sinks"])]
        print(f"added, median of the differences of rounds: {statistics.median(added) * 1e3:.1f} ms; their mean: "
              f"{statistics.fmean(added) * 1e3:.1f} ms +- {statistics.stdev(added) / len(added) ** 0.5 * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
