"""A mail server on loopback (aiosmtpd) for smtp_sink_test.cc. It prints its port, keeps each mail in
FOLDER/N.eml and what it saw of the connection in FOLDER/N.txt, and ends with its standard input.

What it answers depends on what it is told: receivers busy@ (450) and nobody@ (550); mails whose
subject has one of the words in SUBJECTS.
"""
import argparse
import asyncio
import base64
import email
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

RECEIVERS = {"busy": "450 4.2.1 mailbox is busy", "nobody": "550 5.1.1 no such user",
             "hostile": "550 \x1b[31mred\x1b[0m"}
SUBJECTS = {"poison": "550 5.7.1 looks like spam", "later": "451 4.3.0 try again later",
            "closing": "421 4.3.2 closing down"}

PARROT = []  # what the last login has told


class Mailbox:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = RECEIVERS.get(address.split("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        subject = str(email.message_from_bytes(envelope.content)["Subject"])
        if "vanishing" in subject:
            server.transport.abort()
            return "250 OK"
        if "silent" in subject:
            await asyncio.sleep(60)
        if "parrot" in subject:
            return "550 5.7.1 " + " or ".join(PARROT)
        for word, answer in SUBJECTS.items():
            if word in subject:
                if answer.startswith("421"):
                    server.loop.call_soon(server.transport.close)
                return answer
        self.count += 1
        with open(os.path.join(self.folder, f"{self.count}.txt"), "w") as out:
            out.write(f"{session.peer[1]} helo {session.host_name} from {envelope.mail_from} "
                      f"to {' '.join(envelope.rcpt_tos)} tls {'yes' if session.ssl else 'no'} "
                      f"user {session.auth_data or '-'}\n")
        with open(os.path.join(self.folder, f"{self.count}.eml"), "wb") as out:
            out.write(envelope.original_content)
        return "250 OK"


class Server(SMTP):
    """Says back what it was told, as a hostile server could."""

    async def auth_PLAIN(self, server, args):
        blob = base64.b64decode(args[1]) if len(args) > 1 else await self.challenge_auth("")
        _, user, password = blob.decode().split("\0")
        PARROT[:] = [password, base64.b64encode(blob).decode(), base64.b64encode(password.encode()).decode()]
        if password == ARGS.password:
            return AuthResult(success=True, auth_data=user)
        await self.push(f"535 5.7.8 not with {password} or {base64.b64encode(blob).decode()}")
        return AuthResult(success=False, handled=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--certificate", help="offers STARTTLS; file with key and certificate")
    parser.add_argument("--tls", action="store_true", help="TLS from the start")
    parser.add_argument("--password", help="asks for a login")
    return parser.parse_args()


async def serve():
    context = None
    if ARGS.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(ARGS.certificate)
    mailbox = Mailbox(ARGS.folder)
    loop = asyncio.get_running_loop()

    def protocol():
        return Server(mailbox, hostname="mail.example.com", loop=loop, timeout=30,
                      tls_context=None if ARGS.tls else context, auth_require_tls=False,
                      auth_required=ARGS.password is not None, auth_exclude_mechanism=["LOGIN"])
    server = await loop.create_server(protocol, ARGS.address, 0, ssl=context if ARGS.tls else None)
    # In one write: the reader goes away after it.
    os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
    ended = asyncio.Event()
    # The test has ended when nobody holds the other end.
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    try:
        await asyncio.wait_for(ended.wait(), 120)
    finally:
        server.close()


ARGS = parse()
asyncio.run(serve())
os._exit(0)
