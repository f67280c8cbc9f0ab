"""A mail server on this machine: it takes mails, refuses them, goes away in the middle, or says nothing, as it is told."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Server:
    """What arrived, where it goes back to, and how the next mails are answered.

    ``refuses``: (code, sentence) by address, said of a recipient. ``on_data``: (code, sentence) said of every mail.
    ``hangs_up``: how many of the next mails are taken and kept, and the connection closed before the yes: "lying".
    ``hangs_up_on``: an address whose mails are not taken, and the connection closed.
    ``greeting``: what is said first; 421 sends people away.
    """

    def __init__(self) -> None:
        self.mails = []
        self.returns_to = []
        self.refuses = {}
        self.on_data = None
        self.hangs_up = 0
        self.hangs_up_on = ""
        self.greeting = "220 ready"
        self.connections = 0
        self.port = 0

    def to(self, address):
        """Return the mails that arrived for ``address``."""
        return [mail for whom, mail in self.mails if whom == address]


class _Handler(socketserver.StreamRequestHandler):
    timeout = 30

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        server = self.server.told
        server.connections += 1
        self.say(server.greeting)
        if not server.greeting.startswith("220"):
            return
        whom = ""
        while line := self.rfile.readline():
            verb = line.decode().strip()
            if verb.upper().startswith(("EHLO", "HELO")):
                self.say("250 here")
            elif verb.upper().startswith("RCPT TO:"):
                whom = verb[8:].strip().strip("<>").partition(">")[0]
                code, said = server.refuses.get(whom, (250, "fine"))
                self.say(f"{code} {said}")
            elif verb.upper().startswith("MAIL FROM:"):
                server.returns_to.append(verb[10:].partition(">")[0].strip(" <"))
                self.say("250 fine")
            elif verb.upper() == "DATA":
                self.say("354 go on")
                if not self.take(server, whom):
                    return
            elif verb.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self, server, whom):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if server.on_data is not None:
            code, said = server.on_data
            self.say(f"{code} {said}")
            return True
        if whom == server.hangs_up_on:
            return False
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        server.mails.append((whom, mail))
        if server.hangs_up:
            server.hangs_up -= 1
            return False
        self.say("250 taken")
        return True


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def running(port: int = 0) -> Iterator[Server]:
    """Run a mail server on a port of 127.0.0.1 until the block ends."""
    told = Server()
    with _Listener(("127.0.0.1", port), _Handler) as listener:
        listener.told = told
        told.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            listener.shutdown()
            thread.join(5)


def parts(mail):
    """Return the plain text and the HTML of a mail."""
    return (
        mail.get_body(("plain",)).get_content(),
        mail.get_body(("html",)).get_content(),
    )
