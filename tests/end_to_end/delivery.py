"""Receivers of events on loopback, and what a journal says: for the tests of delivery beside it."""
import base64
import contextlib
import email
import email.policy
import fcntl
import http.server
import json
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import threading
import time

from support import ENVIRONMENT, TOOL, GateTest, Repository, free_port, wait_for_port, wait_until

SMTP_SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "events", "smtp_server.py")
RULES = "version: 1\nidentity: {unknown: allow}\n"


def names(events):
    """What happened, a word or two each."""
    told = []
    for event in events:
        name = event["type"].replace("dev.trunkgate.", "").replace(".v1", "")
        told.append(name if name.startswith("push.") else f"{name} {event['subject']}")
    return told


class Webhook:
    """Answers as it is told: a status, or (status, headers), or a function that is called with each request. What
    is left over of the list is 204. With a certificate (the path of its .pem and .key without the ending) over TLS."""

    def __init__(self, test, *answers, port=0, certificate=None):
        self.answers, self.requests, self.lock = list(answers), [], threading.Lock()
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with hook.lock:
                    answer = hook.answers.pop(0) if hook.answers else 204
                    hook.requests.append((time.monotonic(), dict(self.headers), body))
                if callable(answer):
                    answer = answer()
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    if status != 204:
                        self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass  # it has given up

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}/hook"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate + ".pem", certificate + ".key")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        self.running = True
        test.addCleanup(self.stop)

    def stop(self):
        if self.running:
            self.running = False
            self.server.shutdown()
            self.server.server_close()
            self.thread.join()

    def events(self):
        with self.lock:
            return [json.loads(body) for _, _, body in self.requests]

    def sink(self, name="ci", more="", keys=""):
        return f"    - {{name: {name}, webhook: {{url: '{self.url}', allow: [127.0.0.1]{keys}}}{more}}}\n"


class NatsServer:
    """nats-server of Debian, and a client of a few lines that looks into its streams."""

    def __init__(self, test):
        self.folder, self.port, self.process = os.path.join(test.folder, "nats"), free_port(), None
        os.mkdir(self.folder)
        test.addCleanup(self.stop)

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/nats-server", "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", self.folder],
            env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, subject, body):
        """One request of JetStream's API; its answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as link, link.makefile("rb") as lines:
            body = json.dumps(body).encode()
            link.sendall(b'CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB %s answer %d\r\n%s\r\n'
                         % (subject.encode(), len(body), body))
            while True:
                line = lines.readline()
                if line == b"PING\r\n":
                    link.sendall(b"PONG\r\n")
                if line.startswith(b"MSG "):
                    return json.loads(lines.read(int(line.split()[-1])))
                if not line:
                    raise AssertionError("nats-server has closed the connection")

    def events(self, stream="GIT"):
        state = self.ask(f"$JS.API.STREAM.INFO.{stream}", {}).get("state", {})
        found = []
        for number in range(state.get("first_seq", 1), state.get("last_seq", 0) + 1):
            answer = self.ask(f"$JS.API.STREAM.MSG.GET.{stream}", {"seq": number})
            if "message" in answer:
                found.append(json.loads(base64.b64decode(answer["message"]["data"])))
        return found

    def sink(self, name="bus", more=""):
        return (f"    - {{name: {name}, nats: {{servers: ['nats://127.0.0.1:{self.port}'], stream: GIT}}{more}}}\n")


class MailServer:
    """smtp_server.py, and the mails that it has got."""

    def __init__(self, test):
        self.folder = os.path.join(test.folder, "mail")
        os.mkdir(self.folder)
        self.process = subprocess.Popen(["/usr/bin/python3", SMTP_SERVER, self.folder], env=ENVIRONMENT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        test.addCleanup(self.stop)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def mails(self):
        numbers = sorted(int(name[:-4]) for name in os.listdir(self.folder) if name.endswith(".eml"))
        found = []
        for number in numbers:
            with open(os.path.join(self.folder, f"{number}.eml"), "rb") as file:
                found.append(email.message_from_binary_file(file, policy=email.policy.default))
        return found

    def sink(self, name="mail", more=""):
        return (f"    - {{name: {name}, smtp: {{server: 'smtp://127.0.0.1:{self.port}', "
                f"to: [leads@example.com]}}{more}}}\n")


def deliverers(path):
    """Process ids of deliverers that are at work for a repository."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        program = os.path.basename(words[0])
        if os.fsencode(path) in words and (program == b"deliver" or (program == b"trunkgate" and b"deliver" in words)):
            found.append(int(pid))
    return found


def woken(path):
    """Whether a hook has woken a deliverer of a repository that is still there, or about to begin."""
    spool = os.open(os.path.join(path, "trunkgate", "spool"), os.O_RDONLY)
    try:
        fcntl.flock(spool, fcntl.LOCK_EX | fcntl.LOCK_NB)  # see wake_deliverer()
    except BlockingIOError:
        return True
    finally:
        os.close(spool)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if not file.read() and os.readlink(f"/proc/{pid}/exe") == TOOL:
                    return True  # exec has not come to its words
        except OSError:
            continue
    return bool(deliverers(path))


@contextlib.contextmanager
def nobody_delivers(server):
    """Records pile up meanwhile: a deliverer leaves them to one that waits already. At the end all that were woken
    have done so."""
    state = os.path.join(server.path, "trunkgate", "state")
    os.makedirs(state, exist_ok=True)
    with open(os.path.join(state, "deliver.waiting"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        if not wait_until(lambda: not woken(server.path), 60):
            raise AssertionError(f"a deliverer of {server.path} does not end")


class DeliveryTest(GateTest):
    """A repository whose policy has sinks, and deliverers that end with the test."""

    def server(self, sinks, name="server.git", rules=RULES):
        made = Repository(self.folder, name=name, policy=rules + "events:\n  sinks:\n" + sinks)
        self.addCleanup(self.end_deliverers, made.path)
        return made

    def end_deliverers(self, path):
        for pid in deliverers(path):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        if not wait_until(lambda: not deliverers(path), 30):
            self.fail(f"a deliverer does not end: {deliverers(path)}")

    def wait_for(self, count, events, seconds=40):
        """At least so many events, in whatever time that takes; less than a service looks by itself after."""
        wait_until(lambda: len(events()) >= count, seconds)
        return events()

    def logged(self, server, name="events.jsonl"):
        path = os.path.join(server.path, "trunkgate", name)
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return [json.loads(line) for line in file]

    def journal(self, server, sql, *values):
        """Rows of the journal, which belongs to a deliverer that may be at work."""
        path = os.path.join(server.path, "trunkgate", "journal.db")
        if not os.path.exists(path):
            return []
        link = sqlite3.connect(path, timeout=10)
        try:
            return link.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []  # it is just being made
            raise
        finally:
            link.close()

    def push_branch(self, server, branch, message="feat: change"):
        """One more commit on a branch; returns how long the push took."""
        server.commit(message, {"file": f"{branch} {time.monotonic()}\n"}, branch=branch)
        start = time.monotonic()
        self.assert_accepted(server.push(f"{branch}:refs/heads/{branch}"))
        return time.monotonic() - start


class HeldDeliveryTest(DeliveryTest):
    """Webhooks that do not answer before the test is over."""

    ANSWER = 204

    def setUp(self):
        super().setUp()
        self.over = threading.Event()
        self.addCleanup(self.over.set)

    def hold(self):
        self.over.wait(60)
        return self.ANSWER

    def end_deliverers(self, path):
        self.over.set()
        super().end_deliverers(path)
