"""An authority of X.509 that issues and revokes certificates, and people who sign with them."""
import os
import stat

from support import run

CONFIGURATION = """[ca]
default_ca = this
[this]
database = {folder}/index
new_certs_dir = {folder}
serial = {folder}/serial
crlnumber = {folder}/crlnumber
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
[any]
commonName = optional
emailAddress = optional
"""
EXTENSIONS = "keyUsage=digitalSignature\nbasicConstraints=CA:false\nextendedKeyUsage={usage}\n"

# What Git runs in place of gpgsm: a signature made with openssl, whatever the key is good for.
SIGNER = """#!/bin/sh
openssl cms -sign -binary -outform DER {options} -in /dev/stdin >{folder}/made || exit 1
echo '-----BEGIN SIGNED MESSAGE-----'
base64 {folder}/made
echo '-----END SIGNED MESSAGE-----'
echo '[GNUPG:] SIG_CREATED ' >&2
"""


def read(path):
    with open(path) as file:
        return file.read()


class Authority:
    """Its key and its certificate; with `above`, one that another authority has made one."""

    def __init__(self, folder, name, above=None, rsa=0):
        self.folder = os.path.join(folder, name)
        self.rsa = rsa  # bits of its key and of those it certifies; 0 for curves, which are made faster
        os.mkdir(self.folder)
        for file, text in (("index", ""), ("serial", "01\n"), ("crlnumber", "01\n"),
                           ("ca.conf", CONFIGURATION.format(folder=self.folder)),
                           ("ca.ext", "basicConstraints=critical,CA:true\nkeyUsage=keyCertSign,cRLSign\n")):
            with open(self.path(file), "w") as out:
                out.write(text)
        subject = f"/CN={name}"
        if above is None:
            run(["openssl", "req", "-x509", *self.new_key(rsa), "-nodes", "-days", "30", "-subj", subject,
                 "-keyout", self.path("ca.key"), "-out", self.path("ca.pem"),
                 "-addext", "keyUsage=keyCertSign,cRLSign"])
        else:
            above.certify(self.path("ca"), subject, self.path("ca.ext"))

    def path(self, name):
        return os.path.join(self.folder, name)

    @property
    def certificate(self):
        return read(self.path("ca.pem"))

    @staticmethod
    def new_key(rsa):
        return ["-newkey", f"rsa:{rsa}"] if rsa else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

    def certify(self, path, subject, extensions, dates=(), rsa=None):
        """Makes path.key and path.pem."""
        run(["openssl", "req", *self.new_key(self.rsa if rsa is None else rsa), "-nodes", "-subj", subject, "-keyout", path + ".key",
             "-out", path + ".csr"])
        run(["openssl", "ca", "-batch", "-notext", "-config", self.path("ca.conf"), "-extfile", extensions,
             "-in", path + ".csr", "-out", path + ".pem", *(dates or ["-days", "10"])])

    def issue(self, name, emails=None, usage="emailProtection", **options):
        """A certificate of a person; returns the path of its .pem and .key without the ending."""
        path = self.path(name)
        with open(path + ".ext", "w") as file:
            file.write(EXTENSIONS.format(usage=usage))
            emails = [f"{name}@example.com"] if emails is None else emails
            if emails:
                file.write("subjectAltName=" + ",".join("email:" + email for email in emails) + "\n")
        self.certify(path, f"/CN={name.title()}", path + ".ext", **options)
        return path

    def revoke(self, path):
        run(["openssl", "ca", "-config", self.path("ca.conf"), "-revoke", path + ".pem"])

    def revocations(self, *options):
        """The list of revoked certificates, in PEM."""
        run(["openssl", "ca", "-config", self.path("ca.conf"), "-gencrl", "-out", self.path("crl.pem"), *options])
        return read(self.path("crl.pem"))


def signing_program(path, *paths, options=()):
    """A program for gpg.x509.program that signs with the keys at these paths."""
    words = [word for each in paths for word in ("-signer", each + ".pem", "-inkey", each + ".key")]
    program = path + ".sh"
    with open(program, "w") as file:
        file.write(SIGNER.format(options=" ".join([*words, *options]), folder=os.path.dirname(path)))
    os.chmod(program, stat.S_IRWXU)
    return program


class Gpgsm:
    """A home of gpgsm, which Git asks, that trusts one authority."""

    def __init__(self, test, authority):
        self.home = os.path.join(test.folder, "s")  # a short path: the agent's socket is in it
        os.mkdir(self.home, 0o700)
        test.addCleanup(run, ["gpgconf", "--homedir", self.home, "--kill", "all"], check=False)
        fingerprint = run(["openssl", "x509", "-in", authority.path("ca.pem"), "-noout", "-fingerprint",
                           "-sha1"]).stdout.decode().split("=")[1].strip()
        for name, text in (("trustlist.txt", fingerprint + " S relax\n"), ("gpgsm.conf", "disable-crl-checks\n"),
                           ("gpg-agent.conf", "allow-loopback-pinentry\n"), ("word", "x\n")):
            with open(os.path.join(self.home, name), "w") as file:
                file.write(text)
        self.program = os.path.join(self.home, "gpgsm.sh")
        with open(self.program, "w") as file:
            file.write(f'#!/bin/sh\nexec gpgsm --homedir {self.home} --batch --disable-dirmngr --pinentry-mode loopback'
                       f' --passphrase-fd 9 "$@" 9<{self.home}/word\n')
        os.chmod(self.program, stat.S_IRWXU)
        run([self.program, "--import", authority.path("ca.pem")])

    def take(self, path):
        """Takes a key and its certificate, in the old form that gpgsm 2.2 reads."""
        run(["openssl", "pkcs12", "-export", "-in", path + ".pem", "-inkey", path + ".key", "-out", path + ".p12",
             "-passout", "pass:x", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"])
        run([self.program, "--import", path + ".p12"])
