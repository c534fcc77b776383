"""A-001: what hooks are told over each transport, and what the gate makes of it."""
import os
import re
import unittest

from support import (GateTest, GitDaemon, HttpServer, IDENTITY, POLICY, SshServer, ZERO, git, needs, pack_of,
                     raw_push)

MAIN = "refs/heads/main"
LOGIN = "refs/heads/feature/login"
NAMED = POLICY.replace("version: 1\n", "version: 1\n" + IDENTITY)
UNNAMED = NAMED.replace("identity: {", "identity: {unknown: allow, ")
HOOKS = ("pre-receive", "update", "post-receive")
DUMP = """#!/bin/sh
env -0 > '{0}.env'
printf '%s\\n' "$@" > '{0}.arguments'
pwd > '{0}.folder'
cat > '{0}.input'
"""


class Transports(GateTest):
    def prepare(self, policy=NAMED):
        """A repository whose hooks leave what they were given in a folder."""
        self.server = self.repository(policy=policy)
        self.tip = self.server.ref(MAIN)
        self.commit = self.server.commit("feat: add login", {"login": "1"})
        for hook in HOOKS:
            folder = os.path.join(self.server.path, "hooks", hook + ".d")
            os.mkdir(folder)
            with open(folder + "/50-dump", "w") as file:
                file.write(DUMP.format(os.path.join(self.folder, hook)))
            os.chmod(folder + "/50-dump", 0o755)

    def dumped(self, hook, what):
        with open(os.path.join(self.folder, f"{hook}.{what}")) as file:
            return file.read()

    def environment(self, hook):
        return dict(entry.split("=", 1) for entry in self.dumped(hook, "env").split("\0")[:-1])

    def check_context(self, options):
        """The table of what Git gives to hooks."""
        line = f"{ZERO} {self.commit} {LOGIN}\n"
        inputs = {"pre-receive": line, "update": "", "post-receive": line}
        arguments = {"pre-receive": "\n", "update": f"{LOGIN}\n{ZERO}\n{self.commit}\n", "post-receive": "\n"}
        for hook in HOOKS:
            with self.subTest(hook):
                env = self.environment(hook)
                self.assertEqual(".", env["GIT_DIR"])
                self.assertEqual(self.server.path + "\n", self.dumped(hook, "folder"))
                self.assertEqual(inputs[hook], self.dumped(hook, "input"))
                self.assertEqual(arguments[hook], self.dumped(hook, "arguments"))
                self.assertEqual(hook == "pre-receive", "GIT_QUARANTINE_PATH" in env)
                self.assertNotIn("GIT_PUSH_CERT", env)
                self.assertNotIn("HTTP_AUTHORIZATION", env)
                if hook != "update":
                    self.assertEqual(str(len(options)), env["GIT_PUSH_OPTION_COUNT"])
                    self.assertEqual(options, [env[f"GIT_PUSH_OPTION_{i}"] for i in range(len(options))])
                else:
                    self.assertNotIn("GIT_PUSH_OPTION_COUNT", env)

    def check_push(self, url, transport, address, actor, env=None):
        """A bad and a good push: verdict, context and events are the same over every transport."""
        before = self.server.refs()
        bad = self.server.commit("add logout", {"logout": "1"})
        result = self.server.push(f"{bad}:{LOGIN}", url=url, env=env)
        self.assert_refused(self.server, result, before, "unconventional-commit", bad[:8])
        self.assert_nothing_kept(self.server, bad)
        result = self.server.push(f"{self.commit}:{LOGIN}", url=url, env=env, options=["one", "two words"])
        self.assert_accepted(result)
        self.assertEqual(dict(before, **{LOGIN: self.commit}), self.server.refs())
        self.check_context(["one", "two words"])
        events = self.server.events()
        self.assertEqual(["push.rejected", "push.accepted", "ref.created"],
                         [e["type"].split("trunkgate.")[1].removesuffix(".v1") for e in events])
        expected = dict(actor, transport=transport)
        if address:
            expected["remote_addr"] = address
        self.assertEqual([expected] * 3, [e["data"]["actor"] for e in events])
        self.assertEqual(["one", "two words"], events[1]["data"]["push_options"])

    def test_A_001_local(self):
        self.prepare()
        self.check_push(self.server.path, "local", None, {"kind": "user", "id": "ada"},
                        {"REMOTE_USER": "ada"})

    @needs("sshd")
    def test_A_001_ssh(self):
        self.prepare()
        ssh = SshServer(self)
        ssh.authorize('command="REMOTE_USER=ada git-shell -c \\"$SSH_ORIGINAL_COMMAND\\""')
        self.check_push(ssh.url(self.server), "ssh", "127.0.0.1", {"kind": "user", "id": "ada"},
                        ssh.environment())
        self.assertRegex(self.environment("update")["SSH_CONNECTION"], "^127.0.0.1 ")

    def test_A_001_http(self):
        self.prepare()
        http = HttpServer(self)
        self.check_push(http.url(self.server, "ada"), "http", "127.0.0.1", {"kind": "user", "id": "ada"})
        env = self.environment("update")
        self.assertEqual(("ada", "127.0.0.1"), (env["REMOTE_USER"], env["REMOTE_ADDR"]))
        self.assertEqual("ada@http.127.0.0.1", env["GIT_COMMITTER_EMAIL"])
        self.assertNotIn("HOME", env)

    def test_A_001_git_daemon(self):
        self.prepare(UNNAMED)
        daemon = GitDaemon(self)
        self.check_push(daemon.url(self.server), "git", "127.0.0.1", {"kind": "unknown", "id": "unknown"})
        self.assertRegex(self.environment("update")["REMOTE_PORT"], "^[0-9]+$")

    def test_A_001_the_password_of_http_is_kept_nowhere(self):
        self.prepare()
        http = HttpServer(self)
        self.assert_accepted(self.server.push(f"{self.commit}:{LOGIN}",
                                              url=http.url(self.server, "ada", "pa55word")))
        self.server.events()
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertIsNone(re.search(b"pa55word|YWRhOnBhNTV3b3Jk", file.read()), name)

    def test_A_001_update_alone_takes_no_push_options_from_the_environment(self):
        self.prepare()
        os.remove(os.path.join(self.server.path, "hooks", "pre-receive"))
        forged = {"REMOTE_USER": "ada", "GIT_PUSH_OPTION_COUNT": "2", "GIT_PUSH_OPTION_0": "policy=check",
                  "GIT_PUSH_OPTION_1": "policy.format=json"}
        before = self.server.refs()
        bad = self.server.commit("add logout", {"logout": "1"})
        result = raw_push(self.server, [(ZERO, bad, LOGIN)], pack_of(self.server, [bad], [self.tip]),
                          env=forged)
        self.assert_refused(self.server, result, before, f"error: REJECTED {LOGIN}", "unconventional-commit")
        result = raw_push(self.server, [(ZERO, self.commit, LOGIN)],
                          pack_of(self.server, [self.commit], [self.tip]), env=forged)
        self.assertIn(b"ok " + LOGIN.encode(), result.report, result)
        self.assertEqual("2", self.environment("update")["GIT_PUSH_OPTION_COUNT"])  # it was there
        pushes = self.server.rejections() + self.server.accepted()
        self.assertEqual([[], []], [e["data"]["push_options"] for e in pushes])
        self.assertEqual("update", pushes[0]["data"]["stage"])

    def test_A_001_forged_variables_of_Git_change_nothing(self):
        self.prepare()
        git("update-ref", LOGIN, self.tip, cwd=self.server.path)
        forged = {"REMOTE_USER": "ada", "GIT_PUSH_CERT": "1" * 40, "GIT_PUSH_CERT_SIGNER": "ben",
                  "GIT_PUSH_CERT_STATUS": "G", "GIT_SHALLOW_FILE": ""}
        result = raw_push(self.server, [(self.tip, self.commit, LOGIN)],
                          pack_of(self.server, [self.commit], [self.tip]), env=forged)
        self.assertIn(b"ok " + LOGIN.encode(), result.report, result)
        self.assertEqual(["ada"], [e["data"]["actor"]["id"] for e in self.server.accepted()])


if __name__ == "__main__":
    unittest.main()
