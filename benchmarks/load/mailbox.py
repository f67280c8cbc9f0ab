"""A mail server that takes everything and remembers who was told what."""

import re
import socketserver
import threading
from email import message_from_bytes, policy

_SAID = {"EHLO": "250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8", "QUIT": "221 Bye"}


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 localhost")
        recipients: list[str] = []
        while line := self.rfile.readline():
            word = line.decode("utf-8", "replace").strip()
            verb = word[:4].upper()
            if verb == "RCPT":
                recipients.append(word.partition("<")[2].partition(">")[0].lower())
            if verb == "DATA":
                self._say("354 Go on")
                self.server.mailbox.take(recipients, self._read())  # type: ignore[attr-defined]
                recipients = []
            self._say(_SAID.get(verb, "250 OK"))
            if verb == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _read(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Mailbox:
    """``ids`` are the Message-IDs by recipient and words, ``arrived`` how many mails were taken."""

    def __init__(self) -> None:
        self.ids: dict[tuple[str, str], set[str]] = {}
        self.arrived = 0
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.mailbox = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def take(self, recipients: list[str], raw: bytes) -> None:
        """Remember a mail."""
        message = message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain",))
        # Addresses carry keys that differ from mail to mail.
        words = re.sub(r"https?://\S+", "", str(body.get_content()) if body else "")
        name = str(message["Message-ID"])
        with self._lock:
            self.arrived += 1
            self._seen[name] = self._seen.get(name, 0) + 1
            for one in recipients:
                self.ids.setdefault((one, f"{message['Subject']}\n{words}"), set()).add(name)

    def told_twice(self) -> int:
        """Return how often somebody was mailed the same under two Message-IDs: no mail program folds those into one."""
        with self._lock:
            return sum(len(names) - 1 for names in self.ids.values())

    def repeated(self) -> int:
        """Return how often a mail came again under its Message-ID, as one does whose sender died before it could note the yes."""
        with self._lock:
            return sum(count - 1 for count in self._seen.values())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
