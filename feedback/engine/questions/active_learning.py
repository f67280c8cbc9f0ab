"""What decisions teach beyond their own pair: the level, and whole groups that belong together.

A person who says that two posts ask for the same thing has looked at two groups; the posts were only their
faces. So an answer is read at the place where the two posts meet in the machine's own tree: a join that was right
or wrong. A join that was wrong is not made, so the group falls into the two sides that the tree knows; groups whose
faces belong together become one, unless another decision stands between them. Answers near the level also move it,
weighted by the posts they touch and held by the level the views agree on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from feedback.engine.cluster.linkage import Forest
from feedback.engine.cluster.problem import Means
from feedback.engine.data.corpus import Doubles, Ints
from feedback.engine.data.rows import Rows

#: How strongly the level found without decisions holds (against the share of answers that another gets right),
#: in squared steps of this factor (a logarithm); and how far it may move.
HOLD = 2.0
STEP = 0.4
LOWEST_SHARE, HIGHEST_SHARE = 0.5, 1.8
#: Fewer answers say nothing about the level.
FEWEST_ANSWERS = 8
#: Below this share of the level two groups are too far apart to become one by a single pair of posts.
NEAR_SHARE = 0.5
#: A post speaks for a side when it is nearly as central as the middle post, in this measure.
CENTRAL = 0.9
#: How fast the odds that two sides are the same change with the likeness they join at, and how far the likeness at
#: which they are even may lie from the level (logarithms); the share of answers that say nothing of it.
DOUBT = 0.4
STRAY = 0.4
CHANCE = 0.05


@dataclass(frozen=True)
class Meeting:
    """Where two rows meet in a forest: the mean likeness of the two sides (-inf: never), their sizes, which join."""

    height: float
    left: int
    right: int
    join: int = -1


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
                Meeting(
                    float(forest.heights[node - m]),
                    int(sizes[below[node]]),
                    int(sizes[came]),
                    node - m,
                )
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


def edited(
    forest: Forest,
    level: float,
    answers: Sequence[tuple[tuple[int, int], Meeting, bool]],
    *,
    colours: Ints,
    apart: Sequence[tuple[int, int]] = (),
) -> Ints:
    """Return a label (m,) per row: ``forest`` cut at ``level``, with the joins that ``answers`` judge set right.

    An answer is a pair of rows, where it meets in ``forest``, and whether it is the same. Groups stay apart where
    ``colours`` (m,; -1: none), an answer or ``apart`` says so; opposite answers to one join cancel out.
    """
    count = int(np.searchsorted(-forest.heights, -level, side="right"))
    votes: dict[int, int] = defaultdict(int)
    for _, meeting, same in answers:
        if meeting.join >= 0:
            votes[meeting.join] += 1 if same else -1
    made = np.ones(count, dtype=bool)
    made[[join for join, vote in votes.items() if vote < 0 and join < count]] = False
    pairs = forest.joins[:count][made]
    graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(forest.m,) * 2)
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)

    top = np.arange(int(labels.max()) + 1)

    def group(row: int) -> int:
        label = int(labels[row])
        while top[label] != label:
            label = int(top[label])
        return label

    enemies: dict[int, set[int]] = defaultdict(set)
    for a, b in (*apart, *(pair for pair, _, same in answers if not same)):
        one, other = group(a), group(b)
        if one != other:
            enemies[one].add(other)
            enemies[other].add(one)
    held: dict[int, set[int]] = defaultdict(set)
    for row in np.flatnonzero(colours >= 0).tolist():
        held[group(row)].add(int(colours[row]))
    for (a, b), meeting, same in answers:
        one, other = sorted((group(a), group(b)))
        if (
            not same
            or one == other
            or meeting.height < NEAR_SHARE * level
            or other in enemies[one]
            or len(held[one] | held[other]) > 1
        ):
            continue
        top[other] = one
        held[one] |= held[other]
        for third in enemies[other]:
            enemies[third].discard(other)
            enemies[third].add(one)
            enemies[one].add(third)
    return np.array([group(row) for row in range(forest.m)], dtype=np.int64)


def odds_of_same(
    heights: Doubles, level: float, answers: Sequence[tuple[Meeting, bool]]
) -> Doubles:
    """Return the probability (j,) that the sides of joins at ``heights`` are the same, as ``answers`` have been.

    A logistic curve over the logarithm of the height; where it is even is not known but learned, from a prior
    around ``level`` (Bayes over a grid).
    """
    even = np.linspace(-1.2, 1.2, 49)
    belief = -0.5 * (even / STRAY) ** 2
    for meeting, same in answers:
        if np.isfinite(meeting.height):
            at = np.log(max(meeting.height, 1e-3) / level)
            chance = 1.0 / (1.0 + np.exp(-(at - even) / DOUBT))
            belief += np.log((1 - 2 * CHANCE) * (chance if same else 1.0 - chance) + CHANCE)
    weight = np.exp(belief - belief.max())
    weight /= weight.sum()
    at = np.log(np.maximum(heights, 1e-3) / level)
    found: Doubles = np.zeros(len(heights))
    for middle, share in zip(even, weight, strict=True):
        found += share / (1.0 + np.exp(-(at - middle) / DOUBT))
    return found


def doubtful(
    forest: Forest,
    level: float,
    count: int,
    sizes: Ints,
    answers: Sequence[tuple[Meeting, bool]] = (),
) -> list[tuple[Ints, Ints, float]]:
    """Return the ``count`` joins it pays most to ask about: (rows of one side, rows of the other, weight).

    A join weighs the pairs of posts it decides, times the probability that what is done now is wrong.
    """
    same = odds_of_same(forest.heights, level, answers)
    wrong = np.where(forest.heights >= level, 1.0 - same, same)
    wrong[forest.heights < NEAR_SHARE * level] = 0.0
    totals = sizes.astype(np.float64)
    pairs = np.empty(len(forest.joins))
    # The first row of a join names what it makes, so a side is all that is joined to its row so far.
    for at, (a, b) in enumerate(forest.joins.tolist()):
        pairs[at] = totals[a] * totals[b]
        totals[a] += totals[b]
    weight = wrong * pairs
    order = [int(at) for at in np.argsort(-weight, kind="stable")[:count] if weight[at] > 0]
    sides = sides_of(forest, order)
    return [(*sides[at], float(weight[at])) for at in order]


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


def speaking(
    forest: Forest, pairs: Sequence[tuple[int, int]], met: Sequence[Meeting], means: Rows | Means
) -> list[bool]:
    """Return for each pair of rows whether both speak for their side of the join where they meet (``met``).

    A question is asked of the middles of two sides, and its answer holds for both. Somebody who puts one stray post
    right has said nothing of the posts around it. ``means`` (m, d) are the rows' vectors.
    """
    sides = sides_of(forest, (meeting.join for meeting in met if meeting.join >= 0))
    found = []
    for pair, meeting in zip(pairs, met, strict=True):
        central = meeting.join >= 0
        for rows in sides.get(meeting.join, ()):
            if central and len(rows) > 2:
                own = np.asarray(means[rows], dtype=np.float32)
                centrality = own @ own.sum(axis=0)
                central = bool(
                    centrality[np.isin(rows, pair)].max() >= CENTRAL * float(centrality.max())
                )
        found.append(central)
    return found
