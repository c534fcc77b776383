"""What the tests of the operator's commands share: outputs without what differs from run to run."""
import http.server
import json
import os
import re
import sqlite3
import threading

from support import TOOL, GateTest, git, run

POLICY = """version: 1
identity: {unknown: allow}
rulesets:
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {allow: [main, 'feature/**']}
"""


class OperatorTest(GateTest):
    """A repository with three pushes, one of which is refused; and `tool()`."""

    policy = POLICY

    def setUp(self):
        super().setUp()
        self.server = self.repository(policy=self.policy, seed=False)
        self.first = self.server.commit("feat: one", {"a": "1\n"})
        self.assert_accepted(self.server.push("HEAD:refs/heads/main"))
        self.deliver()
        self.second = self.server.commit("feat: two", {"a": "2\n"})
        self.assertNotEqual(0, self.server.push("HEAD:refs/heads/odd").code)
        self.deliver()
        git("branch", "feature/nightly", cwd=self.server.work)
        self.assert_accepted(self.server.push("HEAD:refs/heads/main", "feature/nightly"))
        self.deliver()

    def deliver(self):
        while b"another deliverer" in run([TOOL, "deliver", self.server.path], check=False).stdout:
            pass

    def journal(self):
        return sqlite3.connect(os.path.join(self.server.path, "trunkgate", "journal.db"))

    def change(self, *statements):
        with self.journal() as journal:
            for statement in statements:
                journal.execute(statement)
        journal.close()

    def tool(self, *words, code=0, cwd=None, **kwargs):
        """What the tool says, times as TIME and ids without their digits."""
        done = run([TOOL, *words], cwd=cwd or self.server.path, check=False, **kwargs)
        text = (done.stdout + done.stderr).decode()
        self.assertEqual(code, done.returncode, text)
        self.assert_printable(text)
        return self.plain(text)

    def plain(self, text):
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME", text)
        text = re.sub(r"(push|evt)_[0-9a-f]+", r"\1_ID", text)
        text = text.replace(self.first[:8], "FIRST").replace(self.second[:8], "SECOND")
        return text.replace(os.path.realpath(self.server.path), "@").replace(self.server.path, "@")


class Receiver:
    """An HTTP server on loopback that keeps what it gets and answers what it is told to."""

    def __init__(self, test):
        self.bodies, self.status = [], 200
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.bodies.append(body)
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        test.addCleanup(self.stop)
        self.place = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.place}/hook"

    def sequences(self):
        return sorted(int(body["sequence"]) for body in self.bodies)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
