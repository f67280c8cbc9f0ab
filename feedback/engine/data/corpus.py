"""What is grouped: posts as ids, vectors and words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, overload

import numpy as np
import numpy.typing as npt

from feedback.engine.data.rows import BLOCK, Rows
from feedback.engine.data.word_counts import WordCounts
from feedback.kernel import text as words
from feedback.kernel.languages import spoken_in

Id = str | int
#: Names a group, from run to run.
Key = str
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
View = tuple[str, int, int]


class NamedColumns(Protocol):
    """A view as the encoders name it."""

    @property
    def name(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def stop(self) -> int: ...


#: What exports write where a post has no title.
NO_TITLE = frozenset({"", "none", "null", "nan", "n/a", "na", "-", "无", "无标题", "untitled"})


class BadCorpus(ValueError):
    """The posts cannot be grouped as given; the message says what to change."""


def id_order(ids: Sequence[Id]) -> list[int]:
    """Return the positions that sort ``ids``; numbers before words, so that mixed ids sort too."""
    return sorted(range(len(ids)), key=lambda i: (isinstance(ids[i], str), ids[i]))


@dataclass(frozen=True, eq=False)
class Corpus:
    """Posts to group, one row each.

    ``vectors`` is float32 or float16 (n, d), and may be memory-mapped: per view a unit vector already centred by the
    encoder's generic mean, divided by the root of the number of views, so that a dot product is the mean cosine over
    the views.
    ``views`` names the column ranges as (name, start, stop); empty means one view over all columns. A post
    without a view (a Chinese post for an English model) has zeros there.
    ``titles`` and ``languages`` (en, zh, fr …) may be left empty: they are then read from the texts. ``leads`` are the
    sentences that lead in the posts, "" where that is not known or a post leads as a whole.
    """

    ids: Sequence[Id]
    vectors: Rows
    texts: Sequence[str]
    titles: Sequence[str] = ()
    languages: Sequence[str] = ()
    views: Sequence[View | NamedColumns] = ()
    leads: Sequence[str] = ()
    _checked: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        if self._checked:
            return
        n = len(self.ids)
        vectors: Rows = np.asarray(self.vectors)
        if vectors.dtype not in (np.float32, np.float16):
            vectors = vectors.astype(np.float32)
        if vectors.ndim != 2 or len(vectors) != n:
            raise BadCorpus(
                f"Give one vector per post: {n} posts, vectors of shape {vectors.shape}."
            )
        if not all(np.isfinite(vectors[at : at + BLOCK]).all() for at in range(0, n, BLOCK)):
            raise BadCorpus("Some vectors hold NaN or infinity; encode these posts again.")
        if len(self.texts) != n:
            raise BadCorpus(f"Give one text per post: {n} posts, {len(self.texts)} texts.")
        if len(set(self.ids)) != n:
            twice = next(i for i, times in Counter(self.ids).items() if times > 1)
            raise BadCorpus(f"The id {twice!r} occurs twice; every post needs an id of its own.")
        titles = ["" if t.strip().casefold() in NO_TITLE else t for t in self.titles] or [""] * n
        languages = self.languages or [
            spoken_in(f"{title} {text}") for title, text in zip(titles, self.texts, strict=True)
        ]
        leads = self.leads or [""] * n
        if not len(titles) == len(languages) == len(leads) == n:
            raise BadCorpus("Titles, languages and leads need one entry per post, or none at all.")
        views = tuple(as_view(view) for view in self.views) or (("all", 0, vectors.shape[1]),)
        for name, start, stop in views:
            if not 0 <= start < stop <= vectors.shape[1]:
                raise BadCorpus(
                    f"View {name!r} ({start} to {stop}) is outside {vectors.shape[1]} columns."
                )
        for name, value in {
            "vectors": vectors,
            "titles": titles,
            "languages": languages,
            "views": views,
            "leads": leads,
            "_checked": True,
        }.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def full_texts(self) -> list[str]:
        """Title and text as one, the way the encoder reads them."""
        return [
            words.text_of(title, text) for title, text in zip(self.titles, self.texts, strict=True)
        ]

    @property
    def tokens(self) -> "TokenLists":
        """The words of a post in reading order, cut when they are asked for; of its first 2,000 characters."""
        return TokenLists(self.full_texts)

    @cached_property
    def word_counts(self) -> WordCounts:
        """The words of every post, cut once; only the first 2,000 characters of a post count."""
        return WordCounts.of(iter(self.tokens))

    def take(self, rows: Sequence[int] | Ints) -> "Corpus":
        """Return the posts of ``rows``, in that order."""
        return self._taken([int(r) for r in rows], with_vectors=True)

    def words_of(self, rows: Sequence[int]) -> "Corpus":
        """Return the posts of ``rows``, in that order, without their vectors, which may be large."""
        return self._taken(list(rows), with_vectors=False)

    def _taken(self, rows: list[int], *, with_vectors: bool) -> "Corpus":
        if rows == list(range(len(self))):
            return self
        return Corpus(
            [self.ids[r] for r in rows],
            self.vectors[rows] if with_vectors else self.vectors[:0],
            [self.texts[r] for r in rows],
            [self.titles[r] for r in rows],
            [self.languages[r] for r in rows],
            self.views,
            [self.leads[r] for r in rows],
            _checked=True,
        )


class TokenLists(Sequence[list[str]]):
    """The words of texts, cut each time they are asked for: those of a large board would take more room than its texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, row: int) -> list[str]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[str]]: ...

    def __getitem__(self, row: int | slice) -> list[str] | list[list[str]]:
        if isinstance(row, slice):
            return [words.tokens(text[:2000]) for text in self._texts[row]]
        return words.tokens(self._texts[row][:2000])


def as_view(view: View | NamedColumns) -> View:
    """Return a view as (name, start, stop)."""
    return view if isinstance(view, tuple) else (view.name, view.start, view.stop)
