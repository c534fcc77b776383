"""trunkgate sink test sends one event that tells nothing, and says what the receiver answered."""
import json
import os
import unittest

from delivery import MailServer, NatsServer
from operator_commands import Receiver
from support import TOOL, GateTest, free_port, needs, run, validate


class OperatorSink(GateTest):
    def sink(self, sinks):
        self.server = self.repository(policy="version: 1\nevents:\n  sinks:\n" + sinks, seed=False)

    def try_sink(self, name, code=0):
        done = run([TOOL, "sink", "test", name, "--repo", self.server.path], check=False)
        text = (done.stdout + done.stderr).decode()
        self.assertEqual(code, done.returncode, text)
        self.assert_printable(text)
        return text

    def test_a_webhook_that_takes_it(self):
        receiver = Receiver(self)
        self.sink(f"    - {{name: ci, webhook: {{url: '{receiver.url}', allow: [127.0.0.1]}}, refs: [main]}}\n")
        said = self.try_sink("ci")
        self.assertEqual(1, len(receiver.bodies))
        event = receiver.bodies[0]
        validate(event)
        self.assertEqual(f"ci: the receiver has taken test event {event['id']}\n", said)
        self.assertEqual("dev.trunkgate.push.received.v1", event["type"])
        self.assertIs(True, event["data"]["test"])
        self.try_sink("ci")
        self.assertEqual(2, len({body["id"] for body in receiver.bodies}))
        # Nothing of it is recorded.
        self.assertFalse(os.path.exists(os.path.join(self.server.path, "trunkgate", "journal.db")))

    def test_a_webhook_that_does_not(self):
        receiver = Receiver(self)
        receiver.status = 403
        self.sink(f"    - {{name: ci, webhook: {{url: '{receiver.url}', allow: [127.0.0.1]}}}}\n")
        self.assertEqual(f"error: ci: {receiver.place} has answered 403\n", self.try_sink("ci", 1))

    def test_a_server_that_is_not_there(self):
        port = free_port()
        self.sink(f"    - {{name: bus, nats: {{servers: ['nats://127.0.0.1:{port}'], stream: GIT}}}}\n"
                  f"    - {{name: mail, smtp: {{server: 'smtp://127.0.0.1:{port}', to: [a@example.com]}}}}\n")
        self.assertTrue(self.try_sink("bus", 1).startswith("error: bus: "))
        self.assertTrue(self.try_sink("mail", 1).startswith("error: mail: "))

    @needs("nats-server")
    def test_a_bus_and_a_mail_server_that_take_it(self):
        bus, mail = NatsServer(self), MailServer(self)
        bus.start()
        self.sink(bus.sink() + mail.sink(more=", types: [branch.stale]"))
        for name, taken in (("bus", bus.events), ("mail", mail.mails)):
            self.assertEqual([], taken())
            said = self.try_sink(name)
            self.assertRegex(said, rf"^{name}: the receiver has taken test event evt_[0-9a-f]+\n$")
            self.assertEqual(1, len(taken()))
        self.assertIs(True, bus.events()[0]["data"]["test"])
        self.assertIn(said.split()[-1], mail.mails()[0]["Message-ID"])

    def test_a_file_and_a_program(self):
        self.sink("    - {name: log, file: told.jsonl}\n"
                  f"    - {{name: run, command: {{run: [/usr/bin/tee, {self.folder}/given]}}}}\n"
                  "    - {name: bad, command: {run: [/bin/false]}}\n")
        with self.subTest("file"):
            self.try_sink("log")
            with open(os.path.join(self.server.path, "trunkgate", "told.jsonl")) as file:
                self.assertIs(True, json.loads(file.read())["data"]["test"])
        with self.subTest("program"):
            self.try_sink("run")
            with open(f"{self.folder}/given") as file:
                self.assertIs(True, json.loads(file.read())["data"]["test"])
        self.assertEqual("error: bad: /bin/false ended with exit code 1\n", self.try_sink("bad", 1))

    def test_says_what_cannot_be_tried(self):
        self.sink("    - {name: hub, webhook: {url: 'http://127.0.0.1:9/', style: github, allow: [127.0.0.1]}}\n"
                  "    - {name: log, file: told.jsonl}\n")
        self.assertEqual("error: sink 'hub' sends pushes in another product's form, which has none for a test; one "
                         "that looked like a push could start a build\nhint: push a branch that the receiver may "
                         "build, and see: trunkgate deliveries list --sink hub\n", self.try_sink("hub", 2))
        self.assertEqual("error: the policy has no sink 'lag'; did you mean 'log'?\nhint: its sinks are: hub, log\n",
                         self.try_sink("lag", 2))


if __name__ == "__main__":
    unittest.main()
