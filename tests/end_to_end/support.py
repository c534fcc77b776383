"""Real bare repositories with the gate installed, real pushes, and the events that come out.

Every test gets a folder of its own; nothing outside of it and of loopback is touched. The programs
under test are those of the build folder that ctest names in TRUNKGATE_BUILD.
"""
import base64
import contextlib
import glob
import http.server
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

BUILD = os.environ.get("TRUNKGATE_BUILD") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "release")
BUILD = os.path.abspath(BUILD)
TOOL = os.path.join(BUILD, "bin", "trunkgate")
SCHEMA = os.path.join(BUILD, "share", "trunkgate", "events.schema.json")
ZERO = "0" * 40

# Nothing of the machine's configuration takes part, and every commit has the same date.
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
    "GIT_TERMINAL_PROMPT": "0",
}

# A policy whose pusher the tests can choose: the account that runs the tests is the service user.
SERVICE_USER = subprocess.run(["id", "-un"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
IDENTITY = f"identity: {{service-users: [{SERVICE_USER}], sources: [{{env: REMOTE_USER}}]}}\n"

POLICY = """version: 1
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {from: ['feature/**', 'release/**']}
      rewound-branch: {}
      deleted-ref: {}
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {allow: [main, 'feature/**', 'release/**']}
      unconventional-commit: {}
"""


def run(argv, cwd=None, env=None, data=None, check=True, timeout=120, **kwargs):
    """Runs a program; returns a CompletedProcess with bytes."""
    full = dict(ENVIRONMENT)
    for name, value in (env or {}).items():
        if value is None:
            full.pop(name, None)
        else:
            full[name] = value
    done = subprocess.run(argv, cwd=cwd, env=full, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=timeout, **kwargs)
    if check and done.returncode != 0:
        raise AssertionError(f"{argv} ended with {done.returncode}:\n"
                             f"{done.stdout.decode(errors='replace')}"
                             f"{done.stderr.decode(errors='replace')}")
    return done


def git(*args, cwd, env=None, data=None, check=True, timeout=120):
    """Runs git; returns its standard output as text without the last line feed."""
    done = run(["git", *args], cwd=cwd, env=env, data=data, check=check, timeout=timeout)
    return done.stdout.decode(errors="surrogateescape").rstrip("\n")


class PushResult:
    """How a push ended: exit code, and what the server said, without the `remote: ` prefix."""

    def __init__(self, done):
        self.code = done.returncode
        self.stderr = done.stderr
        text = done.stderr.decode(errors="surrogateescape")
        lines = []
        for line in re.split(r"[\r\n]+", text):
            if line.startswith("remote: ") or line == "remote:":
                lines.append(line[8:].rstrip())
        self.remote = "\n".join(lines).strip("\n")
        self.text = text

    def __repr__(self):
        return f"exit {self.code}\n{self.text}"


class Repository:
    """A bare repository on the "server" with the gate installed, and ways to push to it."""

    def __init__(self, folder, name="server.git", policy=POLICY, seed=True, install=True):
        self.folder = folder
        self.path = os.path.join(folder, name)
        run(["git", "init", "-q", "--bare", "-b", "main", self.path])
        self.work = os.path.join(folder, "work")
        if not os.path.exists(self.work):
            run(["git", "init", "-q", "-b", "main", self.work])
        if seed:
            self.commit("chore: begin", {"README": "hello\n"})
            git("push", "-q", self.path, "HEAD:refs/heads/main", cwd=self.work)
        if policy is not None:
            self.write_policy(policy)
        if install:
            self.install()

    def install(self):
        return run([TOOL, "install", self.path])

    def write_policy(self, text, name="policy.yaml"):
        os.makedirs(os.path.join(self.path, "trunkgate"), exist_ok=True)
        with open(os.path.join(self.path, "trunkgate", name), "w") as file:
            file.write(text)

    # The work tree

    def commit(self, message, files=None, env=None, branch=None, date=None):
        """Makes a commit in the work tree; returns its id."""
        if branch is not None:
            git("checkout", "-q", "-B", branch, cwd=self.work)
        for path, content in (files or {}).items():
            full = os.path.join(self.work, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
            git("add", "-f", path, cwd=self.work)
        extra = dict(env or {})
        if date is not None:
            extra["GIT_AUTHOR_DATE"] = extra["GIT_COMMITTER_DATE"] = f"{date} +0000"
        data = message if isinstance(message, bytes) else message.encode()
        git("commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "-F", "-",
            cwd=self.work, data=data, env=extra)
        return self.head()

    def raw_commit(self, raw):
        """Stores the bytes of a commit object without any check; returns its id."""
        return git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", cwd=self.work,
                   data=raw)

    def head(self, rev="HEAD"):
        return git("rev-parse", rev, cwd=self.work)

    def checkout(self, *args):
        git("checkout", "-q", *args, cwd=self.work)

    def merge(self, rev, message=None):
        """Merges with a merge commit, as git would title it; returns its id."""
        options = ["-m", message] if message else []
        git("merge", "-q", "--no-ff", *options, rev, cwd=self.work)
        return self.head()

    # Pushing

    def push(self, *specs, user=None, env=None, options=(), url=None, timeout=120):
        """Pushes with the ordinary client; returns a PushResult and never raises."""
        extra = dict(env or {})
        if user is not None:
            extra["REMOTE_USER"] = user
        argv = ["git", "push"]
        for option in options:
            argv += ["-o", option]
        return PushResult(run([*argv, url or self.path, *specs], cwd=self.work, env=extra,
                              check=False, timeout=timeout))

    def judge(self, commands, prefix=(), env=None, timeout=120):
        """Runs the installed pre-receive by itself, as git does, on objects the server has.
        `prefix` goes before it: prlimit, strace. Returns a CompletedProcess."""
        data = "".join(f"{old} {new} {name}\n" for old, new, name in commands).encode()
        return run([*prefix, "hooks/pre-receive"], cwd=self.path, env={"GIT_DIR": ".", **(env or {})},
                   data=data, check=False, timeout=timeout)

    # The server afterwards

    def ref(self, name):
        """The id a ref holds on the server, or None."""
        done = run(["git", "rev-parse", "-q", "--verify", name + "^{}"], cwd=self.path, check=False)
        return done.stdout.decode().strip() or None if done.returncode == 0 else None

    def refs(self):
        """All refs of the server as {name: id}."""
        text = git("for-each-ref", "--format=%(refname) %(objectname)", cwd=self.path)
        return dict(line.split(" ") for line in text.splitlines())

    def has_intent(self, ref):
        """Whether a push has been let in and recorded that is about to change `ref`."""
        for path in glob.glob(os.path.join(self.path, "trunkgate", "spool", "*.I")):
            with contextlib.suppress(FileNotFoundError), open(path) as file:
                if f'"{ref}"' in file.read():
                    return True
        return False

    def has_object(self, oid):
        return run(["git", "cat-file", "-e", oid], cwd=self.path, check=False).returncode == 0

    def events(self):
        """Delivers, checks every event against the schema and returns them all."""
        # A deliverer that a hook has woken may stand in line, and then the rest is left to it.
        wait_until(lambda: b"another deliverer" not in run([TOOL, "deliver", self.path]).stdout)
        path = os.path.join(self.path, "trunkgate", "events.jsonl")
        if not os.path.exists(path):
            return []
        with open(path, "rb") as file:
            events = [json.loads(line) for line in file]
        for event in events:
            validate(event)
        return events

    def event_types(self):
        return [(e["type"].replace("dev.trunkgate.", "").replace(".v1", ""), e["subject"])
                for e in self.events() if not e["type"].startswith("dev.trunkgate.push.")]

    def rejections(self):
        return [e for e in self.events() if e["type"] == "dev.trunkgate.push.rejected.v1"]

    def accepted(self):
        return [e for e in self.events() if e["type"] == "dev.trunkgate.push.accepted.v1"]


_validator = None


def validate(event):
    """Raises when the event does not fit its schema."""
    global _validator
    if _validator is None:
        import jsonschema
        with open(SCHEMA, "rb") as file:
            _validator = jsonschema.Draft202012Validator(
                json.load(file), format_checker=jsonschema.FormatChecker())
    _validator.validate(event)


# A raw client: sends what `git push` never would (gitprotocol-pack(5)).

def packet(data):
    return b"%04x" % (len(data) + 4) + data


class RawClient:
    """Speaks to `git receive-pack` over a pipe."""

    def __init__(self, repository, env=None, argv=None, cwd=None):
        full = dict(ENVIRONMENT, **(env or {}))
        self.process = subprocess.Popen(argv or ["git", "receive-pack", repository.path], env=full,
                                        cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.capabilities = b""
        self.refs = {}
        while True:
            line = self._packet()
            if not line:
                break
            if b"\0" in line:
                line, self.capabilities = line.split(b"\0", 1)
            oid, _, name = line.rstrip(b"\n").partition(b" ")
            self.refs[name] = oid

    def _packet(self):
        head = self.process.stdout.read(4)
        if len(head) < 4:
            return None
        size = int(head, 16)
        return b"" if size == 0 else self.process.stdout.read(size - 4)

    def send(self, commands, pack=b"", capabilities="report-status side-band-64k", options=None,
             shallow=(), lines=None):
        """Sends commands (old, new, name), options and a pack, then closes. `lines` replaces the
        commands with raw packet contents."""
        out = b"".join(packet(b"shallow " + oid.encode()) for oid in shallow)
        if lines is None:
            lines = []
            for old, new, name in commands:
                name = name if isinstance(name, bytes) else name.encode(errors="surrogateescape")
                lines.append(old.encode() + b" " + new.encode() + b" " + name)
            lines[0] += b"\0" + capabilities.encode()
        out += b"".join(packet(line) for line in lines) + b"0000"
        if options is not None:
            out += b"".join(packet(o if isinstance(o, bytes) else o.encode()) for o in options)
            out += b"0000"
        try:
            self.process.stdin.write(out + pack)
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    def result(self, timeout=120):
        """Waits; returns (exit code, report, what hooks printed)."""
        report, printed = b"", b""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            chunk = self._packet()
            if not chunk:
                break
            if chunk[:1] == b"\1":
                report += chunk[1:]
            else:
                printed += chunk[1:]
        printed += self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.wait(timeout=timeout), report, printed


class RawResult:
    def __init__(self, code, report, printed):
        self.code, self.report, self.printed = code, report, printed
        self.text = printed.decode(errors="surrogateescape")

    def __repr__(self):
        return f"exit {self.code}\n{self.report!r}\n{self.text}"


def raw_push(repository, commands, pack=None, env=None, **kwargs):
    """One raw push from start to end."""
    client = RawClient(repository, env=env)
    if pack is None:
        pack = EMPTY_PACK if any(new != ZERO for _, new, _ in commands) else b""
    client.send(commands, pack, **kwargs)
    return RawResult(*client.result())


def _empty_pack():
    import hashlib
    import struct
    body = b"PACK" + struct.pack(">II", 2, 0)
    return body + hashlib.sha1(body).digest()


EMPTY_PACK = _empty_pack()


def pack_of(repository, include, exclude=()):
    """A pack with everything that `include` reaches and `exclude` does not, from the work tree."""
    text = "\n".join(list(include) + ["^" + oid for oid in exclude]) + "\n"
    return run(["git", "pack-objects", "--revs", "--stdout", "-q"], cwd=repository.work,
               data=text.encode()).stdout


def pack_objects(repository, oids):
    """A pack of exactly these objects of the work tree."""
    return run(["git", "pack-objects", "--stdout", "-q"], cwd=repository.work,
               data=("\n".join(oids) + "\n").encode()).stdout


def processor_seconds():
    """Of the programs that have ended: how busy the machine is changes nothing of it."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def wait_until(condition, seconds=40):
    """Waits for something another process does; returns whether it happened."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


# Which package of install.sh brings a program; its tests may be skipped only where that was not run.
PACKAGES = {"gcc": "g++", "git-lfs": "git-lfs", "gpg": "gnupg", "node": "nodejs", "npm": "npm",
            "sshd": "openssh-server", "ssh-keygen": "openssh-client", "strace": "strace",
            "systemd-analyze": "systemd"}


def named_by_install_script(package):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "install.sh")) as file:
        text = file.read()
    lists = re.findall(r'^\w+_packages="([^"]*)"', text, re.MULTILINE)
    lists += re.findall(r"need_packages ([a-z][^\n$]*)", text)
    return package in " ".join(lists).split()


def skip_or_fail(why, must_be_there):
    """Skips a class or a method; where TRUNKGATE_NO_SKIP is 1 and it `must_be_there`, fails it instead."""
    if not must_be_there or os.environ.get("TRUNKGATE_NO_SKIP") != "1":
        return unittest.skip(why)

    def fail(self, *_):
        self.fail(why + ", and TRUNKGATE_NO_SKIP=1 forbids to skip this")

    def decorate(item):
        if not isinstance(item, type):
            return fail
        item.setUp = fail
        return item
    return decorate


def needs(*programs):
    """Decorates tests that need these programs."""
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    missing = [program for program in programs if shutil.which(program, path=path) is None]
    if not missing:
        return lambda item: item
    return skip_or_fail(", ".join(missing) + " is not installed",
                        any(named_by_install_script(PACKAGES[program]) for program in missing))


# Runs a program and says its seconds (elapsed, of the processor) and KiB (largest resident size) in a file. A child
# is born with the size of its parent, so that must be a small one, not the tests themselves.
MEASURE = """
import os, sys, time
start = time.monotonic()
child = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=file)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
"""


def measured(told, argv):
    """The command that runs `argv` and leaves in the file `told` what read_usage() reads."""
    return ["/usr/bin/python3", "-S", "-c", MEASURE, told, *argv]


def read_usage(told):
    with open(told) as file:
        elapsed, processor, kib = file.read().split()
    os.unlink(told)
    return float(elapsed), float(processor), int(kib)


class GateTest(unittest.TestCase):
    """A folder for each test, and the checks that most tests make."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="trunkgate-test-")
        self.addCleanup(self._remove)

    def _remove(self):
        # A deliverer that a hook has woken may still be at work in the folder.
        for _ in range(50):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                return
            time.sleep(0.1)

    def repository(self, *args, **kwargs):
        return Repository(self.folder, *args, **kwargs)

    def assert_accepted(self, result):
        self.assertEqual(0, result.code, result)

    def assert_refused(self, repository, result, before, *words):
        """Refused, no ref changed, and the reason has these words. Control bytes never get out."""
        text = result.text if isinstance(result, RawResult) else result.remote
        if isinstance(result, RawResult):
            self.assertNotIn(b"ok refs/", result.report, result)
        else:
            self.assertNotEqual(0, result.code, result)
        self.assertEqual(before, repository.refs(), result)
        for word in words:
            self.assertIn(word, text, result)
        self.assert_printable(text)

    def assert_nothing_kept(self, repository, *oids):
        """Nothing of a refused push is in the object store or in an event of an accepted one."""
        told = json.dumps(repository.accepted())
        for oid in oids:
            self.assertFalse(repository.has_object(oid), oid)
            self.assertNotIn(oid, told)

    def assert_only_rejected(self, repository, *rules):
        """No event but one push.rejected, and these rules are what was violated."""
        events = repository.events()
        self.assertEqual(["dev.trunkgate.push.rejected.v1"], [e["type"] for e in events])
        data = events[0]["data"]
        self.assertEqual(set(rules), {v["rule"] for v in data["violations"]}, data)
        return data

    def measure(self, repository, hook="pre-receive"):
        """Puts a clock and a scale around an installed hook; returns a function that gives its seconds (of the
        processor) and KiB (largest resident size) in the push before."""
        path = os.path.join(repository.path, "hooks", hook)
        told = os.path.join(repository.path, "measured")
        os.rename(path, path + ".measured")
        with open(path, "w") as file:
            file.write("#!/usr/bin/python3\nimport sys\n"
                       f"sys.argv[1:1] = [{told!r}, {path + '.measured'!r}]\n{MEASURE}")
        os.chmod(path, 0o755)
        return lambda: read_usage(told)[1:]

    def assert_printable(self, text):
        for char in text:
            self.assertTrue(char == "\n" or (0x20 <= ord(char) < 0x7f) or ord(char) > 0xa0,
                            f"control character {char!r} in {text!r}")


# Servers on loopback

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process):
    def up():
        if process.poll() is not None:
            raise AssertionError(f"server ended with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", port)) == 0
    if not wait_until(up):
        raise AssertionError(f"no server at port {port}")


class SshServer:
    """openssh-server on a loopback port, for the account that runs the tests."""

    def __init__(self, test, *config):
        folder = os.path.join(test.folder, "sshd")
        os.mkdir(folder, 0o700)
        for name in ("host", "client"):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{name}"])
        self.folder, self.port = folder, free_port()
        self.authorize("")
        lines = [f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {folder}/host",
                 f"AuthorizedKeysFile {folder}/authorized_keys", "StrictModes no", "UsePAM no",
                 "PasswordAuthentication no", "PermitRootLogin yes", f"PidFile {folder}/pid", *config]
        with open(f"{folder}/sshd_config", "w") as file:
            file.write("\n".join(lines) + "\n")
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", f"{folder}/sshd_config"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(f"{folder}/log", "w"), env=dict(os.environ))
        test.addCleanup(self.stop)
        wait_for_port(self.port, self.process)

    def authorize(self, options):
        with open(f"{self.folder}/client.pub") as key, \
                open(f"{self.folder}/authorized_keys", "w") as file:
            file.write((options + " " if options else "") + key.read())

    def environment(self):
        return {"GIT_SSH_COMMAND": f"ssh -F /dev/null -i {self.folder}/client -p {self.port} "
                                   "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                                   "-o LogLevel=ERROR -o IdentitiesOnly=yes"}

    def url(self, repository):
        return f"ssh://{SERVICE_USER}@127.0.0.1:{self.port}{repository.path}"

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


class _HttpHandler(http.server.BaseHTTPRequestHandler):
    """What a web server does for git-http-backend(1); every password is right."""

    def do_GET(self):
        scheme, _, login = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        env = dict(self.server.environment, GATEWAY_INTERFACE="CGI/1.1", PATH_INFO=path,
                   QUERY_STRING=query, REQUEST_METHOD=self.command,
                   CONTENT_TYPE=self.headers.get("Content-Type", ""),
                   HTTP_AUTHORIZATION=self.headers["Authorization"],
                   REMOTE_USER=base64.b64decode(login).decode().partition(":")[0],
                   REMOTE_ADDR=self.client_address[0])
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        done = subprocess.run(["git", "http-backend"], env=env, input=body,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        self.send_response(int(dict(fields).get("Status", "200").split()[0]))
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class HttpServer:
    """git http-backend behind a web server on a loopback port."""

    def __init__(self, test):
        self.folder = test.folder
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _HttpHandler)
        self.server.environment = {"PATH": ENVIRONMENT["PATH"], "GIT_PROJECT_ROOT": test.folder,
                                   "GIT_HTTP_EXPORT_ALL": "1", "GIT_CONFIG_NOSYSTEM": "1"}
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        test.addCleanup(self.stop)

    def url(self, repository, user, password="secret"):
        path = os.path.relpath(repository.path, self.folder)
        return f"http://{user}:{password}@127.0.0.1:{self.server.server_port}/{path}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class GitDaemon:
    """git daemon on a loopback port, with pushes allowed."""

    def __init__(self, test):
        self.folder, self.port = test.folder, free_port()
        program = git("--exec-path", cwd=test.folder) + "/git-daemon"
        self.process = subprocess.Popen(
            [program, "--listen=127.0.0.1", f"--port={self.port}", "--reuseaddr", "--export-all",
             "--enable=receive-pack", f"--base-path={test.folder}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(ENVIRONMENT, HOME=test.folder))
        test.addCleanup(self.stop)
        wait_for_port(self.port, self.process)

    def url(self, repository):
        return f"git://127.0.0.1:{self.port}/{os.path.relpath(repository.path, self.folder)}"

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


if __name__ == "__main__":
    raise SystemExit("this is a module for the tests beside it")
