"""What a large ask is made of: its sub-groups, offered as a possible split."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .corpus import Corpus, Id, Space
from .grouper import Group, Grouper

#: An ask with fewer posts is read whole; a facet with fewer, or with nearly all of them, explains nothing.
FEWEST_POSTS = 12
FEWEST_IN_FACET = 3
LARGEST_SHARE = 0.9


@dataclass(frozen=True)
class Facet:
    """A part of an ask: its posts, what it is called, and the words it shares."""

    title: str
    keywords: tuple[str, ...]
    members: tuple[Id, ...]


def facets(corpus: Corpus, members: Sequence[Id], *, space: Space | None = None) -> list[Facet]:
    """Return the facets of the ask with ``members``, largest first; none when it is small or of one piece.

    ``corpus`` is the board. With its ``space`` the posts are compared as on the whole board; the level is found
    within the ask, where finer differences show.
    """
    row_of = {i: row for row, i in enumerate(corpus.ids)}
    rows = [row_of[i] for i in members if i in row_of]
    if len(rows) < FEWEST_POSTS:
        return []
    ask = corpus.take(rows)
    if space is not None:
        ask = Corpus(
            ask.ids,
            space.transform(ask.vectors, ask.languages),
            ask.texts,
            ask.titles,
            ask.languages,
            space.views,
        )
    # What all posts of an ask have in common tells its facets apart no more than silence does.
    common = ask.vectors.mean(axis=0)
    moved = Corpus(
        ask.ids,
        (ask.vectors - common).astype(np.float32),
        ask.texts,
        ask.titles,
        ask.languages,
        ask.views,
    )
    found: list[Group] = [
        group
        for group in Grouper().fit(moved).groups_
        if len(group) >= FEWEST_IN_FACET and not group.boilerplate
    ]
    if len(found) < 2 or max(len(group) for group in found) > LARGEST_SHARE * len(rows):
        return []
    found.sort(key=lambda group: (-len(group), group.key))
    return [Facet(group.title, group.keywords, group.members) for group in found]
