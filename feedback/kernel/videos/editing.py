"""Looking at a file here and there, and writing over parts of it once all of it has been understood."""

from typing import IO

#: Half an hour of screen has some 200,000 blocks; what has more pieces than this was made to be read for ever.
MOST_READS = 300_000
_AT_ONCE = 1_000_000


class DamagedVideoError(Exception):
    """The file ends in the middle of something, or says what cannot be."""


class MoreThanPlayedError(Exception):
    """It carries tracks beside picture and sound that cannot be taken out of it."""


class Editing:
    """A file of ``size`` bytes: what is to be written over is collected, and written by `write`."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.size = size
        self._file, self._reads, self._blanked = file, 0, 0
        self._spans: list[tuple[int, bytes, int]] = []

    def read(self, at: int, number: int) -> bytes:
        """Return up to ``number`` bytes from ``at``. Raises `DamagedVideoError` once too much was read."""
        self._reads += 1
        if self._reads > MOST_READS:
            raise DamagedVideoError
        self._file.seek(at)
        return self._file.read(number)

    def whole(self, at: int, end: int) -> bytes:
        """Return the bytes from ``at`` to ``end``. Raises `DamagedVideoError` where they are not there."""
        found = self.read(at, end - at) if at <= end <= self.size else b""
        if len(found) != end - at:
            raise DamagedVideoError
        return found

    def blank(self, start: int, end: int, head: bytes = b"") -> None:
        """Have ``head`` stand at ``start``, and zeros from there to ``end``. Raises `DamagedVideoError` for more than there is."""
        self._blanked += end - start
        if not 0 <= start <= end <= self.size or self._blanked > self.size:
            raise DamagedVideoError
        self._spans.append((start, head, end))

    def write(self) -> None:
        """Write over what was collected."""
        for start, head, end in self._spans:
            self._file.seek(start)
            self._file.write(head)
            left = end - start - len(head)
            while left > 0:
                self._file.write(bytes(min(left, _AT_ONCE)))
                left -= _AT_ONCE
        self._file.flush()
        self._file.seek(0)
