"""Webhooks over TLS: a certificate must be good, and nothing of the environment changes that."""
import http.server
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest

from support import BUILD, run

SEND = os.path.join(BUILD, "tests", "send_events")
EVENT = {"id": "evt_1", "type": "dev.trunkgate.ref.updated.v1", "partitionkey": "a"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append(dict(self.headers))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    """On loopback; with TLS when it is given a certificate."""

    def __init__(self, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.connections = 0
        self.context = None
        self.hangs_up = False
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self.thread.start()

    def finish_request(self, request, client_address):
        self.connections += 1
        request.settimeout(20)
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        if self.hangs_up:
            # With what was not read the system resets the connection.
            request.recv(1)
            return
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        pass  # a client that does not like the certificate

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Silent:
    """In place of TLS: nothing is ever said."""

    def wrap_socket(self, connection, server_side):
        while connection.recv(4096):
            pass
        return connection


class WebhookTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="trunkgate-tls-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.events = cls.path("events.jsonl")
        with open(cls.events, "w") as file:
            file.write(json.dumps(EVENT) + "\n")
        cls.large = cls.path("large.jsonl")
        with open(cls.large, "w") as file:
            file.write(json.dumps({**EVENT, "data": "x" * 2_000_000}) + "\n")
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=test", "-keyout", "ca.key", "-out", "ca.pem")
        cls.certificate("good", "IP:127.0.0.1,DNS:localhost")
        cls.certificate("other", "DNS:other.example")
        cls.certificate("expired", "IP:127.0.0.1", "20200101000000Z", "20200102000000Z")
        cls.certificate("early", "IP:127.0.0.1", "20900101000000Z", "20910102000000Z")

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def openssl(cls, *args):
        subprocess.run(["openssl", *args], cwd=cls.folder, check=True, timeout=60, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)

    @classmethod
    def certificate(cls, name, names, begin="20200101000000Z", end="20990101000000Z"):
        """NAME.pem with its key, of the authority in ca.pem."""
        with open(cls.path(name + ".cnf"), "w") as file:
            file.write("[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=.\ndefault_md=sha256\n"
                       "policy=any\nx509_extensions=names\nrand_serial=yes\nunique_subject=no\n"
                       f"[any]\ncommonName=supplied\n[names]\nsubjectAltName={names}\n")
        open(cls.path("index.txt"), "a").close()
        cls.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name,
                    "-keyout", name + ".key", "-out", name + ".csr")
        cls.openssl("ca", "-batch", "-config", name + ".cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-notext",
                    "-startdate", begin, "-enddate", end, "-in", name + ".csr", "-out", name + ".crt")
        with open(cls.path(name + ".pem"), "w") as out:
            for part in (name + ".crt", name + ".key"):
                with open(cls.path(part)) as file:
                    out.write(file.read())

    def server(self, certificate=None):
        server = Server(certificate and self.path(certificate))
        self.addCleanup(server.stop)
        return server

    def send(self, server, *options, host="127.0.0.1", env=None, events=None):
        """What became of the event, with the server's port as PORT."""
        scheme = "https" if server.context else "http"
        url = f"{scheme}://{host}:{server.server_port}/"
        done = run([SEND, events or self.events, "webhook", url, "--allow", "127.0.0.1", "--allow", "localhost",
                    *options], env=env)
        outcome = json.loads(done.stdout)
        return (outcome["state"] + " " + outcome["reason"]).strip().replace(str(server.server_port), "PORT")

    def refused(self, certificate, why, *options, host="127.0.0.1", env=None):
        server = self.server(certificate)
        self.assertEqual(f"failed the certificate of {host}:PORT is not accepted: {why}",
                         self.send(server, *options, host=host, env=env))
        self.assertEqual([], server.requests)

    def test_a_good_certificate_of_an_authority_in_the_ca_file_is_accepted(self):
        server = self.server("good.pem")
        self.assertEqual("delivered", self.send(server, "--ca", self.path("ca.pem")))
        self.assertEqual("delivered", self.send(server, "--ca", self.path("ca.pem"), host="localhost"))
        self.assertEqual(2, len(server.requests))

    def test_an_unknown_authority_is_refused(self):
        self.refused("good.pem", "SSL certificate problem: unable to get local issuer certificate")

    def test_a_self_signed_certificate_is_refused(self):
        with open(self.path("self.pem"), "w") as out:
            for part in ("ca.pem", "ca.key"):
                with open(self.path(part)) as file:
                    out.write(file.read())
        self.refused("self.pem", "SSL certificate problem: self-signed certificate")

    def test_an_expired_certificate_is_refused(self):
        self.refused("expired.pem", "SSL certificate problem: certificate has expired", "--ca", self.path("ca.pem"))

    def test_a_certificate_that_is_not_valid_yet_is_refused(self):
        self.refused("early.pem", "SSL certificate problem: certificate is not yet valid",
                     "--ca", self.path("ca.pem"))

    def test_a_certificate_of_another_host_is_refused(self):
        self.refused("other.pem", "SSL: no alternative certificate subject name matches target host name '127.0.0.1'",
                     "--ca", self.path("ca.pem"))
        self.refused("other.pem", "SSL: no alternative certificate subject name matches target host name 'localhost'",
                     "--ca", self.path("ca.pem"), host="localhost")

    def test_a_ca_file_that_is_none_is_named(self):
        server = self.server("good.pem")
        self.assertEqual(f"failed cannot use the certificates in {self.events}",
                         self.send(server, "--ca", self.events))

    def test_a_handshake_that_does_not_end_is_given_up(self):
        server = self.server()
        server.context = Silent()
        self.assertEqual("failed no connection to 127.0.0.1:PORT within 1 s", self.send(server, "--timeout", "1"))

    def test_a_server_that_hangs_up_within_a_request_is_survived(self):
        server = self.server("good.pem")
        server.hangs_up = True
        self.assertEqual("failed 127.0.0.1:PORT has closed the connection without an answer",
                         self.send(server, "--ca", self.path("ca.pem"), events=self.large))

    def test_certificates_that_the_environment_names_are_not_trusted(self):
        self.refused("good.pem", "SSL certificate problem: unable to get local issuer certificate",
                     env={"SSL_CERT_FILE": self.path("ca.pem"), "CURL_CA_BUNDLE": self.path("ca.pem"),
                          "SSL_CERT_DIR": self.folder})

    def test_proxies_and_passwords_of_the_environment_are_ignored(self):
        proxy = self.server()
        server = self.server()
        with open(self.path(".netrc"), "w") as file:
            file.write("default login alice password s3cret\n")
        os.chmod(self.path(".netrc"), 0o600)
        address = f"http://127.0.0.1:{proxy.server_port}"
        env = {name: address for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY",
                                          "ALL_PROXY")}
        self.assertEqual("delivered", self.send(server, env={"HOME": self.folder, **env}))
        self.assertEqual(0, proxy.connections)
        self.assertEqual([], [name for name in server.requests[0] if name.lower() in ("authorization", "via")])


if __name__ == "__main__":
    unittest.main()
