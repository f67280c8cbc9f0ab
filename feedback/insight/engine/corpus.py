"""What is grouped: posts as ids, vectors and words, and the space their vectors are compared in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from feedback.kernel import text as words

Id = str | int
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

#: A language with fewer posts than this keeps the encoder's generic mean: its own would be noise.
OWN_MEAN_FROM = 200


class BadCorpus(ValueError):
    """The posts cannot be grouped as given; the message says what to change."""


def id_order(ids: Sequence[Id]) -> list[int]:
    """Return the positions that sort ``ids``; numbers before words, so that mixed ids sort too."""
    return sorted(range(len(ids)), key=lambda i: (isinstance(ids[i], str), ids[i]))


@dataclass(frozen=True, eq=False)
class Corpus:
    """Posts to group, one row each.

    ``vectors`` is float32 (n, d): per view a unit vector already centred by the encoder's generic mean,
    divided by the root of the number of views, so that a dot product is the mean cosine over the views.
    ``views`` names the column ranges as (name, start, stop); empty means one view over all columns. A post
    without a view (a Chinese post for an English model) has zeros there.
    ``titles`` and ``languages`` ("zh" or "en") may be left empty: they are then read from the texts.
    """

    ids: Sequence[Id]
    vectors: Floats
    texts: Sequence[str]
    titles: Sequence[str] = ()
    languages: Sequence[str] = ()
    views: Sequence[View | NamedColumns] = ()
    _checked: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        if self._checked:
            return
        n = len(self.ids)
        vectors = np.ascontiguousarray(self.vectors, dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != n:
            raise BadCorpus(
                f"Give one vector per post: {n} posts, vectors of shape {vectors.shape}."
            )
        if not np.isfinite(vectors).all():
            raise BadCorpus("Some vectors hold NaN or infinity; encode these posts again.")
        if len(self.texts) != n:
            raise BadCorpus(f"Give one text per post: {n} posts, {len(self.texts)} texts.")
        if len(set(self.ids)) != n:
            seen: set[Id] = set()
            twice = next(i for i in self.ids if i in seen or seen.add(i))  # type: ignore[func-returns-value]
            raise BadCorpus(f"The id {twice!r} occurs twice; every post needs an id of its own.")
        titles = ["" if t.strip().casefold() in NO_TITLE else t for t in self.titles] or [""] * n
        languages = self.languages or [
            words.language_of(f"{title} {text}")
            for title, text in zip(titles, self.texts, strict=True)
        ]
        if len(titles) != n or len(languages) != n:
            raise BadCorpus("Titles and languages need one entry per post, or none at all.")
        views = tuple(_as_view(view) for view in self.views) or (("all", 0, vectors.shape[1]),)
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

    @cached_property
    def tokens(self) -> list[list[str]]:
        """The words of every post, cut once; only the first 2,000 characters of a post count."""
        # One object per word: a large board repeats few words often.
        known: dict[str, str] = {}
        return [
            [known.setdefault(word, word) for word in words.tokens(text[:2000])]
            for text in self.full_texts
        ]

    def take(self, rows: Sequence[int] | Ints) -> "Corpus":
        """Return the posts of ``rows``, in that order."""
        rows = [int(r) for r in rows]
        if rows == list(range(len(self))):
            return self
        return Corpus(
            [self.ids[r] for r in rows],
            self.vectors[rows],
            [self.texts[r] for r in rows],
            [self.titles[r] for r in rows],
            [self.languages[r] for r in rows],
            self.views,
            _checked=True,
        )


@dataclass(frozen=True)
class Space:
    """The board's own coordinates: each view centred per language, unit length again.

    Raw sentence vectors share a large common part, so any two posts look alike and no threshold fits two
    models. The encoder removes a generic mean; from `OWN_MEAN_FROM` posts of a language on, the board's own
    mean per language is removed as well, which also brings the languages together.
    """

    views: tuple[View, ...]
    means: dict[str, Floats]

    @classmethod
    def fit(cls, corpus: Corpus) -> "Space":
        """Learn the means of ``corpus``; languages with too few posts get none."""
        means: dict[str, Floats] = {}
        views = tuple(_as_view(view) for view in corpus.views)
        units = _unit_views(corpus.vectors, views)
        languages = np.asarray(corpus.languages)
        for language in sorted(set(corpus.languages)):
            rows = np.flatnonzero(languages == language)
            if len(rows) >= OWN_MEAN_FROM:
                means[language] = units[rows].mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(views, means)

    def transform(self, vectors: Floats, languages: Sequence[str]) -> Floats:
        """Return (n, d) vectors whose dot product is the mean centred cosine over the views."""
        units = _unit_views(np.atleast_2d(vectors), self.views)
        asked = np.asarray(languages)
        for language, mean in self.means.items():
            rows = np.flatnonzero(asked == language)
            if len(rows):
                units[rows] -= mean
        for _, start, stop in self.views:
            # A view that was absent must stay absent, or every such post would look alike.
            absent = ~np.any(vectors[:, start:stop], axis=1)
            units[absent, start:stop] = 0.0
        return _fused(units, self.views)


def _as_view(view: View | NamedColumns) -> View:
    return view if isinstance(view, tuple) else (view.name, view.start, view.stop)


def _unit_views(vectors: Floats, views: tuple[View, ...]) -> Floats:
    return _normalise(np.array(vectors, dtype=np.float32, copy=True), views)


def _normalise(out: Floats, views: tuple[View, ...]) -> Floats:
    """Bring every view of ``out`` to unit length, in place."""
    for _, start, stop in views:
        block = out[:, start:stop]
        length = np.sqrt(np.einsum("ij,ij->i", block, block))
        block /= np.maximum(length, 1e-9)[:, None]
    return out


def _fused(out: Floats, views: tuple[View, ...]) -> Floats:
    """Bring every view to unit length and the row as a whole too, in place."""
    _normalise(out, views)
    present = sum(np.any(out[:, start:stop], axis=1).astype(np.float32) for _, start, stop in views)
    out /= np.sqrt(np.maximum(np.asarray(present, dtype=np.float32), 1.0))[:, None]
    return out
