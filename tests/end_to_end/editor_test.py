"""The schema of the policy in an editor: yaml-language-server completes, explains and finds mistakes."""
import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest

from support import BUILD, needs, skip_or_fail

SERVER = os.path.join(BUILD, "editor", "node_modules", "yaml-language-server", "bin", "yaml-language-server")
SCHEMA = os.path.join(BUILD, "..", "..", "config", "policy.schema.json")
HEAD = "# yaml-language-server: $schema=policy.schema.json\nversion: 1\n"


class LanguageServer:
    """One server over a pipe; requests with bounds."""

    def __init__(self, folder):
        self.process = subprocess.Popen(["node", SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, cwd=folder)
        self.timer = threading.Timer(120, self.process.kill)
        self.timer.start()
        self.folder = folder
        self.number = 0
        self.request("initialize", {"processId": None, "rootUri": "file://" + folder, "capabilities": {}})
        self.send("initialized", {})

    def stop(self):
        self.timer.cancel()
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def send(self, method, params, number=None):
        body = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            body["id"] = number
        self.write(body)

    def write(self, body):
        data = json.dumps(body).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def read(self):
        size = 0
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("the server ended")
            if line == b"\r\n":
                break
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(size))

    def until(self, wanted):
        """Reads until a message satisfies `wanted`, and answers what the server asks meanwhile."""
        while True:
            message = self.read()
            if "method" in message and "id" in message:
                asked = message["params"].get("items", []) if isinstance(message.get("params"), dict) else []
                self.write({"jsonrpc": "2.0", "id": message["id"], "result": [None] * len(asked)})
            if wanted(message):
                return message

    def request(self, method, params):
        self.number += 1
        self.send(method, params, self.number)
        return self.until(lambda m: m.get("id") == self.number and "method" not in m)["result"]

    def open(self, name, text):
        self.send("textDocument/didOpen", {"textDocument": {
            "uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text}})

    def uri(self, name):
        return f"file://{self.folder}/{name}"

    def diagnostics(self, name):
        message = self.until(lambda m: m.get("method") == "textDocument/publishDiagnostics"
                             and m["params"]["uri"] == self.uri(name))
        return [(d["range"]["start"]["line"] + 1, d["message"]) for d in message["params"]["diagnostics"]]

    def at(self, name, line, character):
        return {"textDocument": {"uri": self.uri(name)}, "position": {"line": line - 1, "character": character}}

    def completions(self, name, line, character):
        result = self.request("textDocument/completion", self.at(name, line, character))
        return [item["label"] for item in result["items"]]

    def hover(self, name, line, character):
        contents = self.request("textDocument/hover", self.at(name, line, character))["contents"]
        return contents["value"] if isinstance(contents, dict) else contents


def needs_server():
    if os.path.exists(SERVER):
        return needs("node")
    # Left by install.sh, which asked the registry.
    unreachable = os.path.exists(os.path.join(BUILD, "editor", "registry-unreachable"))
    return skip_or_fail("yaml-language-server is not installed: ./install.sh test does it", not unreachable)


@needs_server()
class Editor(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="trunkgate-editor-")
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(SCHEMA, os.path.join(self.folder, "policy.schema.json"))
        self.server = LanguageServer(self.folder)
        self.addCleanup(self.server.stop)

    def diagnostics(self, text):
        self.server.open("policy.yaml", HEAD + text)
        return self.server.diagnostics("policy.yaml")

    def test_a_good_policy_has_no_mistakes(self):
        with open(os.path.join(BUILD, "..", "..", "config", "policy.yaml")) as file:
            text = file.read()
        self.server.open("policy.yaml", "# yaml-language-server: $schema=policy.schema.json\n" + text)
        self.assertEqual([], self.server.diagnostics("policy.yaml"))

    def test_an_unknown_rule_and_a_wrong_word_are_found_on_their_lines(self):
        found = self.diagnostics("mode: sevre\nrulesets:\n  - name: x\n    refs: [main]\n    rules:\n"
                                 "      direct-psh: {}\n      deleted-ref: {mode: warn}\n")
        self.assertEqual([3, 8], sorted(line for line, _ in found))
        text = " ".join(message for _, message in found)
        self.assertIn('"enforce", "warn", "audit", "off"', text)
        self.assertIn("Property direct-psh is not allowed", text)

    def test_an_unknown_option_is_found(self):
        found = self.diagnostics("rulesets:\n  - name: x\n    refs: [main]\n    rules:\n"
                                 "      oversized-file: {limt: 10 MiB}\n")
        self.assertEqual([7], [line for line, _ in found])

    def test_rules_modes_and_options_are_completed(self):
        self.server.open("policy.yaml", HEAD + "mode: \nrulesets:\n  - name: x\n    refs: [main]\n    rules:\n"
                         "      \n")
        rules = self.server.completions("policy.yaml", 8, 6)
        for rule in ("direct-push", "leaked-secret", "moved-tag", "unsigned-commit"):
            self.assertIn(rule, rules)
        # Some readers of YAML take a bare off for false, so the server puts quotes around it.
        self.assertEqual({"enforce", "warn", "audit", '"off"'}, set(self.server.completions("policy.yaml", 3, 6)))
        self.server.open("other.yaml", HEAD + "rulesets:\n  - name: x\n    refs: [main]\n    rules:\n"
                         "      oversized-file:\n        \n")
        self.assertIn("limit", self.server.completions("other.yaml", 8, 8))

    def test_a_rule_explains_itself(self):
        self.server.open("policy.yaml", HEAD + "rulesets:\n  - name: x\n    refs: [main]\n    rules:\n"
                         "      moved-tag: {}\n")
        self.assertIn("existing tag is moved or deleted", self.server.hover("policy.yaml", 7, 8))


if __name__ == "__main__":
    unittest.main()
