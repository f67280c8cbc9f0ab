"""In which encoding a file is written, judged by how plausible it reads.

UTF-8 and UTF-16 are known by their form. For the rest every candidate reads the lines that go beyond ASCII; readings with odd
characters fall away, `chardet` says how well the rest fit a language, and where two fit nearly as well the person is asked.
"""

import codecs
import random
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field

import chardet

from feedback.importing.formats.encodings.alphabets import ENCODINGS, IN_CHARDET, PRIOR
from feedback.importing.formats.encodings.plausibility import plausibility

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Shouted Russian in one encoding is spoken nonsense in another: it is judged in small letters, and is less likely.
SHOUTED = 0.6
#: Less than this fits nothing.
LEAST_FIT = 0.005
_BEYOND = re.compile(rb"[\x80-\xff]")
JAPANESE = ("cp932", "euc_jp")
#: How well kana fit Japanese at least: chardet wants kanji beside them.
KANA_FIT = 0.25
#: Lines that are read in every encoding, and the bytes of each.
MOST_LINES, MOST_BYTES, BEFORE = 300, 400, 80
#: A reading less plausible than the best by so much is none.
LESS = 0.12
#: What oddness costs: a reading of which a tenth is odd counts for a quarter.
ODD = 12
#: Nothing below this is taken for a text.
LEAST = 0.5
#: The best must do so many times better than another reading, or the person is asked; more where few characters tell.
CLEARLY, FEW, FEW_RARE = 1.4, 0.6, 4.0


@dataclass(frozen=True)
class Reading:
    """One encoding, and how it reads: ``fit`` to a language (chardet's confidence), ``telling`` characters
    beyond ASCII, ``line`` one of the file.
    """

    encoding: str
    plausible: float
    fit: float
    telling: int
    line: str

    @property
    def name(self) -> str:
        """What people call the encoding."""
        return str(ENCODINGS.get(self.encoding, self.encoding))

    @property
    def weight(self) -> float:
        """How much speaks for it."""
        return self.fit * self.plausible**ODD * PRIOR.get(self.encoding, 1.0)


@dataclass
class Sample:
    """The lines of a file beyond ASCII: how many are UTF-8 and how many are not, and some of them."""

    utf8: int = 0
    other: int = 0
    lines: list[bytes] = field(default_factory=list)
    _seen: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311

    def add(self, line: bytes) -> None:
        """Count one line that is not ASCII, and keep it or not: each has the same chance."""
        try:
            line.decode("utf-8")
            self.utf8 += 1
        except UnicodeDecodeError:
            self.other += 1
        # The pieces between quotes of a long line, each around its first character that tells something.
        for piece in line.split(b'"') if len(line) > MOST_BYTES else [line]:
            if piece.isascii():
                continue
            self._seen += 1
            begin = max(0, _BEYOND.search(piece).start() - BEFORE)  # type: ignore[union-attr]
            if len(self.lines) < MOST_LINES:
                self.lines.append(piece[begin:])
            elif (at := self._random.randrange(self._seen)) < MOST_LINES:
                self.lines[at] = piece[begin:]

    @property
    def is_utf8(self) -> bool:
        """Whether the file is UTF-8, some of its rows damaged perhaps: hardly a line of another encoding is UTF-8 by chance."""
        return self.other <= self.utf8


def readings(lines: Iterable[bytes], also: Iterable[str] = ()) -> list[Reading]:
    """Return the plausible readings of ``lines`` in different encodings, the best first."""
    lines = [line[:MOST_BYTES] for line in lines]
    found: dict[str, Reading] = {}
    for encoding in (*also, *ENCODINGS):
        text = _read(lines, encoding)
        if text is None:
            continue
        plausible = plausibility(text)
        fit = _fit(text, encoding) if plausible >= LEAST else 0.0
        beyond = sum(char > "\x7f" for char in text)
        one = Reading(encoding, plausible, fit, beyond, _telling(text))
        if text not in found or one.weight > found[text].weight:
            found[text] = one
    best = max((one.plausible for one in found.values()), default=0.0)
    kept = [one for one in found.values() if one.plausible >= max(LEAST, best - LESS)]
    return sorted(kept, key=lambda one: -one.weight)


def is_clear(found: list[Reading]) -> bool:
    """Tell whether the first of ``found`` is the encoding, beyond the doubt that a person should settle."""
    if len(found) < 2:
        return bool(found)
    first, second = found[:2]
    few = FEW if first.encoding in ("cp1252", "mac_roman") else FEW_RARE
    needed = CLEARLY * (1 + few / max(1, first.telling))
    if any(_is_shouted(one.line) for one in (first, second)):
        needed *= 2
    return first.fit >= LEAST_FIT and first.weight >= needed * second.weight


def _read(lines: list[bytes], encoding: str) -> str | None:
    """Return the lines as text, None where more than one in fifty cannot be read."""
    read, broken = [], 0
    for line in lines:
        try:
            read.append(line.decode(encoding))
        except UnicodeDecodeError as error:
            # The last character of a line that was cut is no fault of the encoding.
            if len(line) < MOST_BYTES or error.start < len(line) - 3:
                broken += 1
            else:
                read.append(line[: error.start].decode(encoding, "ignore"))
    return "\n".join(read) if broken * 50 <= len(lines) and read else None


def _fit(text: str, encoding: str) -> float:
    shouted = _is_shouted(text)
    raw = (text.lower() if shouted else text).encode(encoding, "ignore")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that nothing else may be answered is meant
        found = chardet.detect_all(
            raw,
            ignore_threshold=True,
            include_encodings=[IN_CHARDET.get(encoding, encoding)],
            max_bytes=MOST_LINES * MOST_BYTES,
        )
    least = KANA_FIT if encoding in JAPANESE and _is_kana(text) else 0.0
    return max(
        least, *(float(one["confidence"] or 0.0) for one in found if one["encoding"]), 0.0
    ) * (SHOUTED if shouted else 1.0)


def _is_shouted(text: str) -> bool:
    """Tell whether nearly all letters beyond ASCII are capitals."""
    small = sum(char > "\x7f" and char.islower() for char in text)
    return sum(char > "\x7f" and char.isupper() for char in text) > 4 * small


def _is_kana(text: str) -> bool:
    """Tell whether a fifth of the letters beyond ASCII are kana: only Japanese has them."""
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    return 5 * sum("\u3041" <= char <= "\u30fe" for char in letters) >= len(letters) > 0


def _telling(text: str) -> str:
    """Return the line with the most characters beyond ASCII: in it a person sees the difference."""
    return max(
        text.splitlines(), key=lambda line: sum(char > "\x7f" for char in line[:80]), default=""
    )
