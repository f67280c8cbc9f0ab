"""From a file's bytes to text: compression, encoding, and how far reading has come."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from feedback.importing.formats.refusals import CannotImport

_CHUNK = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What a spreadsheet or an archive begins with: not text, however it is called.
_NOT_TEXT = (
    (b"PK\x03\x04", "a spreadsheet or a zip archive; save it as CSV first"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet; save it as CSV first"),
    (b"%PDF", "a PDF; export the rows as CSV first"),
    (b"SQLite format 3", "a database; export the table as CSV first"),
)


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


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a text file, gzipped or not, in UTF-8, GB18030 or marked UTF-16.

    The whole file is looked through once for its encoding, in pieces: a review in Chinese may be its last line.
    Bytes that fit no encoding arrive as lone surrogates, so that the row they stand in can be rejected.
    Raises `CannotImport`.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            is_packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            encoding = _encoding_of(_unpacked(raw, is_packed), path)
            raw.seek(0)
            text = io.TextIOWrapper(
                _unpacked(raw, is_packed), encoding=encoding, errors="surrogateescape", newline=""
            )
            yield Source(path, text, encoding, size, raw)
    except FileNotFoundError:
        raise CannotImport(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise CannotImport(f"{path} is a folder, not a file.") from None
    except PermissionError:
        raise CannotImport(f"{path} may not be read by this user.") from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise CannotImport(f"{path} is damaged: its compression ends too early.") from None


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


def _encoding_of(stream: io.BufferedReader, path: Path) -> str:
    head = stream.peek(16)[:16]
    if not head:
        raise CannotImport(f"{path} is empty.")
    for mark, what in _NOT_TEXT:
        if head.startswith(mark):
            raise CannotImport(f"{path} is {what}.")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    readers = {name: codecs.getincrementaldecoder(name)("strict") for name in ("utf-8", "gb18030")}
    while chunk := stream.read(_CHUNK):
        _feed(readers, chunk, final=False)
    _feed(readers, b"", final=True)
    return next(iter(readers), "utf-8")


def _feed(readers: dict[str, codecs.IncrementalDecoder], chunk: bytes, *, final: bool) -> None:
    """Drop the readers that cannot read ``chunk``. All of them read ASCII."""
    if (
        chunk.isascii()
        and not final
        and not any(reader.getstate()[0] for reader in readers.values())
    ):
        return
    for name, reader in list(readers.items()):
        try:
            reader.decode(chunk, final)
        except UnicodeDecodeError:
            del readers[name]
