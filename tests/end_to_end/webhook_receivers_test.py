"""Webhooks are taken by the libraries that their receivers use: signatures by standardwebhooks and
@octokit/webhooks-methods, events by cloudevents."""
import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

from support import BUILD, Repository, git, needs, run, skip_or_fail

RECEIVERS = os.path.join(BUILD, "receivers")
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "receivers", "receiver.mjs")
SEND = os.path.join(BUILD, "tests", "send_events")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "an old secret without a prefix"


def needs_receivers():
    if not os.path.exists(SEND):
        return skip_or_fail("send_events is not built", True)
    if os.path.exists(os.path.join(RECEIVERS, "node_modules", "cloudevents", "package.json")):
        return needs("node")
    # Left by install.sh, which asked the registry.
    unreachable = os.path.exists(os.path.join(RECEIVERS, "registry-unreachable"))
    return skip_or_fail("the libraries of receivers are not installed: ./install.sh test does it", not unreachable)


class Receiver:
    """receiver.mjs, and what it says of each request."""

    def __init__(self, folder, *secrets):
        # Node looks for libraries beside the script.
        shutil.copy(SCRIPT, os.path.join(folder, "receiver.mjs"))
        os.symlink(os.path.join(RECEIVERS, "node_modules"), os.path.join(folder, "node_modules"))
        self.process = subprocess.Popen(["node", "receiver.mjs", *secrets], cwd=folder, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.timer = threading.Timer(120, self.process.kill)
        self.timer.start()
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/hook"

    def next(self):
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.timer.cancel()
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@needs_receivers()
class WebhookReceivers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """The events of a real push: a branch, a tag, and the push itself."""
        cls.folder = tempfile.mkdtemp(prefix="trunkgate-receivers-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        repository = Repository(cls.folder, policy="version: 1\nidentity: {unknown: allow}\n")
        cls.tip = repository.commit("feat: über", {"a": "1\n"}, branch="feature/é")
        git("tag", "v1", cwd=repository.work)
        pushed = repository.push("HEAD", "v1")
        if pushed.code != 0:
            raise AssertionError(pushed)
        cls.told = repository.events()
        cls.events = os.path.join(cls.folder, "events.jsonl")
        with open(cls.events, "w") as file:
            file.writelines(json.dumps(event) + "\n" for event in cls.told)

    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="trunkgate-receivers-")
        self.addCleanup(shutil.rmtree, self.place)
        self.secret = self.write("key", SECRET + "\n" + OLD_SECRET + "\n")
        self.receiver = Receiver(self.place, SECRET, OLD_SECRET, "whsec_" + "A" * 32)
        self.addCleanup(self.receiver.stop)

    def write(self, name, text):
        path = os.path.join(self.place, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def send(self, *options):
        """What the receiver says of each event that it got."""
        done = run([SEND, self.events, "webhook", self.receiver.url, "--allow", "127.0.0.1",
                    "--secret", self.secret, *options])
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(e["id"], "delivered") for e in self.told], [(o["id"], o["state"]) for o in outcomes])

    def check_signatures(self, said):
        # Both secrets of the file, but no other one.
        self.assertEqual(["good", "good", "refused: No matching signature found"], said["standard"])
        self.assertEqual("good", said["octokit"])

    def got(self, style):
        self.send("--style", style)
        said = [self.receiver.next() for _ in self.told]
        for each in said:
            self.check_signatures(each)
        return self.comparable(each["cloudevent"] for each in said)

    @staticmethod
    def comparable(events):
        """In the order of ids, without what the library writes in its own way."""
        return sorted(({name: value for name, value in event.items() if name not in ("time", "recordedtime")}
                       for event in events), key=lambda event: event["id"])

    def test_cloudevents_are_read_and_signatures_hold(self):
        self.assertEqual(self.comparable(self.told), self.got("cloudevents"))

    def test_cloudevents_in_binary_mode_are_read_and_signatures_hold(self):
        # This library leaves it to its user to decode headers.
        got = [{name: value if name == "data" else urllib.parse.unquote(value) for name, value in event.items()}
               for event in self.got("cloudevents-binary")]
        self.assertEqual(self.comparable(self.told), got)

    def refs(self):
        return [e["data"]["change"] for e in self.told if e["type"].startswith("dev.trunkgate.ref.")]

    def test_github_style_pushes_are_signed_and_told_once_for_each_ref(self):
        self.send("--style", "github")
        said = [self.receiver.next() for _ in self.refs()]
        for each in said:
            self.check_signatures(each)
            self.assertEqual("push", each["event"])
        self.assertEqual(sorted((c["ref"]["name"], c["after"]) for c in self.refs()),
                         sorted((s["body"]["ref"], s["body"]["after"]) for s in said))
        branch = next(s["body"] for s in said if s["body"]["ref"] == "refs/heads/feature/é")
        self.assertEqual((self.tip, "feat: über"), (branch["head_commit"]["id"], branch["head_commit"]["message"]))

    def test_gitlab_style_pushes_carry_the_token_and_tell_tags_apart(self):
        self.send("--style", "gitlab", "--token", self.write("token", "glsecret"))
        said = [self.receiver.next() for _ in self.refs()]
        for each in said:
            self.check_signatures(each)
            self.assertEqual("glsecret", each["token"])
        kinds = {s["body"]["ref"]: (s["event"], s["body"]["object_kind"]) for s in said}
        self.assertEqual(("Tag Push Hook", "tag_push"), kinds["refs/tags/v1"])
        self.assertEqual(("Push Hook", "push"), kinds["refs/heads/feature/é"])

    def test_gitea_style_pushes_pass_where_github_signatures_are_checked(self):
        self.send("--style", "gitea")
        for each in [self.receiver.next() for _ in self.refs()]:
            self.check_signatures(each)
            self.assertEqual("push", each["event"])


if __name__ == "__main__":
    unittest.main()
