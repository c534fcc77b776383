"""D-054, D-055: what is secret in delivery shows nowhere."""
import base64
import os
import subprocess
import unittest

from delivery import HeldDeliveryTest, Webhook, deliverers
from support import BUILD, ENVIRONMENT, IDENTITY, HttpServer, run, wait_until

NETWORK = os.path.join(BUILD, "libexec", "trunkgate", "deliver")
LOG = "    - {name: log, file: events.jsonl}\n"
SECRET = "whsec_" + base64.b64encode(b"a secret that nobody may see!").decode()
TOKEN = "token-that-nobody-may-see"


def files_with(folder, needle):
    """Files below a folder that have these bytes."""
    found = []
    for place, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(place, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    if needle in file.read():
                        found.append(os.path.relpath(path, folder))
    return found


class Secrets(HeldDeliveryTest):
    ANSWER = 500

    def key(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text + "\n")
        os.chmod(path, 0o600)
        return path

    def sink(self, hook):
        return (f"    - {{name: ci, webhook: {{url: '{hook.url}', allow: [127.0.0.1], "
                f"secret-file: {self.key('ci.key', SECRET)}, token-file: {self.key('ci.token', TOKEN)}}}}}\n")

    def test_D_054_neither_processes_nor_files_show_the_secrets_of_a_sink(self):
        hook = Webhook(self, *[self.hold] * 4)
        server = self.server(LOG + self.sink(hook))
        self.push_branch(server, "feature/a")
        self.assertTrue(wait_until(lambda: hook.requests))
        self.assertEqual("Bearer " + TOKEN, hook.requests[0][1]["Authorization"])
        (pid,) = deliverers(server.path)
        shown = run(["ps", "-ww", "-o", "args=", "-p", str(pid)]).stdout if os.path.exists("/bin/ps") else b""
        for name in ("cmdline", "environ"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    shown += file.read()
            except PermissionError:
                pass  # all the better
        for secret in (SECRET, SECRET[6:], TOKEN):
            self.assertNotIn(secret.encode(), shown)
        self.over.set()
        wait_until(lambda: self.journal(server, "SELECT reason FROM sinks WHERE name = 'ci'") != [("",)])
        for secret in (SECRET[6:], TOKEN):
            self.assertEqual([], files_with(server.path, secret.encode()))

    def test_D_054_no_image_of_the_memory_of_a_deliverer_is_made(self):
        hook = Webhook(self, *[self.hold] * 4)
        server = self.server(self.sink(hook))
        as_user = {}
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o755)
            as_user = {"user": 64101, "group": 64101, "extra_groups": []}
            run(["chown", "-R", "64101:64101", server.path, self.folder + "/ci.key", self.folder + "/ci.token"])
        # The first pass takes refs as they are, the second one tells what has changed since.
        run([NETWORK, "--", server.path], **as_user)
        run(["git", "update-ref", "refs/heads/feature/a", "refs/heads/main"], cwd=server.path, **as_user)
        process = subprocess.Popen([NETWORK, "--", server.path], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user)
        try:
            self.assertTrue(wait_until(lambda: hook.requests))
            # The kernel gives the files of a process that may not be dumped to root.
            self.assertEqual((os.stat(server.path).st_uid, 0),
                             tuple(os.stat(f"/proc/{process.pid}{name}").st_uid for name in ("", "/environ")))
        finally:
            self.over.set()
            process.wait(timeout=30)

    def test_D_055_passwords_of_pushers_are_stored_nowhere(self):
        server = self.server(LOG, rules="version: 1\n" + IDENTITY)
        run(["git", "config", "http.receivepack", "true"], cwd=server.path)
        http = HttpServer(self)
        server.commit("feat: add", {"a": "1"}, branch="feature/a")
        self.assert_accepted(server.push("feature/a", url=http.url(server, "alice", "hunter2-hunter2")))
        self.assertEqual(2, len(self.wait_for(2, lambda: self.logged(server))))
        login = base64.b64encode(b"alice:hunter2-hunter2")
        for needle in (b"hunter2-hunter2", login):
            self.assertEqual([], files_with(server.path, needle))


if __name__ == "__main__":
    unittest.main()
