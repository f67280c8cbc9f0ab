"""What decisions teach beyond their own pair: the level, and whole groups that belong together.

A person who says that two posts ask for the same thing has looked at two groups; the posts were only their
faces. So an answer is read at the place where the two posts meet in the machine's own tree: a join that was right
or wrong. Answers near the level move it, weighted by the posts they touch and held by the level the views agree
on; and two groups whose faces belong together become one, unless another decision stands between them. Apart needs
no more than its pair: average linkage then parts the group along it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .corpus import Doubles, Ints
from .linkage import Forest

#: How strongly the level found without decisions holds (against the share of answers that another gets right),
#: in squared steps of this factor (a logarithm); and how far it may move.
HOLD = 0.5
STEP = 0.4
LOWEST_SHARE, HIGHEST_SHARE = 0.5, 1.8
#: Fewer answers say nothing about the level.
FEWEST_ANSWERS = 8
#: Below this share of the level two groups are too far apart to become one by a single pair of posts.
NEAR_SHARE = 0.5
#: Joins within this factor (a logarithm) of the level are in doubt.
DOUBT = 0.25


@dataclass(frozen=True)
class Meeting:
    """Where two rows meet in a forest: the mean likeness of the two sides (-inf: never), and their sizes."""

    height: float
    left: int
    right: int


def meetings(forest: Forest, pairs: Sequence[tuple[int, int]]) -> list[Meeting]:
    """Return where each of ``pairs`` of rows meets in ``forest``."""
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
                Meeting(float(forest.heights[node - m]), int(sizes[below[node]]), int(sizes[came]))
            )
    return found


def taught_level(level: float, answers: Sequence[tuple[Meeting, bool]]) -> float:
    """Return the level that ``answers`` (where two posts meet, whether they are the same) make of ``level``."""
    useful = [(meeting, same) for meeting, same in answers if np.isfinite(meeting.height)]
    if len(useful) < FEWEST_ANSWERS:
        return level
    heights = np.array([meeting.height for meeting, _ in useful])
    same = np.array([answer for _, answer in useful])
    weight = np.array([float(meeting.left * meeting.right) ** 0.25 for meeting, _ in useful])
    highest = max(level, min(level * HIGHEST_SHARE, 0.98))
    grid: Doubles = np.geomspace(level * LOWEST_SHARE, highest, 80)
    wrong = np.array([(weight * ((heights >= at) != same)).sum() / weight.sum() for at in grid])
    cost = wrong + HOLD * (np.log(grid / level) / STEP) ** 2
    return float(grid[int(np.argmin(cost))])


def joined_groups(
    labels: Ints,
    plain: Ints,
    faces: Sequence[tuple[int, int]],
    *,
    colours: dict[int, str],
    apart: Sequence[tuple[int, int]],
    closed: Sequence[int] = (),
) -> Ints:
    """Return ``labels`` (n,) with the groups joined whose ``faces``, pairs of rows, belong together.

    ``plain`` (n,) are the labels without decisions: the groups the person saw. What became of them are the
    groups that hold most of them now. Groups stay apart when ``apart`` (pairs of rows) or ``colours`` (the key of
    a row's group, where a person fixed it) say so, and groups with a row of ``closed`` (locked) take in nobody.
    """
    out = labels.copy()
    locked = {int(labels[row]) for row in closed}
    for a, b in faces:
        # The face itself may have left its group for its new twin: ask where the others are.
        one, other = (_heir(out, plain, row) for row in (a, b))
        if one == other or one in locked or other in locked:
            continue
        mine = {colours[row] for row in colours if out[row] in (one, other)}
        clash = any({int(out[x]), int(out[y])} == {one, other} for x, y in apart)
        if len(mine) < 2 and not clash:
            out[out == other] = one
    return out


def _heir(labels: Ints, plain: Ints, row: int) -> int:
    names, counts = np.unique(labels[plain == plain[row]], return_counts=True)
    return int(names[int(counts.argmax())])


def doubtful(
    forest: Forest, level: float, count: int, sizes: Ints
) -> list[tuple[Ints, Ints, float]]:
    """Return the ``count`` joins it pays most to ask about: (rows of one side, rows of the other, weight).

    A join is in doubt near the level, and weighs the root of the pairs of posts it decides.
    """
    members: dict[int, list[int]] = {row: [row] for row in range(forest.m)}
    rated: list[tuple[float, int]] = []
    sides: list[tuple[list[int], list[int]]] = []
    for at, ((a, b), height) in enumerate(
        zip(forest.joins.tolist(), forest.heights.tolist(), strict=True)
    ):
        left, right = members[a], members[b]
        doubt = np.exp(-0.5 * (np.log(max(height, 1e-3) / level) / DOUBT) ** 2)
        weight = float(doubt) * float(sizes[left].sum() * sizes[right].sum()) ** 0.5
        rated.append((-weight, at))
        sides.append((left, right))
        members[a] = left + right
    rated.sort()
    return [
        (np.array(sides[at][0]), np.array(sides[at][1]), -weight) for weight, at in rated[:count]
    ]
