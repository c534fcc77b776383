"""Rules over contents and the tools they stand for agree: git diff --check, git ls-files --eol, git lfs pointer."""
import collections
import itertools
import json
import os
import random
import re
import unittest

from support import GateTest, git, needs, run

FILES = 30   # in one commit: a report has a hundred findings at most
ROUNDS = 6
POLICY = """version: 1
rulesets:
  - name: content
    refs: ['refs/heads/**']
    rules:
      {rule}: {options}
"""


class Agreement(GateTest):
    def with_rule(self, rule, options="{}"):
        self.server = self.repository(policy=POLICY.format(rule=rule, options=options))
        self.random = random.Random(20261121)

    def text(self, alphabet, most=24):
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randrange(most)))

    def commit(self, files, parent):
        git("checkout", "-q", "-f", "--detach", parent, cwd=self.server.work)
        git("config", "core.autocrlf", "false", cwd=self.server.work)
        return self.server.commit("feat: x", files)

    def refused(self, commit):
        """The paths that the gate refuses in a push of the commit, and the lines of each."""
        result = self.server.push(f"{commit}:refs/heads/x", options=("policy=check", "policy.format=json"))
        line = [part for part in result.remote.splitlines() if part.startswith("{")][0]
        report = json.loads(line)
        if not report["refs"][0]["findings"]:
            return {}
        self.assertEqual(0, report.get("findings_dropped", 0), report)
        paths = {}
        for finding in report["refs"][0]["findings"]:
            paths.setdefault(finding["path"], set()).add(finding.get("line"))
        return paths

    def git_diff_check(self, base, commit, whitespace):
        """The lines of each path that Git finds fault with, and how often it names each fault."""
        done = run(["git", "-c", "core.whitespace=" + whitespace, "diff", "--check", base, commit],
                   cwd=self.server.work, check=False)
        paths, faults = {}, collections.Counter()
        for line in done.stdout.decode().split("\n"):
            found = re.fullmatch(r"(f\d+):(\d+): (.*)\.", line)
            if found:
                paths.setdefault(found[1], set()).add(int(found[2]))
                faults.update(found[3].split(", "))
        return paths, faults

    def test_whitespace_errors_are_those_of_git_diff_check_line_by_line(self):
        self.with_rule("whitespace-error")
        # What the options of the rule are in core.whitespace. The rule leaves a CR at the end of a line alone.
        words = {"trailing": "blank-at-eol", "space-before-tab": "space-before-tab", "tabs": "tab-in-indent",
                 "blank-at-eof": "blank-at-eof"}
        parts = [" ", "\t", "a", "b", "\n", "\n", "\n", "\r", "\r\n", "\f", "\v", "\n \ta", "\n\t \tb"]
        seen, faulty, lines, files = collections.Counter(), 0, 0, 12
        for number, on in enumerate(itertools.product((True, False), repeat=len(words))):
            options, whitespace = [], ["cr-at-eol"]
            for (option, word), checked in zip(words.items(), on):
                options.append(f"{option}: {str(checked != (option == 'tabs')).lower()}")
                whitespace.append(word if checked else "-" + word)
            self.server.write_policy(POLICY.format(rule="whitespace-error", options="{" + ", ".join(options) + "}"))
            # Git does not count a blank line that is the first.
            old = {f"f{i}": "a\n" + self.text("ab \t\n\n") for i in range(files // 2)}
            base = self.commit(old, self.server.ref("refs/heads/main"))
            self.assert_accepted_by_admin(base, number)
            new = {f"f{i}": "a\n" + self.text(parts) for i in range(files)}
            commit = self.commit(new, base)
            wanted, faults = self.git_diff_check(base, commit, ",".join(whitespace))
            with self.subTest(",".join(whitespace)):
                self.assertEqual(wanted, self.refused(commit), {name: new[name] for name in wanted})
            seen.update(faults)
            faulty += len(wanted)
            lines += sum(len(numbers) for numbers in wanted.values())
        self.assertGreater(min(seen[fault] for fault in ("trailing whitespace", "space before tab in indent",
                                                         "tab in indent", "new blank line at EOF")), 10, seen)
        self.assertGreater(lines, faulty + 50)  # several in one file, too
        self.assertLess(faulty, 16 * files - 30)

    def assert_accepted_by_admin(self, commit, number):
        """Makes the commit part of what the server has, as an admin does without hooks."""
        git("fetch", "-q", self.server.work, commit, cwd=self.server.path)
        git("update-ref", f"refs/heads/old{number}", commit, cwd=self.server.path)

    def test_line_endings_are_those_of_git_ls_files_eol(self):
        self.with_rule("line-endings")
        faulty = 0
        for _ in range(ROUNDS):
            files = {f"f{i}": self.text(["a", "b ", "\n", "\n", "\r\n", "\0" if i % 10 == 0 else "c"]).encode()
                     for i in range(FILES)}
            commit = self.commit(files, self.server.ref("refs/heads/main"))
            wanted = set()
            for line in git("ls-files", "--eol", cwd=self.server.work).splitlines():
                words = line.split()
                if words[0] in ("i/crlf", "i/mixed"):
                    wanted.add(words[-1])
            self.assertEqual(wanted, self.refused(commit).keys())
            faulty += len(wanted)
        self.assertGreater(faulty, 20)
        self.assertLess(faulty, ROUNDS * FILES - 10)

    @needs("git-lfs")
    def test_pointers_are_those_of_git_lfs(self):
        self.with_rule("missing-lfs", "{paths: ['*.bin']}")
        oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
        good = ["version https://git-lfs.github.com/spec/v1", f"oid sha256:{oid}", "size 12345"]
        extension = f"ext-0-foo sha256:{oid}"

        def text(*lines, end="\n"):
            return "\n".join(lines) + end

        cases = [
            text(*good), text(*good, end=""), text(*good, end="\n\n"), text(good[0], good[2], good[1]),
            text(good[0], extension, *good[1:]), text(*good, extension), text(*good, "x-other y"),
            text(good[0].replace("v1", "v2"), *good[1:]), text(*good[1:]), text(*good[:2]), text(good[0], good[2]),
            text(good[0], good[1][:-1], good[2]), text(good[0], good[1] + "0", good[2]),
            text(good[0], good[1].upper().replace("OID SHA256", "oid sha256"), good[2]),
            text(good[0], good[1].replace("sha256", "md5"), good[2]), text(*good[:2], "size -1"),
            text(*good[:2], "size x"), text(*good[:2], "size 0"), text(*good[:2], "size 1.5"), text(*good[:2], "size "),
            text(*good, good[2]), text(good[0], good[0], *good[1:]), text(*good).replace("\n", "\r\n"),
            " " + text(*good), text(*good).replace(" ", "  "), "", "x", text(*good, "z" * 1100),
        ]
        # What an empty file is: git-lfs never makes a pointer of one, so it may stay what it is.
        files = {f"p{i:02}.bin": case for i, case in enumerate(cases)}
        commit = self.commit(files, self.server.ref("refs/heads/main"))
        wanted = set()
        for name in files:
            # Line endings and the end of the last line are all that --check alone lets vary, and we with it.
            path = os.path.join(self.server.work, name)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(files[name].replace("\r\n", "\n").rstrip("\n") + "\n" if files[name] else "")
            done = run(["git", "lfs", "pointer", "--check", "--strict", "--file", name], cwd=self.server.work, check=False)
            if done.returncode != 0:
                wanted.add(name)
        self.assertEqual({name: files[name] for name in sorted(wanted)},
                         {name: files[name] for name in sorted(self.refused(commit))})
        self.assertIn("p03.bin", wanted)
        self.assertNotIn("p00.bin", wanted)


if __name__ == "__main__":
    unittest.main()
