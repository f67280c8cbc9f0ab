"""From a file's bytes to text: compression, what kind of file it is, encoding, and how far reading has come."""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from django.utils.translation import gettext as _

from feedback.importing.formats.encodings.alphabets import ENCODINGS
from feedback.importing.formats.encodings.judging import MARKS, Reading, Sample, is_clear, readings
from feedback.importing.formats.encodings.plausibility import plausibility
from feedback.importing.formats.refusals import (
    CannotImport,
    Choice,
    NoRows,
    Question,
    Undecided,
)

_CHUNK = 1 << 18
#: Bytes from which a file in UTF-16 is known.
_HEAD = 1 << 16
#: What is no table, however it is called.
_NO_TABLE = (b"%PDF", b"SQLite format 3", b"\x89PNG", b"\xff\xd8\xff")
_SHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}


@dataclass(frozen=True)
class Bytes:
    """What the bytes of a file are: a spreadsheet, or text in an ``encoding`` (Python's name), gzipped or not.

    ``is_judged``: nothing in the file says so, it reads most plausibly that way.
    """

    path: Path
    size: int
    is_sheet: bool = False
    is_packed: bool = False
    encoding: str = "utf-8"
    is_judged: bool = False

    @property
    def name(self) -> str:
        """The encoding as people call it."""
        return _NAMES.get(self.encoding) or str(ENCODINGS.get(self.encoding, self.encoding))


@dataclass
class Source:
    """An open file. ``size`` and ``position`` count bytes on disk, compressed or not."""

    path: Path
    text: TextIO
    encoding: str
    size: int
    raw: BinaryIO

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self.raw.tell()


def look_at(path: Path, encoding: str = "") -> Bytes:
    """Return what the bytes of ``path`` are. ``encoding`` is what a person said; otherwise it is judged.

    The whole file is looked through once, in pieces: a name in Chinese may be its last line. Raises `CannotImport`, and
    `Undecided` when it reads plausibly in two encodings.
    """
    if encoding:
        try:
            "a".encode(encoding)  # "hex" is a codec and no encoding of text
            encoding = codecs.lookup(encoding).name
        except LookupError:
            known = ", ".join(("utf-8", "utf-16", *ENCODINGS))
            raise CannotImport(
                _("There is no encoding %(name)s; there are %(known)s.")
                % {"name": encoding, "known": known},
                "encoding",
            ) from None
    with _opened(path) as raw:
        size = path.stat().st_size
        head = raw.read(16)
        if not head:
            raise NoRows(_("%(file)s is empty.") % {"file": path})
        if head.startswith(_NO_TABLE):
            raise CannotImport(
                _("%(file)s is no table; export its rows as CSV first.") % {"file": path}
            )
        if head.startswith(_SHEET_MARKS):
            _refuse_archive(path, head)
            return Bytes(path, size, is_sheet=True)
        is_packed = head.startswith(b"\x1f\x8b")
        raw.seek(0)
        stream = _unpacked(raw, is_packed)
        if encoding:
            return Bytes(path, size, is_packed=is_packed, encoding=encoding)
        found, is_judged = _encoding_of(stream, path)
        return Bytes(path, size, is_packed=is_packed, encoding=found, is_judged=is_judged)


def _refuse_archive(path: Path, head: bytes) -> None:
    if not head.startswith(b"PK"):
        return
    try:
        names = zipfile.ZipFile(path).namelist()
    except (zipfile.BadZipFile, OSError):
        raise CannotImport(
            _("%(file)s is damaged: it begins like a spreadsheet and is none.") % {"file": path}
        ) from None
    if not {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & set(names):
        raise CannotImport(
            _("%(file)s is a zip archive; unpack it and import the files in it.") % {"file": path}
        )


@contextmanager
def open_source(looked: Bytes) -> Iterator[Source]:
    """Open a text file. Bytes that do not fit its encoding arrive as lone surrogates, so that their row can be refused.

    Raises `CannotImport`.
    """
    with _opened(looked.path) as raw:
        text = io.TextIOWrapper(
            _unpacked(raw, looked.is_packed),
            encoding=looked.encoding,
            errors="surrogateescape",
            newline="",
        )
        yield Source(looked.path, text, looked.encoding, looked.size, raw)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as raw:
            yield raw
    except FileNotFoundError:
        raise CannotImport(_("There is no file %(file)s.") % {"file": path}) from None
    except IsADirectoryError:
        raise CannotImport(_("%(file)s is a folder, not a file.") % {"file": path}) from None
    except PermissionError:
        raise CannotImport(_("%(file)s may not be read by this user.") % {"file": path}) from None
    except UnicodeDecodeError as error:
        raise CannotImport(
            _("%(file)s is not written in %(encoding)s: some bytes are no characters in it.")
            % {"file": path, "encoding": error.encoding},
            "encoding",
        ) from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise CannotImport(
            _("%(file)s is damaged: its compression ends too early.") % {"file": path}
        ) from None


def _unpacked(raw: BinaryIO, is_packed: bool) -> io.BufferedReader:
    if is_packed:
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), _CHUNK)  # type: ignore[arg-type]
    return io.BufferedReader(_Plain(raw), _CHUNK)


class _Plain(io.RawIOBase):
    """A raw file that a reader above it may close without closing the file."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        return self._raw.readinto(buffer)  # type: ignore[attr-defined, no-any-return]


def _encoding_of(stream: io.BufferedReader, path: Path) -> tuple[str, bool]:
    """Return the encoding, and whether it is judged only."""
    head = stream.read(_HEAD)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, False
    if (unmarked := _unmarked_utf16(head)) is not None:
        return unmarked, True
    sample = _sample(head, stream)
    if sample.is_utf8:
        return "utf-8", False
    found = readings(sample.lines)
    if not found:
        raise CannotImport(
            _("%(file)s reads as text in no encoding that is known; save it as UTF-8.")
            % {"file": path},
            "encoding",
        )
    if not is_clear(found):
        raise Undecided(_which(found[:2], path))
    return found[0].encoding, True


def _which(found: list[Reading], path: Path) -> Question:
    return Question(
        "encoding",
        _("%(file)s reads plausibly in more than one encoding.") % {"file": path},
        tuple(Choice(one.encoding, f"{one.name}: {one.line.strip()[:80]}") for one in found),
    )


def _unmarked_utf16(head: bytes) -> str | None:
    """Return the encoding of UTF-16 without its mark: every other byte of its ASCII characters is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if not even + odd:
        return None
    encoding = "utf-16-le" if odd >= even else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    has_lines = "\n" in text or "\r" in text or 3 * max(even, odd) > len(head)
    if "\x00" in text or not has_lines or plausibility(text[:4000]) < 0.8:
        return None
    return encoding


def _sample(head: bytes, stream: io.BufferedReader) -> Sample:
    """Return the lines beyond ASCII of the whole stream; what is UTF-8 throughout is only counted."""
    sample = Sample()
    left = b""
    chunk = head
    while chunk:
        lines, end, left = (left + chunk).rpartition(b"\n")
        if len(left) > 4 * _CHUNK:  # a document on one line: its pieces end where a character does
            cut = max(left.rfind(b" "), left.rfind(b","), 1)
            lines, end, left = left[:cut], b"", left[cut:]
        _count(lines + end, sample)
        chunk = stream.read(_CHUNK)
    _count(left, sample)
    return sample


def _count(lines: bytes, sample: Sample) -> None:
    if lines.isascii():
        return
    try:
        lines.decode("utf-8")
        sample.utf8 += 1 + lines.count(b"\n")
    except UnicodeDecodeError:
        for line in lines.replace(b"\r", b"\n").split(b"\n"):
            if not line.isascii():
                sample.add(line)
