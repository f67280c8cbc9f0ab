"""What an encoder promises, and the small arithmetic that every encoder shares.

A vector that leaves an encoder is made of *views*, one per model. Each view is centred (the mean
of the text's language is subtracted), normalised, and divided by the square root of the number of
views, so that the dot product of two vectors is the mean of their centred cosines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from feedback.encoder.models.plain_words import in_plain_words
from feedback.kernel.folding import simplified

Vectors = NDArray[np.float32]
Language = Literal["zh", "en"]

LANGUAGES: tuple[Language, ...] = ("en", "zh")
"""The languages of the generic sentences, which any model can be centred with."""

PREPARATION = 3
"""Version of :func:`prepare` and :func:`language_of`; part of every model key."""

LONGEST_TEXT = 2_000
"""Characters that are read of one text. What a post asks for stands at its head; what follows
after two thousand characters is nearly always a log, and would cost hundreds of short posts."""


class EncoderUnavailable(RuntimeError):
    """The encoder's weights are missing or cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class View:
    """A named range of columns: one model's share of a fused vector."""

    name: str
    start: int
    stop: int

    @property
    def dims(self) -> int:
        return self.stop - self.start


@runtime_checkable
class Encoder(Protocol):
    """Text to vectors. Implementations are safe to call from several threads."""

    @property
    def model_key(self) -> str:
        """A stable name that changes whenever the vectors do. At most 100 characters, no ``#``."""
        ...

    @property
    def dims(self) -> int:
        """Columns of a whole vector."""
        ...

    @property
    def views(self) -> tuple[View, ...]:
        """The columns of each model, adjoining and in order."""
        ...

    def encode(self, texts: Sequence[str], *, views: Sequence[str] | None = None) -> Vectors:
        """Vectors of ``texts``, in their order, shape ``(n, dims)``, rows of length one.

        With ``views`` only those models run; columns are theirs alone, in the order of
        :attr:`views`, and rows again have length one.

        :raises KeyError: for a view that this encoder does not have.
        """
        ...


class Model(Protocol):
    """One model before centring: what :class:`.centred.CentredEncoder` fuses."""

    @property
    def dims(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raw vectors ``(n, dims)`` of prepared texts. Thread-safe; independent of the batch."""
        ...


Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""


def prepare(text: str) -> str:
    """The form of a text that is embedded: valid UTF-8, canonical, single spaces, bounded length, in plain words.

    Chinese is read in simplified letters, which the models learned from: the same sentence in traditional ones lay at a
    cosine of .79 from itself.
    """
    if len(text) > 4 * LONGEST_TEXT:  # before the passes below, so that a huge paste costs nothing
        text = text[: 4 * LONGEST_TEXT]
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) > LONGEST_TEXT:
        cut = text.rfind(" ", LONGEST_TEXT - 40, LONGEST_TEXT)
        text = text[: cut if cut > 0 else LONGEST_TEXT]
    return in_plain_words(simplified(text) if language_of(text) == "zh" else text)


def language_of(text: str) -> Language:
    """``"zh"`` when Chinese carries the text, else ``"en"`` (which stands for all others).

    A Han character is weighed like half a word, so that "打开 YouTube 就 crash" is Chinese and
    "the 简体 font is broken" is not. Kana or Hangul beside the Han speaks against Chinese.
    """
    han = other_cjk = words = 0
    inside_word = False
    for character in text:
        point = ord(character)
        if 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or 0x20000 <= point <= 0x3FFFF:
            han += 1
            inside_word = False
        elif 0x3040 <= point <= 0x30FF or 0xAC00 <= point <= 0xD7AF:
            other_cjk += 1
            inside_word = False
        elif character.isalpha():
            words += not inside_word
            inside_word = True
        else:
            inside_word = inside_word and character in "'’-_."
    return "zh" if han > 2 * other_cjk and han >= 2 * words - 1 and han else "en"


def is_in_latin_letters(text: str) -> bool:
    """Return whether at least half of the letters are Latin; True for a text without any."""
    letters = [character for character in text[:500] if character.isalpha()]
    latin = sum(ord(character) < 0x250 for character in letters)
    return 2 * latin >= len(letters)


def unit_rows(matrix: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length one. A row of zeros becomes the first axis: blanks are all alike."""
    rows = np.array(matrix, dtype=np.float32, copy=True)
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    blank = ~(norms > 1e-12)
    norms[blank] = 1.0
    rows /= norms[:, None].astype(np.float32)
    if blank.any():
        rows[blank] = 0.0
        rows[blank, 0] = 1.0
    return rows


def lay_out(dims: Sequence[tuple[str, int]]) -> tuple[View, ...]:
    """Adjoining views from (name, dims) pairs."""
    views: list[View] = []
    start = 0
    for name, width in dims:
        views.append(View(name, start, start + width))
        start += width
    return tuple(views)
