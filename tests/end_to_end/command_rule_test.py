"""The rule `command`: programs that judge a push, and programs that fail to."""
import json
import os
import socket
import subprocess
import time
import unittest

import jsonschema

from support import IDENTITY, GateTest, git, run

CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "config")

POLICY = """version: 1
%srulesets:
  - name: all
    refs: ['refs/**']
    rules:
      command: %s
"""

# Notes what it reads, then says nothing.
NOTE = "#!/bin/sh\ncat > %s\n"

# Answers with what `answer(push)` gives.
PYTHON = """#!/usr/bin/python3
import json, os, signal, subprocess, sys, time
push = json.load(sys.stdin)
commits = [commit for ref in push["refs"] for commit in ref["commits"]]
%s
"""


def schema(name):
    with open(os.path.join(CONFIG, name), encoding="utf-8") as file:
        return jsonschema.Draft202012Validator(json.load(file))


def can_leave_network():
    return subprocess.run(["unshare", "-Urn", "true"], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


class CommandRule(GateTest):
    def gate(self, program, options="network: allow", name="judge", mode=0o755, head=IDENTITY):
        """A repository whose pushes the program judges; None for a program that is missing."""
        repo = self.repository(policy=POLICY % (head, "{run: judge, name: %s, %s}" % (name, options)))
        if program is not None:
            self.write_program(repo, program, mode)
        return repo

    def write_program(self, repo, program, mode=0o755):
        path = os.path.join(repo.path, "trunkgate", "judge")
        with open(path, "w", encoding="utf-8") as file:
            file.write(program)
        os.chmod(path, mode)

    def push(self, repo, *specs, **kwargs):
        return repo.push(*(specs or ("HEAD:refs/heads/topic",)), user="ada", **kwargs)

    def log(self, repo):
        path = os.path.join(repo.path, "trunkgate", "state", "command.log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def assert_undecided(self, repo, result, message):
        """Refused as the server's fault, with these words and a log, and recorded."""
        self.assertEqual(1, result.code, result)
        lines = result.remote.split("\n")
        self.assertEqual("error: UNDECIDED refs/heads/topic: could not decide: the program 'judge' "
                         + message, lines[0])
        self.assertIn("    rule   command.judge (all, policy.yaml:7)", lines)
        self.assertIn("hint: this is the server's fault, not yours; nothing was changed", lines)
        self.assertIsNone(repo.ref("refs/heads/topic"))
        self.assertRegex(self.log(repo).splitlines()[0],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S+ command\.judge: ")
        finding = repo.rejections()[-1]["data"]["violations"][0]
        self.assertEqual(("command.judge", "could not decide: the program 'judge' " + message),
                         (finding["rule"], finding["message"]))

    # Judging

    def test_a_program_that_says_nothing_accepts(self):
        repo = self.gate("#!/bin/sh\ncat > /dev/null\n")
        repo.commit("feat: one")
        result = self.push(repo)
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        self.assertNotIn("warnings", repo.accepted()[0]["data"])
        self.assertEqual("", self.log(repo))

    def test_reads_a_document_that_fits_its_schema(self):
        seen = os.path.join(self.folder, "seen.json")
        repo = self.gate(NOTE % seen, "network: allow, files: ['*.py']",
                         head=IDENTITY + "groups: {team: [ada, bo], others: [cy]}\n")
        git("config", "receive.advertisePushOptions", "true", cwd=repo.path)
        base = repo.head()
        repo.commit("feat: cafe\n", {"a.py": "x\n", "b.txt": "y\n"})
        raw = run(["git", "cat-file", "commit", "HEAD"], cwd=repo.work).stdout
        commit = repo.raw_commit(raw.replace(b"cafe", b"caf\xe9"))
        git("reset", "-q", "--hard", commit, cwd=repo.work)
        self.assert_accepted(self.push(repo, "HEAD:refs/heads/topic", "HEAD:refs/heads/zoo",
                                       options=["note=1"]))
        with open(seen, encoding="utf-8") as file:
            document = json.load(file)
        schema("command-input.schema.json").validate(document)
        event = repo.accepted()[0]
        person = {"name": "Ada", "email": "ada@example.com", "time": 1700000000,
                  "offset_minutes": 0}
        self.assertAlmostEqual(time.time(), document.pop("time"), delta=60)
        self.assertIn(document.pop("push"), json.dumps(event))
        ref = {"kind": "branch", "action": "create", "old": None, "new": commit,
               "old_commit": None, "new_commit": commit}
        self.assertEqual({
            "version": 1, "rule": "command.judge", "repository": repo.path,
            "pusher": {"name": "ada", "source": "REMOTE_USER", "transport": "local",
                       "groups": ["team"]},
            "options": ["note=1"],
            "refs": [
                {"name": "refs/heads/topic", **ref, "commits": [
                    {"id": commit, "tree": repo.head("HEAD^{tree}"), "parents": [base],
                     "author": person, "committer": person, "signed": False,
                     "message": {"lossy": "feat: caf\ufffd\n", "b64": "ZmVhdDogY2Fm6Qo="},
                     "files": [{"path": "a.py", "status": "added", "mode": "100644",
                                "id": repo.head("HEAD:a.py"), "before": None, "size": 2}]}]},
                {"name": "refs/heads/zoo", **ref, "commits": []}]}, document)

    def test_is_told_of_deletions_and_not_run_without_a_matching_file_or_ref(self):
        seen = os.path.join(self.folder, "seen.json")
        repo = self.gate(NOTE % seen, "network: allow, except: {refs: [wip]}")
        repo.commit("feat: one")
        self.assert_accepted(self.push(repo, "HEAD:refs/heads/wip"))
        self.assertFalse(os.path.exists(seen))
        self.assert_accepted(self.push(repo))
        os.remove(seen)
        self.assert_accepted(self.push(repo, ":refs/heads/topic"))
        with open(seen, encoding="utf-8") as file:
            document = json.load(file)
        schema("command-input.schema.json").validate(document)
        self.assertEqual([("refs/heads/topic", "delete", None, [])],
                         [(r["name"], r["action"], r["new"], r["commits"]) for r in document["refs"]])
        os.remove(seen)
        repo.write_policy(POLICY % (IDENTITY, "{run: judge, network: allow, files: ['*.py']}"))
        self.assert_accepted(self.push(repo))
        self.assertFalse(os.path.exists(seen))

    def test_is_told_of_commits_that_are_new_to_the_rule(self):
        seen = os.path.join(self.folder, "seen.json")
        repo = self.gate(NOTE % seen, "network: allow, except: {refs: [wip]}")

        def told():
            with open(seen, encoding="utf-8") as file:
                return [[commit["id"] for commit in ref["commits"]] for ref in json.load(file)["refs"]]

        one = repo.commit("feat: one")
        self.assert_accepted(self.push(repo, "HEAD:refs/heads/wip"))
        two = repo.commit("feat: two")
        self.assert_accepted(self.push(repo))
        self.assertEqual([[one, two]], told())
        three = repo.commit("feat: three")
        self.assert_accepted(self.push(repo, "HEAD:refs/heads/a", "HEAD:refs/heads/b"))
        self.assertEqual([[three], []], told())

    def test_judges_where_a_host_runs_update_only(self):
        repo = self.gate(PYTHON % """
subprocess.run(["git", "cat-file", "-e", commits[0]["id"]], check=True)
print(json.dumps({"findings": [{"message": ",".join(ref["name"] for ref in push["refs"])}]}))
""")
        os.remove(os.path.join(repo.path, "hooks", "pre-receive"))
        repo.commit("feat: one")
        result = self.push(repo, "HEAD:refs/heads/a", "HEAD:refs/heads/b")
        self.assertEqual(1, result.code)
        self.assertIn("error: REJECTED refs/heads/a: refs/heads/a\n", result.remote)
        self.assertIn("error: REJECTED refs/heads/b: refs/heads/b\n", result.remote)

    def test_findings_about_a_file_are_shown_like_those_of_any_rule(self):
        repo = self.gate(PYTHON % """
text = subprocess.run(["git", "show", commits[0]["id"] + ":a.py"], stdout=subprocess.PIPE,
                      check=True).stdout.decode()
answer = {"findings": [
    {"ref": push["refs"][0]["name"], "commit": commits[0]["id"], "path": "a.py", "line": 2,
     "message": "says " + text.split()[1] + "\\x1b[31m\\nsecond line", "hint": "say nothing",
     "commands": ["git rm a.py"]},
    {"commit": commits[0]["id"], "message": "just so you know", "severity": "warning"},
    {"message": "not on a Friday"}]}
json.dump(answer, open(os.environ["ANSWER"], "w"))
print(json.dumps(answer))
""", "timeout: 20s, environment: ['ANSWER=%s/answer'], network: %s" % (
    self.folder, "deny" if can_leave_network() else "allow"))
        commit = repo.commit("feat: one", {"a.py": "one\ntwo\n"})
        result = self.push(repo)
        self.assertEqual(1, result.code)
        with open(os.path.join(self.folder, "answer"), encoding="utf-8") as file:
            schema("command-answer.schema.json").validate(json.load(file))
        push_id = result.remote.rsplit(" ", 1)[1]
        self.assertEqual(f"""error: REJECTED refs/heads/topic: a.py:2: says two\\x1b[31m
error: and 2 more

  {commit[:8]} a.py:2
    says two\\x1b[31m
    second line
    hint   say nothing
    fix    git rm a.py
    rule   command.judge (all, policy.yaml:7)

  {commit[:8]} "feat: one"
    warning: just so you know
    rule   command.judge (all, policy.yaml:7)

  not on a Friday
    rule   command.judge (all, policy.yaml:7)

hint: nothing on the server was changed; push id {push_id}""", result.remote)
        self.assertEqual([("error", "a.py", 2), ("warning", None, None), ("error", None, None)],
                         [(f["severity"], f.get("path"), f.get("line"))
                          for f in repo.rejections()[0]["data"]["violations"]])

    def test_several_programs_judge_under_names_of_their_own(self):
        repo = self.repository(policy=POLICY % (IDENTITY, """
        - {run: [judge, one], name: first, network: allow}
        - {run: [judge, two], name: second, network: allow, mode: warn}"""))
        self.write_program(repo, '#!/bin/sh\necho "{\\"findings\\": [{\\"message\\": \\"$1\\"}]}"\n')
        repo.commit("feat: one")
        self.assertEqual(1, self.push(repo).code)
        self.assertEqual([("command.first", "error", "one"), ("command.second", "warning", "two")],
                         [(f["rule"], f["severity"], f["message"])
                          for f in repo.rejections()[0]["data"]["violations"]])

    def test_a_ref_alone_is_refused_ref_by_ref_and_a_commit_refuses_everything(self):
        repo = self.gate(PYTHON % """
bad = [ref["name"] for ref in push["refs"] if ref["name"].endswith("bad")]
print(json.dumps({"findings": [{"ref": name, "message": "no"} for name in bad]}))
""", head=IDENTITY + "on-violation: ref\n")
        commit = repo.commit("feat: one")
        specs = ["HEAD:refs/heads/bad", "HEAD:refs/heads/good"]
        self.push(repo, *specs)
        self.assertEqual((None, commit), (repo.ref("refs/heads/bad"), repo.ref("refs/heads/good")))
        self.write_program(repo, PYTHON % """
print(json.dumps({"findings": [{"commit": commits[0]["id"], "message": "no"}]}))
""")
        repo.commit("feat: two")
        self.push(repo, *specs)
        self.assertEqual((None, commit), (repo.ref("refs/heads/bad"), repo.ref("refs/heads/good")))

    def test_a_commit_that_cannot_be_read_is_told_once_and_no_program_is_asked(self):
        repo = self.gate("#!/bin/sh\nexit 3\n", "network: allow}\n      vague-message: {")
        repo.commit("feat: one")
        raw = run(["git", "cat-file", "commit", "HEAD"], cwd=repo.work).stdout
        bad = repo.raw_commit(raw.replace(b"author Ada <ada@example.com>", b"author Ada"))
        result = self.push(repo, bad + ":refs/heads/topic")
        self.assertEqual(1, result.code)
        self.assertEqual([("malformed-commit", bad)],
                         [(f["rule"], f["commit"]) for f in repo.rejections()[0]["data"]["violations"]])

    # What the program sees

    def test_sees_no_environment_but_its_own(self):
        seen = os.path.join(self.folder, "seen")
        repo = self.gate(f"#!/bin/sh\n/usr/bin/env > {seen}\npwd >> {seen}\nls /proc/self/fd >> {seen}\n",
                         "network: allow, environment: [REMOTE_USER, NOT_THERE, 'A=b=c']")
        repo.commit("feat: one")
        self.assert_accepted(self.push(repo, env={"SECRET": "1", "LD_LIBRARY_PATH": "/nowhere"}))
        with open(seen, encoding="utf-8") as file:
            lines = file.read().split("\n")
        quarantine = [line for line in lines if line.startswith("GIT_QUARANTINE_PATH=")][0].split("=")[1]
        self.assertTrue(quarantine.startswith(repo.path + "/objects/"), quarantine)
        variables = {line for line in lines if "=" in line} - {f"PWD={repo.path}"}
        self.assertEqual({
            "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8",
            f"GIT_DIR={repo.path}", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
            "GIT_NO_REPLACE_OBJECTS=1", "GIT_TERMINAL_PROMPT=0",
            f"GIT_QUARANTINE_PATH={quarantine}", f"GIT_OBJECT_DIRECTORY={quarantine}",
            f"GIT_ALTERNATE_OBJECT_DIRECTORIES={repo.path}/objects",
            "REMOTE_USER=ada", "A=b=c"}, variables)
        # The last descriptor is the folder that `ls` reads.
        self.assertEqual([repo.path, "0", "1", "2", "3"],
                         [line for line in lines if line and "=" not in line])

    def connect(self, options):
        """Pushes past a program that connects to a port of this test; whether it got through."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        repo = self.gate(PYTHON % f"""
import socket
try:
    socket.create_connection(("127.0.0.1", {listener.getsockname()[1]}), 5)
except OSError as error:
    print(json.dumps({{"findings": [{{"message": "no network: " + str(error.errno)}}]}}))
""", options)
        repo.commit("feat: one")
        result = self.push(repo)
        listener.setblocking(False)
        try:
            listener.accept()[0].close()  # whoever got through stands in line
        except BlockingIOError:
            return result, False
        return result, True

    def test_has_no_network_by_default(self):
        if not can_leave_network():
            self.skipTest("this system gives no network namespaces")
        result, reached = self.connect("timeout: 20s")
        self.assertFalse(reached)
        self.assertTrue(result.remote.startswith(
            "error: REJECTED refs/heads/topic: no network: 101\n"), result)

    def test_has_the_network_where_the_policy_allows_it(self):
        result, reached = self.connect("network: allow, timeout: 20s")
        self.assert_accepted(result)
        self.assertTrue(reached)

    def judge_without_namespaces(self, network):
        """A push judged where no user namespace can be made (a new one that allows none)."""
        repo = self.gate("#!/bin/sh\nexit 0\n", f"network: {network}")
        commit = repo.head()
        wrapper = ["unshare", "-U", "--map-root-user", "sh", "-c",
                   "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"", "sh"]
        if run([*wrapper, "true"], check=False).returncode != 0:
            self.skipTest("user namespaces cannot be limited here")
        repo.write_policy(POLICY % ("identity: {unknown: allow}\n", f"{{run: judge, name: judge, network: {network}}}"))
        return repo.judge([("0" * 40, commit, "refs/heads/topic")], prefix=wrapper)

    def test_a_network_that_cannot_be_taken_away_is_told(self):
        done = self.judge_without_namespaces("deny-if-possible")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn(b"warning: refs/heads/topic: the program 'judge' had the network", done.stderr)
        self.assertIn(b"hint   an admin can say so in the policy: network: allow", done.stderr)

    def test_a_network_that_must_be_taken_away_and_cannot_is_an_outcome_of_its_own(self):
        done = self.judge_without_namespaces("deny")
        self.assertEqual(2, done.returncode, done.stderr)
        self.assertIn(b"could not decide: the program 'judge' was not run: this server cannot take "
                      b"the network away from it", done.stderr)

    # Failing

    def test_a_program_that_takes_too_long_is_killed_with_all_it_started(self):
        marks = os.path.join(self.folder, "pid")
        repo = self.gate(f"""#!/bin/sh
(trap '' TERM HUP; echo started >> {marks}; while :; do sleep 0.1; echo x >> {marks}; done) &
setsid sh -c 'trap "" TERM HUP; while :; do sleep 0.1; echo y >> {marks}; done' > /dev/null 2>&1 &
wait
""", "network: allow, timeout: 3s")
        repo.commit("feat: one")
        result = self.push(repo)  # else it would never end
        self.assert_undecided(repo, result, "ran longer than 3 s and was killed")
        size = os.path.getsize(marks)
        time.sleep(0.5)
        self.assertEqual(size, os.path.getsize(marks))

    def test_nothing_a_program_started_outlives_it(self):
        marks = os.path.join(self.folder, "pid")
        repo = self.gate(f"""#!/bin/sh
setsid sh -c 'while :; do sleep 0.1; echo y >> {marks}; done' > /dev/null 2>&1 < /dev/null &
(while :; do sleep 0.1; echo x >> {marks}; done) > /dev/null 2>&1 < /dev/null &
until grep -qs x {marks} && grep -qs y {marks}; do sleep 0.1; done
""")
        repo.commit("feat: one")
        self.assert_accepted(self.push(repo))
        size = os.path.getsize(marks)
        time.sleep(0.5)
        self.assertEqual(size, os.path.getsize(marks))

    def test_ways_to_end_badly_have_words_of_their_own(self):
        cases = [
            ("#!/bin/sh\nkill -SEGV $$\n", "was ended by signal 11 (SIGSEGV)"),
            ("#!/bin/sh\necho broken >&2\nexit 3\n", "ended with exit code 3"),
            ("#!/bin/sh\necho nonsense\n", "gave an answer that cannot be used: it is no JSON"),
            ("#!/bin/sh\nhead -c 10000000 /dev/zero\n", "answered more than 1.0 MiB and was killed"),
            ("#!/bin/sh\nwhile :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaa; done\n",
             "answered more than 1.0 MiB and was killed"),
            ("#!/nowhere/sh\n", "could not be started: No such file or directory"),
            (PYTHON % "x = bytearray(900 << 20)",
             "ran out of memory (the limit is 512.0 MiB) and ended with exit code 1"),
        ]
        repo = self.gate("")
        repo.commit("feat: one")
        for program, message in cases:
            with self.subTest(message=message):
                self.write_program(repo, program)
                os.makedirs(os.path.join(repo.path, "trunkgate", "state"), exist_ok=True)
                self.assert_undecided(repo, self.push(repo), message)

    def test_a_program_that_is_missing_or_not_executable(self):
        repo = self.gate(None)
        repo.commit("feat: one")
        self.assert_undecided(repo, self.push(repo), "is missing")
        self.write_program(repo, "#!/bin/sh\n", mode=0o644)
        self.assert_undecided(repo, self.push(repo), "is not executable")

    def test_an_answer_is_about_this_push(self):
        cases = [
            ({"ref": "refs/heads/other", "message": "m"},
             "findings[0].ref: 'refs/heads/other' is none of the refs it was told about"),
            ({"commit": "1" * 40, "message": "m"},
             f"findings[0].commit: '{'1' * 40}' is none of the commits it was told about"),
            ({"message": "m", "colour": "red"}, "findings[0]: there is no key 'colour'"),
            ({"message": " "}, "findings[0]: a finding needs a 'message'"),
        ]
        repo = self.gate("")
        repo.commit("feat: one")
        for finding, message in cases:
            with self.subTest(message=message):
                self.write_program(repo, "#!/bin/sh\ncat <<'END'\n%s\nEND\n"
                                   % json.dumps({"findings": [finding]}))
                self.assert_undecided(repo, self.push(repo),
                                      "gave an answer that cannot be used: " + message)

    def test_a_failure_refuses_warns_or_is_only_recorded(self):
        repo = self.gate("#!/bin/sh\nexit 3\n", "network: allow, on-failure: warn")
        repo.commit("feat: one")
        result = self.push(repo)
        self.assert_accepted(result)
        self.assertTrue(result.remote.startswith(
            "warning: refs/heads/topic: not judged: the program 'judge' ended with exit code 3\n"),
            result)
        repo.write_policy(POLICY % (IDENTITY, "{run: judge, network: allow, on-failure: accept}"))
        repo.commit("feat: two")
        result = self.push(repo)
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        self.assertEqual(
            [["not judged: the program 'judge' ended with exit code 3"]] * 2,
            [[w["message"] for w in event["data"]["warnings"]] for event in repo.accepted()])

    def test_what_a_program_writes_to_standard_error_is_kept_on_the_server(self):
        repo = self.gate("#!/bin/sh\nprintf 'one\\n\\033[31mtwo\\n' >&2\n"
                         "head -c 3000000 /dev/zero >&2\n")
        repo.commit("feat: one")
        result = self.push(repo)
        self.assert_accepted(result)
        self.assertEqual("", result.remote)
        lines = self.log(repo).splitlines()
        self.assertTrue(lines[0].endswith(" command.judge: judged the push"), lines[0])
        self.assertEqual(["    one", "    \\x1b[31mtwo"], lines[1:3])
        self.assertLess(len(self.log(repo)), 20000)

    # Linters as they come

    # The example of README.md.
    LINTER = ("version: 1\n%srulesets:\n  - name: all\n    refs: ['refs/**']\n    rules:\n"
              "      command:\n"
              "        - {run: [/usr/bin/python3, -m, py_compile], name: syntax, files: ['**/*.py'],\n"
              "           input: files, exit-code: finding, network: allow}\n")

    def linter(self):
        return self.repository(policy=self.LINTER % IDENTITY)

    def test_the_example_of_the_readme_is_this_one(self):
        with open(os.path.join(CONFIG, "..", "README.md"), encoding="utf-8") as file:
            readme = " ".join(file.read().split())
        self.assertIn("{run: [/usr/bin/python3, -m, py_compile], name: syntax, files: ['**/*.py'], "
                      "input: files, exit-code: finding}", readme)

    def test_what_a_linter_says_is_a_finding(self):
        repo = self.linter()
        repo.commit("feat: fine", {"a/fine.py": "x = 1\n", "notes.txt": "x = = 1\n"})
        self.assert_accepted(self.push(repo))
        tip = repo.commit("feat: broken", {"a/broken.py": "x = = 1\n"})
        before = repo.refs()
        result = self.push(repo)
        self.assertEqual(1, result.code, result)
        head, _, _ = result.remote.rpartition("\n\nhint: nothing")
        self.assertEqual(f"""\
error: REJECTED refs/heads/topic: a/broken.py: 'python3' says: File "./a/broken.py", line 1

  {tip[:8]} a/broken.py
    'python3' says: File "./a/broken.py", line 1
          x = = 1
              ^
      SyntaxError: invalid syntax
    rule   command.syntax (all, policy.yaml:8)""", head)
        self.assertEqual(before, repo.refs())
        self.assert_nothing_kept(repo, tip)
        self.assertEqual("", self.log(repo))

    def test_a_linter_sees_a_file_as_the_branch_leaves_it(self):
        repo = self.linter()
        repo.commit("feat: broken", {"a.py": "x = = 1\n", "gone.py": "y = = 1\n"})
        git("rm", "-q", "gone.py", cwd=repo.work)
        repo.commit("fix: mended", {"a.py": "x = 1\n"})
        self.assert_accepted(self.push(repo))

    def test_no_name_is_taken_for_an_option_or_a_way_out(self):
        repo = self.repository(policy=POLICY % (IDENTITY, "{run: judge, files: '*.py', input: files, "
                                                "exit-code: finding, network: allow}"))
        self.write_program(repo, "#!/bin/sh\nfor f; do cat \"$f\" || exit 9; echo \"$f\"; done\n"
                                 "ls -A; pwd\nexit 1\n")
        repo.commit("feat: names", {"a b/$(x).py": "two\n", "setup.cfg": "x\n"})
        with open(os.path.join(repo.work, "-rf.py"), "w", encoding="utf-8") as file:
            file.write("one\n")
        os.symlink("/etc/passwd", os.path.join(repo.work, "link.py"))
        git("add", "--", "link.py", "-rf.py", cwd=repo.work)
        git("commit", "-q", "-m", "feat: link", cwd=repo.work)
        result = self.push(repo)
        shown = [line.strip() for line in result.remote.splitlines()]
        start = next(i for i, line in enumerate(shown) if line == "'judge' says: one")
        self.assertEqual(["'judge' says: one", "./-rf.py", "two", "./a b/$(x).py", "-rf.py", "a b"],
                         shown[start:start + 6])
        self.assertRegex(shown[start + 6], "/files-[A-Za-z0-9]{6}$")

    def test_other_exit_codes_and_silence_are_failures(self):
        for program, options, message in (
                ("exit 2", "", "ended with exit code 2"),
                ("exit 1", "", "ended with exit code 1"),
                ("echo why; exit 7", ", codes: ['3', '4']", "ended with exit code 7"),
                ("kill -9 $$", "", "was ended by signal 9 (SIGKILL)")):
            repo = self.repository(
                name=f"s{abs(hash(message))}.git",
                policy=POLICY % (IDENTITY, "{run: judge, name: judge, exit-code: finding, "
                                 "network: allow%s}" % options))
            self.write_program(repo, f"#!/bin/sh\n{program}\n")
            repo.commit("feat: one")
            self.assert_undecided(repo, self.push(repo), message)
        self.write_program(repo, "#!/bin/sh\necho fine; exit 0\n")
        self.assert_accepted(self.push(repo))

    def test_a_program_that_never_reads_blocks_nobody(self):
        repo = self.gate("#!/bin/sh\nexit 0\n")
        repo.commit("feat: one\n\n" + "x" * 900000)
        repo.commit("feat: two\n\n" + "y" * 900000)
        self.assert_accepted(self.push(repo))
        self.write_program(repo, "#!/bin/sh\nexec sleep 0.5\n")
        repo.commit("feat: three\n\n" + "x" * 900000)
        self.assert_accepted(self.push(repo))


if __name__ == "__main__":
    unittest.main()
