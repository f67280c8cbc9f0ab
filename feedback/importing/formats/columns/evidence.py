"""What is in a column, told by the values of a fair sample of its rows and, for dates and numbers, by all of them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from feedback.importing.formats.columns.fields import WHEN, parts_of, plain
from feedback.importing.formats.dates.column import DateColumn
from feedback.importing.formats.rows import text_of, word_count
from feedback.importing.formats.values import nothing_or

#: Different values that are remembered of a column over the whole file: scores, flags and states have few.
MOST_DIFFERENT = 60
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_FLAGS = frozenset(
    ("0", "1", "true", "false", "yes", "no", "是", "否", "真", "假", "ja", "nein", "oui", "non", "si", "sí")
)  # fmt: skip
_LETTER_FLAGS = (frozenset("yn"), frozenset("tf"))
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
_VERSION = re.compile(r"v?\.?\s?\d+(?:\.\d+)+\S*(?:\s.{0,30})?|v?\d{1,8}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass
class Evidence:
    """One column: ``values`` of the sampled rows that have one, ``counts`` of the different values of all rows unless they are too many.

    ``filled`` of ``rows`` rows have a value, ``empty`` of those say that there is none ("None", "-"). ``dates`` is there where the values look like dates or the name does.
    """

    name: str
    position: int = 0
    rows: int = 0
    filled: int = 0
    empty: int = 0
    values: list[Any] = field(default_factory=list)
    counts: dict[str, int] | None = field(default_factory=dict)
    dates: DateColumn | None = None

    @property
    def different(self) -> Collection[str] | None:
        """The different values of all rows, None where they are too many."""
        return None if self.counts is None else self.counts.keys()

    @cached_property
    def plain(self) -> str:
        """The name in the form that its spellings share."""
        return plain(self.name)

    @cached_property
    def parts(self) -> frozenset[str]:
        """The words of the name."""
        return parts_of(self.plain)

    @cached_property
    def texts(self) -> list[str]:
        """The sampled values as text, those that say something."""
        return [text for text in map(text_of, self.values) if nothing_or(text)]

    def share(self, tested: Iterable[bool]) -> float:
        """Return the share of the texts for which a test holds."""
        return sum(tested) / len(self.texts) if self.texts else 0.0

    @cached_property
    def numbers(self) -> float:
        """The share of numbers."""
        return self.share(bool(_NUMBER.fullmatch(text)) for text in self.texts)

    @cached_property
    def urls(self) -> float:
        """The share of addresses of pages."""
        return self.share(bool(_URL.fullmatch(text)) for text in self.texts)

    @cached_property
    def emails(self) -> float:
        """The share of e-mail addresses."""
        return self.share(bool(_EMAIL.fullmatch(text)) for text in self.texts)

    @cached_property
    def versions(self) -> float:
        """The share of what looks like a version."""
        return self.share(bool(_VERSION.fullmatch(text)) for text in self.texts)

    @cached_property
    def is_flag(self) -> bool:
        """Whether it only says yes or no."""
        said = {value.lower() for value in self.different or ()}
        return bool(said) and (said <= _FLAGS or said in _LETTER_FLAGS)

    @cached_property
    def is_dated(self) -> bool:
        """Whether nearly all values are dates, and not bare numbers."""
        if self.dates is None or self.dates.share < 0.9 or self.numbers >= 0.5:
            return False
        # "4.10.22" is a version, unless the name says when.
        return self.is_named_date or self.versions < 0.9 or self.length > 8

    @cached_property
    def counts_seconds(self) -> bool:
        """Whether its name says when and its numbers are seconds, or finer, since 1970."""
        return (
            self.is_named_date
            and self.dates is not None
            and self.dates.share >= 0.9
            and self.length >= 9
        )

    @cached_property
    def is_named_date(self) -> bool:
        """Whether a part of the name says when."""
        return bool(self.parts & WHEN)

    @cached_property
    def words(self) -> float:
        """How many words a value has on average."""
        return sum(map(word_count, self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def length(self) -> float:
        """How many characters a value has on average."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def variety(self) -> float:
        """The share of the sampled values that are different."""
        return len(set(self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def is_token(self) -> bool:
        """Whether every value is one piece, as ids are."""
        return bool(self.texts) and all(
            len(text) <= 200 and not re.search(r"\s", text) for text in self.texts
        )

    @cached_property
    def is_said(self) -> bool:
        """Whether its values are words: no numbers, flags, dates, addresses, ids or versions."""
        if not self.texts or self.is_flag or self.is_dated:
            return False
        if max(self.numbers, self.urls, self.emails) >= 0.8 or self.versions >= 0.9:
            return False
        return self.share(bool(_UUID.fullmatch(text)) for text in self.texts) < 0.8

    @cached_property
    def whole_numbers(self) -> list[float] | None:
        """All different values as numbers, None where one is none or they are too many."""
        if self.different is None or not self.different:
            return None
        found = []
        for value in self.different:
            try:
                found.append(float(value.replace(",", ".")))
            except ValueError:
                return None
        return sorted(found)

    @cached_property
    def lists(self) -> float:
        """The share of lists of objects, as JSON has them."""
        held = [one for one in self.values if isinstance(one, list)]
        return len([one for one in held if one and isinstance(one[0], dict)]) / max(
            1, len(self.values)
        )

    def examples(self, count: int = 3) -> tuple[str, ...]:
        """Return some different values, cut to a line."""
        found = dict.fromkeys(" ".join(text.split())[:80] for text in self.texts)
        return tuple(found)[:count]
