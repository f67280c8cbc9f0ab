"""Reading a mail that anybody may have sent: nothing in it is believed to be well-formed.

Headers and words are decoded here and not by the parser's modern policy, which raises on some of what arrives.
"""

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from feedback.notify.mailbox import automatic, plain

#: Parts that are looked at, and characters of a part and of a header: the rest is for nobody.
_PARTS, _CHARACTERS, _HEADER = 200, 200_000, 2_000
#: Where the address stands that a mail arrived at.
_ARRIVED_AT = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
#: Names under which more is sent than what they name.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-2022-jp": "iso-2022-jp-ext",
    "us-ascii": "utf-8",
}
#: What makes parts of parts; the parser looks at all around a line for each line of what is within.
_BOUNDARY, _BOUNDARIES = re.compile(rb"boundary[\s*\d]*=", re.IGNORECASE), 30


class Unreadable(Exception):
    """A mail that cannot be read."""


@dataclass(frozen=True)
class Arrived:
    """A mail as far as anything is made of it.

    ``key`` tells it from all others; ``sender`` is one address, "" where there is none or are several, in small letters;
    ``text`` its words as they came, with what they quote; ``attachments`` their names.
    """

    key: str
    sender: str
    addresses: tuple[str, ...]
    is_automatic: bool
    is_proven_false: bool
    text: str
    attachments: tuple[str, ...]
    message: Message


def key_of(raw: bytes) -> str:
    """Return what tells a mail from all others: a digest of its Message-ID and sender, or of all of it."""
    try:
        headers = BytesHeaderParser().parsebytes(raw)
        name = str(headers.get("Message-ID", "")).strip()
        told = f"{name}\0{headers.get('From', '')}".encode(errors="replace") if name else raw
    except Exception:  # whatever the parser stumbles over, the bytes are there
        told = raw
    return hashlib.sha256(told).hexdigest()


def read(raw: bytes) -> Arrived:
    """Read a mail. Raises `Unreadable`."""
    if len(_BOUNDARY.findall(raw)) > _BOUNDARIES:
        raise Unreadable("It has parts within parts within parts.")
    try:
        return _read(raw)
    except Exception as error:  # the parser raises what it happens to stumble over
        raise Unreadable(f"{type(error).__name__}: {error}"[:300]) from error


def _read(raw: bytes) -> Arrived:
    message = email.message_from_bytes(raw)
    senders = _addresses(message, "From")
    text, attachments = _words(message)
    return Arrived(
        key=key_of(raw),
        sender=senders[0].lower() if len(senders) == 1 else "",
        addresses=_addresses(message, *_ARRIVED_AT),
        is_automatic=automatic.is_automatic(message, _in_words(str(message.get("Subject", "")))),
        is_proven_false=automatic.is_proven_false(message),
        text=text,
        attachments=attachments,
        message=message,
    )


def _in_words(value: str) -> str:
    """Return what a header says, on one line."""
    value = value[:_HEADER]
    try:
        found = decode_header(value)
    except (ValueError, MessageError):
        return " ".join(value.split())
    pieces = []
    for piece, charset in found:
        pieces.append(_decoded(piece, charset or "ascii") if isinstance(piece, bytes) else piece)
    return " ".join("".join(pieces).split())


def _addresses(message: Message, *names: str) -> tuple[str, ...]:
    values = [str(value)[: 10 * _HEADER] for name in names for value in message.get_all(name, [])]
    return tuple(address for _name, address in getaddresses(values) if "@" in address)[:100]


def _words(message: Message) -> tuple[str, tuple[str, ...]]:
    """Return the words of a mail and the names of what is attached. HTML is read where there is no plain text."""
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attachments = []
    for part in _parts(message):
        kind = part.get_content_type()
        name = str(part.get_filename() or "")
        if kind in texts and not name and part.get_content_disposition() != "attachment":
            texts[kind].append(_text_of(part))
        elif name or part.get_content_disposition() == "attachment":
            attachments.append(_in_words(name).replace("`", "")[:80] or kind)
    text = "\n".join(texts["text/plain"])
    if not text.strip():
        text = "\n".join(plain.from_html(html) for html in texts["text/html"])
    return text[:_CHARACTERS], tuple(attachments[:20])


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something, not going into mails that are attached."""
    waiting, seen = [message], 0
    while waiting and seen < _PARTS:
        part = waiting.pop()
        seen += 1
        within = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(within, list):
            waiting += [one for one in reversed(within[:_PARTS]) if isinstance(one, Message)]
        else:
            yield part


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = _decoded(payload[: 4 * _CHARACTERS], str(part.get_content_charset() or "utf-8"))
    text = text[:_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    if part.get_content_type() == "text/plain" and part.get_param("format") == "flowed":
        text = plain.unflowed(text)
    return text


def _decoded(said: bytes, charset: str) -> str:
    """Return ``said`` in letters: as it says it is written, else as UTF-8, else as most of Chinese is."""
    charset = charset.strip().lower()
    for encoding in (_WIDER.get(charset, charset), "utf-8", "gb18030"):
        try:
            return said.decode(encoding)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return said.decode("utf-8", "replace")
