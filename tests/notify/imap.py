"""A mailbox on this machine: it hands mails over, refuses a password, is slow, or hangs up in the middle, as it is told."""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Mailbox:
    """What lies in it, and how it behaves.

    ``mails``: bytes by UID. ``seen``: UIDs marked as read. ``password``: the one it takes. ``silent_for``: seconds before each answer.
    ``hangs_up_on``: a command at which it closes the connection. ``commands``: all that were asked of it.
    """

    def __init__(self) -> None:
        self.mails = {}
        self.seen = set()
        self.password = "p@ss"
        self.uid_validity = 7
        self.silent_for = 0.0
        self.hangs_up_on = ""
        self.wants_id = False
        self.commands = []
        self.port = 0

    def put(self, mail):
        """Put a mail in, given as text or bytes; return its UID."""
        uid = max(self.mails, default=0) + 1
        if isinstance(mail, str):
            mail = mail.replace("\n", "\r\n").encode()
        self.mails[uid] = bytes(mail)
        return uid


class _Handler(socketserver.StreamRequestHandler):
    timeout = 30

    def say(self, line):
        self.wfile.write(line if isinstance(line, bytes) else f"{line}\r\n".encode())

    def handle(self):
        box = self.server.told
        known = not box.wants_id
        time.sleep(box.silent_for)
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _blank, asked = line.decode().strip().partition(" ")
            command = " ".join(asked.upper().split()[: 2 if asked.upper().startswith("UID") else 1])
            box.commands.append(command)
            time.sleep(box.silent_for)
            if command == box.hangs_up_on:
                return
            known = known or command == "ID"
            if command == "SELECT" and not known:
                self.say(f"{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help")
                continue
            if command == "LOGIN" and f'"{box.password}"' not in asked:
                self.say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
                continue
            self.answer(box, command, asked)
            self.say(f"{tag} OK done")
            if command == "LOGOUT":
                return

    def answer(self, box, command, asked):
        if command == "CAPABILITY":
            self.say(f"* CAPABILITY IMAP4rev1{' ID' if box.wants_id else ''}")
        elif command == "SELECT":
            self.say(f"* {len(box.mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {box.uid_validity}] valid")
        elif command == "UID SEARCH":
            first = int(re.search(r"UID (\d+):\*", asked)[1])
            found = {uid for uid in box.mails if uid >= first} | {*sorted(box.mails)[-1:]}
            self.say(f"* SEARCH {' '.join(map(str, sorted(found)))}")
        elif command == "UID FETCH":
            uid, most = map(int, re.search(r"FETCH (\d+) .*<0\.(\d+)>", asked).groups())
            if uid in box.mails:
                mail = box.mails[uid][:most]
                self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(mail)}}}")
                self.say(mail)
                self.say(")")
        elif command == "UID STORE":
            box.seen.add(int(asked.split()[2]))


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Whoever asked has gone."""


@contextmanager
def running() -> Iterator[Mailbox]:
    """Run a mailbox on a port of 127.0.0.1 until the block ends."""
    told = Mailbox()
    with _Listener(("127.0.0.1", 0), _Handler) as listener:
        listener.told = told
        told.port = listener.server_address[1]
        thread = threading.Thread(
            target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        try:
            yield told
        finally:
            listener.shutdown()
            thread.join(5)
