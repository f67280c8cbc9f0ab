"""Decided pairs of posts as answers: where the two meet in the machine's tree, and what of it they judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.engine.cluster.bundled import BundledProblem
from feedback.engine.cluster.linkage import Forest
from feedback.engine.cluster.problem import Means
from feedback.engine.data.corpus import Id, Ints
from feedback.engine.data.rows import Rows
from feedback.engine.rules.constraints import Constraints

#: A post stands for its side of a join when it is nearly as central as the middle post, in this measure.
CENTRAL = 0.9


@dataclass(frozen=True)
class Meeting:
    """The join at which two rows of a forest come together: the mean likeness of its sides, their sizes, its number.

    ``height`` is minus infinity and ``join`` -1 when they never do.
    """

    height: float
    left: int
    right: int
    join: int = -1


def meetings(forest: Forest, pairs: Sequence[tuple[int, int]]) -> list[Meeting]:
    """Return the join at which each of ``pairs`` of rows comes together in ``forest``."""
    m, joins = forest.m, len(forest.heights)
    parent = np.full(m + joins, -1, dtype=np.int64)
    sizes = np.ones(m + joins, dtype=np.int64)
    top = np.arange(m)

    def root(row: int) -> int:
        # `top` holds for every row a node above it; following parents from there is short after compression.
        node = int(top[row])
        while parent[node] >= 0:
            node = int(parent[node])
        top[row] = node
        return node

    for at, (a, b) in enumerate(forest.joins.tolist()):
        left, right = root(a), root(b)
        parent[left] = parent[right] = m + at
        sizes[m + at] = sizes[left] + sizes[right]
    found = []
    for a, b in pairs:
        below: dict[int, int] = {}
        node, came = a, a
        while node >= 0:
            below[node] = came
            node, came = int(parent[node]), node
        node, came = b, b
        while node >= 0 and node not in below:
            node, came = int(parent[node]), node
        if node < m:
            found.append(Meeting(-np.inf, 1, 1))
        else:
            found.append(
                Meeting(
                    float(forest.heights[node - m]),
                    int(sizes[below[node]]),
                    int(sizes[came]),
                    node - m,
                )
            )
    return found


@dataclass(frozen=True)
class Answer:
    """A decided pair: its posts, their rows, where these meet in a forest, and whether they are the same."""

    posts: tuple[Id, Id]
    rows: tuple[int, int]
    meeting: Meeting
    same: bool


def answers_in(forest: Forest, bundled: BundledProblem, constraints: Constraints) -> list[Answer]:
    """Return the decided pairs of ``constraints`` that stand in two rows of ``bundled``, as ``forest`` has them."""
    pairs = bundled.decided_pairs(constraints)
    met = meetings(forest, [rows for _, rows, _ in pairs])
    return [
        Answer(posts, rows, meeting, same)
        for (posts, rows, same), meeting in zip(pairs, met, strict=True)
    ]


def judging_whole_joins(
    forest: Forest, answers: Sequence[Answer], means: Rows | Means
) -> list[Answer]:
    """Return those of ``answers`` that hold for all posts on both sides of their join.

    A question is asked of the middles of two sides, and its answer holds for both. Somebody who puts one stray post
    right has said nothing of the posts around it: so each row must be nearly as central to its side as the middle is.
    ``means`` (m, d) are the rows' vectors.
    """
    sides = sides_of(forest, (one.meeting.join for one in answers if one.meeting.join >= 0))
    found = []
    for one in answers:
        central = one.meeting.join >= 0
        for rows in sides.get(one.meeting.join, ()):
            if central and len(rows) > 2:
                own = np.asarray(means[rows], dtype=np.float32)
                centrality = own @ own.sum(axis=0)
                highest = centrality[np.isin(rows, one.rows)].max()
                central = bool(highest >= CENTRAL * float(centrality.max()))
        if central:
            found.append(one)
    return found


def sides_of(forest: Forest, joins: Iterable[int]) -> dict[int, tuple[Ints, Ints]]:
    """Return the rows on either side of each of ``joins`` (their numbers)."""
    wanted = set(joins)
    found: dict[int, tuple[Ints, Ints]] = {}
    members: dict[int, list[int]] = {row: [row] for row in range(forest.m)}
    for at, (a, b) in enumerate(forest.joins.tolist()):
        if at in wanted:
            found[at] = (np.array(members[a]), np.array(members[b]))
        members[a].extend(members[b])
    return found
