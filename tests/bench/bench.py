"""What the gate costs. Prints times and, because times move with the machine, ratios. See --help.

Nothing is asserted about time; a run whose pushes do not end as they should fails.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "end_to_end"))
from history import BRANCH, History  # noqa: E402
from support import ENVIRONMENT, TOOL, GateTest, Repository, git, run  # noqa: E402

HEAD = "version: 1\nidentity: {unknown: allow}\nmode: warn\n"
# Every rule about files; a new one that is not here fails the benchmark.
FILE_RULES = {
    "binary-file": "{}", "changed-by-others": "{paths: [ci/], by: [eve]}", "colliding-path": "{}",
    "conflict-marker": "{}", "drifting-dependency": "{watch: [torch]}", "executable-bit": "{script-only: true}",
    "forbidden-content": r"{match: ['import pdb', 'console\.log\(', 'DO NOT COMMIT']}",
    "forbidden-path": "{paths: ['*.pth', '*.ckpt', wandb/, 'data/**/*.npy']}", "frozen-path": "{paths: [LICENSE]}",
    "invalid-config": "{}", "leaked-secret": "{}", "line-endings": "{}", "missing-lfs": "{paths: ['*.bin']}",
    "missing-licence": "{match: Apache, paths: ['*.java']}", "notebook-output": "{}", "overlong-path": "{}",
    "oversized-file": "{limit: 10 MiB}", "submodule": "{}", "symlink": "{}", "unportable-path": "{}",
    "whitespace-error": "{}",
}


def ruleset(rules, refs="refs/heads/**", name="all", extra=""):
    lines = "".join(f"      {rule}: {options}\n" for rule, options in rules.items())
    return f"  - name: {name}\n    refs: ['{refs}']\n{extra}    rules:\n{lines}"


def check_rules():
    text = run([TOOL, "explain", "--markdown"]).stdout.decode()
    known = set(re.findall(r"^\| \[([a-z-]+)\]\(#[a-z-]+\) \| file \|", text, re.MULTILINE))
    if known != set(FILE_RULES):
        raise SystemExit(f"rules about files that are not measured, or none: {known ^ set(FILE_RULES)}")


def long_policy(lines=300):
    """A policy of so many lines: rulesets as an admin writes them, each for a release of its own."""
    text, number = HEAD + "rulesets:\n", 0
    while text.count("\n") < lines:
        number += 1
        text += ruleset({"rewound-branch": "{}", "unconventional-commit": "{types: [feat, fix, docs]}",
                         "forbidden-path": "{paths: ['*.pth', '*.ckpt', wandb/], hint: push weights to the store}",
                         "oversized-file": "{limit: 10 MiB}", "forbidden-content": "{match: ['a[0-9]+b', 'x{3}']}",
                         "ill-named-branch": "{allow: ['feature/**', 'bugfix/**', main]}"},
                        refs=f"refs/heads/release/{number}/**", name=f"release-{number}")
    return "\n".join(text.split("\n")[:lines]) + "\n"


class Bench:
    def __init__(self, folder, arguments):
        self.folder, self.runs, self.commits = folder, arguments.runs, arguments.commits
        self.evidences, self.cases = arguments.evidence, arguments.case
        self.number = 0

    def server(self, policy):
        """An empty bare repository, with the gate when there is a policy."""
        self.number += 1
        server = Repository(self.folder, name=f"server{self.number}.git", policy=policy, seed=False,
                            install=policy is not None)
        return server

    def loading(self):
        """Seconds of pre-receive on a push that brings nothing, by policy."""
        small = HEAD + "rulesets:\n" + ruleset({"deleted-ref": "{}"})
        server = self.server(small)
        server.commit("feat: begin", {"a": "1\n"})
        git("push", "-q", server.path, "HEAD:refs/heads/x", cwd=server.work)
        command = [("0" * 40, server.head(), "refs/heads/y")]
        parsed = os.path.join(server.path, "trunkgate", "state", "parsed-policy")

        def seconds(policy, cold):
            server.write_policy(policy)
            times = []
            for _ in range(max(3, self.runs * 10) + 1):
                if cold and os.path.exists(parsed):
                    os.unlink(parsed)
                start = time.perf_counter()
                done = server.judge(command)
                times.append(time.perf_counter() - start)
                if done.returncode != 0:
                    raise SystemExit(done.stderr.decode())
            if not os.path.exists(parsed):
                raise SystemExit("there is no " + parsed)
            return min(times[1:])  # the rest of what they took is the machine's

        base = seconds(small, cold=False)
        print(f"pre-receive, a policy of {small.count(chr(10))} lines   {base * 1e3:8.2f} ms")
        policy = long_policy()
        for name, cold in (("read anew", True), ("with state/parsed-policy", False)):
            taken = seconds(policy, cold)
            print(f"  of {policy.count(chr(10))} lines, {name:<26} {taken * 1e3:6.2f} ms  "
                  f"loading it {(taken - base) * 1e3:5.2f} ms")

    def evidence(self):
        """Milliseconds that the gate adds to a push of one commit, without evidence on the server and with much."""
        policy = HEAD.replace("mode: warn", "attestations: {approval: {by: [ada]}, check: {by: [ci]}}") + "rulesets:\n"
        policy += ruleset({"unconventional-commit": "{}"})
        print(f"{'pieces of evidence':<24}{'loose':>7}{'no hooks':>11}{'gate':>11}{'added':>11}   medians")
        for count, packed in ((0, False), (self.evidences, False), (self.evidences, True)):
            servers = [self.server(None), self.server(policy)]
            for server in servers:
                self.fill(server, count, packed)
            times = [[], []]
            for round_ in range(self.runs * 5):
                for which, server in enumerate(servers):
                    server.commit(f"feat: round {round_}", {"a": f"{which} {round_}\n"})
                    start = time.perf_counter()
                    git("push", "-q", server.path, f"HEAD:refs/heads/feature/{round_}", cwd=server.work)
                    times[which].append(time.perf_counter() - start)
            bare, gated = (sorted(t)[len(t) // 2] * 1e3 for t in times)
            print(f"{count:<24}{'no' if packed else 'yes':>7}{bare:8.1f} ms{gated:8.1f} ms{gated - bare:8.1f} ms",
                  flush=True)

    def fill(self, server, count, packed):
        server.commit("feat: begin", {"a": "1\n"})
        git("push", "-q", server.path, "HEAD:refs/heads/x", cwd=server.work)
        commit = server.head()
        lines = "".join(f"create refs/attest/{number:040x}/check/c {commit}\n" for number in range(count))
        git("update-ref", "--stdin", cwd=server.path, data=lines.encode())
        if packed:
            git("pack-refs", "--all", "--prune", cwd=server.path)

    def source(self):
        """A repository with the generated history; returns its path."""
        path = os.path.join(self.folder, "source.git")
        run(["git", "init", "-q", "--bare", path])
        history = History(self.commits)
        process = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=path, stdin=subprocess.PIPE, env=ENVIRONMENT)
        for piece in history.stream():
            process.stdin.write(piece)
        process.stdin.close()
        if process.wait() != 0:
            raise SystemExit("git fast-import failed")
        # fast-import makes hardly any deltas, and without -f repack takes over what it has made: ten times the bytes.
        git("repack", "-q", "-a", "-d", "-f", cwd=path, timeout=3600)
        print(f"history: {self.commits} commits, {git('rev-list', '--objects', '--all', '--count', cwd=path)} objects",
              flush=True)
        return path

    def push(self, source, policy):
        """Seconds of a push of all of it, of pre-receive in it, and the KiB of that."""
        server = self.server(policy)
        usage = GateTest.measure(None, server) if policy is not None else None
        start = time.perf_counter()
        run(["git", "push", "-q", server.path, BRANCH], cwd=source, timeout=3600)
        taken = time.perf_counter() - start
        if server.ref(BRANCH) is None:
            raise SystemExit("the push did not arrive")
        measured = (taken, *usage()) if usage else (taken, 0.0, 0)
        shutil.rmtree(server.path)
        return measured

    def pushing(self):
        source = self.source()
        plain = ruleset({"unconventional-commit": "{}"}, name="messages")
        others = {rule: options for rule, options in FILE_RULES.items() if rule != "leaked-secret"}
        all_but_secrets = ruleset(others)
        cases = [
            ("no hooks", None),
            ("a policy without rules", HEAD),
            ("unconventional-commit", HEAD + "rulesets:\n" + plain),
            ("  and the rest for other refs",
             HEAD + "rulesets:\n" + plain + ruleset(FILE_RULES, "refs/heads/other/**")),
            ("  and the rest off", HEAD + "rulesets:\n" + plain + ruleset(FILE_RULES, extra="    mode: off\n")),
            ("every rule about files but secrets", HEAD + "rulesets:\n" + plain + all_but_secrets),
            ("  and leaked-secret", HEAD + "rulesets:\n" + plain + ruleset(FILE_RULES)),
        ]
        if self.cases:
            cases = [case for case in cases if case[1] is None or any(part in case[0] for part in self.cases)]
        # In turn, so that what else the machine does meets every case alike; then the best of each.
        rounds = []
        for number in range(self.runs):
            rounds.append([self.push(source, policy) for _, policy in cases])
            print(f"round {number + 1}: " + ", ".join(f"{push:.2f}" for push, _, _ in rounds[-1]) + " s", flush=True)
        print(f"{'':<36}{'push':>9}{'ratio':>8}{'hook':>9}{'of push':>9}{'memory':>10}")
        bare = min(measured[0][0] for measured in rounds)
        for (name, policy), measured in zip(cases, zip(*rounds)):
            push, hook = (min(values) for values in list(zip(*measured))[:2])
            share = f"{hook / push:9.1%}{max(kib for _, _, kib in measured) / 1024:7.0f} MiB" if policy is not None else ""
            print(f"{name:<36}{push:7.2f} s{push / bare:8.3f}{hook:7.2f} s{share}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="measures the gate of the build that TRUNKGATE_BUILD names")
    parser.add_argument("--commits", type=int, default=20_000, help="of the generated history (20000; git has 80000)")
    parser.add_argument("--runs", type=int, default=3, help="of each push; the least time counts (3)")
    parser.add_argument("--evidence", type=int, default=10_000, help="attestations on the server (10000)")
    parser.add_argument("--only", choices=("loading", "evidence", "pushing"))
    parser.add_argument("--case", action="append", metavar="TEXT",
                        help="of the pushes only those without hooks and those with this in their name; repeatable")
    parser.add_argument("--keep", metavar="FOLDER", help="work there and leave everything")
    arguments = parser.parse_args()
    check_rules()
    with tempfile.TemporaryDirectory(prefix="trunkgate-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(arguments.keep or folder, arguments)
        for part in ("loading", "evidence", "pushing"):
            if arguments.only in (None, part):
                getattr(bench, part)()


if __name__ == "__main__":
    main()
