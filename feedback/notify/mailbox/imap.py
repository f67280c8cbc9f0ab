"""Reading a mailbox over IMAP, with time limits: only what it takes to go through what is new."""

import contextlib
import datetime as dt
import imaplib
import ssl
from collections.abc import Iterator

from django.conf import settings

#: Seconds that one answer may take.
PATIENCE = 20.0
#: Bytes of a mail that are read. Words come first in a mail, what is attached after them.
MOST_BYTES = 1_000_000


class MailboxAway(Exception):
    """The mailbox cannot be reached, does not let us in, or says something that is no IMAP."""


class Opened:
    """A mailbox that is open. Every method raises `MailboxAway`."""

    def __init__(self, client: imaplib.IMAP4, uid_validity: int) -> None:
        self._client = client
        self.uid_validity = uid_validity

    def uids_after(self, uid: int, *, since: dt.date) -> list[int]:
        """Return the UIDs beyond ``uid`` of mails that arrived on ``since`` or later, the first first."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        with _or_away():
            answer = self._ask("SEARCH", "UID", f"{uid + 1}:*", "SINCE", day)
            found = {int(one) for line in answer if isinstance(line, bytes) for one in line.split()}
        return sorted(one for one in found if one > uid)  # "n:*" has the last one always

    def fetch(self, uid: int) -> bytes | None:
        """Return the first `MOST_BYTES` of a mail, None where it is gone by now. It stays unread."""
        with _or_away():
            for part in self._ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{MOST_BYTES}>)"):
                if isinstance(part, tuple):
                    return bytes(part[1])
        return None

    def mark_read(self, uid: int) -> None:
        """Have mail programs show this mail as read."""
        with _or_away():
            self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _ask(self, command: str, *arguments: str) -> list[object]:
        status, answer = self._client.uid(command, *arguments)
        if status != "OK":
            raise MailboxAway(f"{command}: {_line(answer)}")
        return list(answer)


@contextlib.contextmanager
def opened(*, patience: float = PATIENCE) -> Iterator[Opened]:
    """Sign in to the mailbox of the settings and open its folder, until the block ends. Raises `MailboxAway`."""
    client = _connected(patience)
    try:
        with _or_away():
            uid_validity = _signed_in(client)
        yield Opened(client, uid_validity)
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _connected(patience: float) -> imaplib.IMAP4:
    where = settings.MAIL_IN
    with _or_away():
        context = ssl.create_default_context()
        if where["is_tls"]:
            return imaplib.IMAP4_SSL(
                where["host"], where["port"], ssl_context=context, timeout=patience
            )
        client = imaplib.IMAP4(where["host"], where["port"], timeout=patience)
        if where["starts_tls"]:
            try:
                client.starttls(context)
            except (OSError, imaplib.IMAP4.error):
                client.shutdown()
                raise
        return client


def _signed_in(client: imaplib.IMAP4) -> int:
    """Sign in and open the folder; return its UIDVALIDITY."""
    where = settings.MAIL_IN
    if where["user"].isascii() and where["password"].isascii():
        client.login(where["user"], where["password"])
    else:
        said = f"\0{where['user']}\0{where['password']}".encode()
        client.authenticate("PLAIN", lambda _challenge: said)
    if "ID" in client.capabilities:
        # 163.com, 126.com and their kind open no folder for who has not said what program it is.
        client.xatom("ID", '("name" "heed")')
    folder = where["folder"].replace("\\", "\\\\").replace('"', '\\"')
    status, answer = client.select(f'"{folder}"')
    if status != "OK":
        raise MailboxAway(f"SELECT: {_line(answer)}")
    _name, validity = client.response("UIDVALIDITY")
    return int(validity[0]) if validity and validity[0] else 0


@contextlib.contextmanager
def _or_away() -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ValueError, UnicodeError) as error:
        raise MailboxAway(f"{type(error).__name__}: {_line(error)}") from error


def _line(said: object) -> str:
    """Return what a server said as one line."""
    if isinstance(said, imaplib.IMAP4.error) and said.args:
        said = said.args[0]
    if isinstance(said, list) and said:
        said = said[0]
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return " ".join(words.split())[:300]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
