"""Areas: the broad parts of the product that several asks belong to, found from the asks themselves.

Asks are joined by Ward's method over their mean vectors: unlike average linkage it makes parts of comparable size, so
none swallows the board. What people said is contracted before the tree is built and cannot be cut by it. An ask that
stands near no area stays without.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from feedback.engine.areas.asks import Asks
from feedback.engine.areas.centres import SMALL_BOARD, Centres
from feedback.engine.areas.names import Name, names_of
from feedback.engine.cluster.problem import ClusteringProblem
from feedback.engine.cluster.ward import Tree, ward
from feedback.engine.data.corpus import Corpus, Doubles, Id, Ints, Key
from feedback.engine.data.lexical import lexical_view
from feedback.engine.data.space import Space
from feedback.engine.data.word_counts import WordCounts
from feedback.engine.rules.alignment import align

#: A board with fewer asks is read whole: areas would only stand between people and what they look for.
FEWEST_ASKS = 12
#: No board has more areas than a person can hold in view.
MOST_AREAS = 24
#: The tree is built over the largest asks; the rest join the area they are nearest to.
ASKS_IN_TREE = 1_500
#: Neighbours that lend an ask their place, and what they weigh against its own.
_NEIGHBOURS = 5
_LENT = 0.5
#: What staying in the area it was in is worth to an ask, as cosine similarity.
_ANCHOR = 0.5
_ROUNDS = 3
_LARGEST_SHARE = 0.35
#: What being a multiple of the usual number of areas costs in clearness, which hardly differs between near numbers.
_UNUSUAL = 0.2
_CHUNK = 4_000


@dataclass(frozen=True)
class FoundArea:
    """A part of the board: the asks in it, what it is called, and the words that tell it from the others."""

    key: Key
    asks: tuple[Key, ...]
    name: str
    keywords: tuple[str, ...]


class Areas:
    """Find the areas of a board.

    After ``fit``: ``areas_``, largest first; ``home_`` {ask: area}, where an ask that belongs nowhere is missing.
    The result depends on the asks, what people said and where asks were before alone, not on their order.
    """

    def fit(
        self,
        asks: Asks,
        *,
        held: Mapping[Key, Key] | None = None,
        aside: Collection[Key] = (),
        closed: Sequence[Collection[Key]] = (),
        previous: Mapping[Key, Key] | None = None,
    ) -> "Areas":
        """Arrange ``asks``.

        ``held`` names the area of each ask that a person put there or confirmed; ``aside`` are asks that a
        person wants in none; ``closed`` are areas that people dissolved, as the asks that were in them: the same
        part is not proposed again. ``previous`` is where the machine had asks before.
        """
        with threadpool_limits(limits=1):
            self._fit(asks, held or {}, set(aside), closed, previous or {})
        return self

    def _fit(
        self,
        asks: Asks,
        held: Mapping[Key, Key],
        aside: set[Key],
        closed: Sequence[Collection[Key]],
        previous: Mapping[Key, Key],
    ) -> None:
        order = sorted(
            (row for row in range(len(asks)) if asks.keys[row] not in aside),
            key=lambda row: asks.keys[row],
        )
        asks = asks.take(order)
        kept = sorted({held[key] for key in asks.keys if key in held})
        number = {key: at for at, key in enumerate(kept)}
        fixed = np.array([number.get(held.get(key, ""), -1) for key in asks.keys], dtype=np.int64)
        labels = np.full(len(asks), -1, dtype=np.int64)
        labels[fixed >= 0] = fixed[fixed >= 0]
        dissolved = np.zeros(len(asks), dtype=bool)
        if len(asks) >= FEWEST_ASKS:
            labels = self._found(asks, fixed, previous, closed)
            labels = _without(labels, _dissolved_before(asks, labels, fixed, closed))
            dissolved = labels < 0
        before = [previous.get(key, "") for key in asks.keys]
        self._centres = Centres(asks, labels, before)
        labels = self._centres.settled(fixed, dissolved)
        fewest = 2 if len(asks) < SMALL_BOARD else 3
        small = {
            label
            for label, size in enumerate(np.bincount(labels[labels >= 0]).tolist())
            if size < fewest and not (fixed == label).any()
        }
        if small:
            self._centres = Centres(asks, _without(labels, small), before)
            labels = self._centres.settled(fixed, dissolved)
        self._centres.drop_empty(labels)
        self._name(asks, labels, kept, previous)

    def _found(
        self,
        asks: Asks,
        fixed: Ints,
        previous: Mapping[Key, Key],
        closed: Sequence[Collection[Key]],
    ) -> Ints:
        """Return a label per ask, the held areas first; every ask has one."""
        m = len(asks)
        largest = sorted(range(m), key=lambda row: (-int(asks.sizes[row]), asks.keys[row]))
        rows = np.array(sorted(largest[:ASKS_IN_TREE]), dtype=np.int64)
        part = asks.take(rows)
        likeness = _likeness(part)
        before = [previous.get(key, "") for key in part.keys]
        place = _smoothed(likeness, before)
        nodes, colours = _contracted(fixed[rows])
        tree = ward(place, nodes, colours, part.weights)
        known = len({key for key in before if key})
        if known:
            # What people hold is there too; what they dissolved is found once more before it is left out.
            known += len(set(fixed[fixed >= 0].tolist()))
            known += sum(len(set(one) & set(part.keys)) > 1 for one in closed)
        count = _area_count(m, place, tree, nodes, known, part.weights)
        found = tree.cut(count)[nodes]
        # Held areas keep their numbers, the others follow in the order of their first ask.
        rank: dict[int, int] = {
            int(found[at]): int(fixed[row]) for at, row in enumerate(rows) if fixed[row] >= 0
        }
        fresh = int(fixed.max()) + 1
        for label in found.tolist():
            if label not in rank:
                rank[label] = fresh
                fresh += 1
        own = np.array([rank[label] for label in found.tolist()], dtype=np.int64)
        own = _reassigned(place, own, fixed[rows], part.weights)
        labels = np.full(m, -1, dtype=np.int64)
        labels[rows] = own
        labels[fixed >= 0] = fixed[fixed >= 0]
        return labels

    def _name(
        self, asks: Asks, labels: Ints, kept: Sequence[Key], previous: Mapping[Key, Key]
    ) -> None:
        used = sorted(set(labels[labels >= 0].tolist()))
        members = [np.flatnonzero(labels == label) for label in used]
        forced = {at: kept[label] for at, label in enumerate(used) if label < len(kept)}
        # What is held is named already, and no other area may take that name over.
        taken: dict[Id, Key] = {
            key: area for key, area in previous.items() if area not in forced.values()
        }
        keys, _ = align(
            [[asks.keys[row] for row in rows.tolist()] for rows in members], taken, forced=forced
        )
        names: list[Name] = names_of(
            asks.titles,
            asks.words,
            members,
            weights=asks.weights,
            nouns=asks.nouns,
            language=asks.language,
        )
        found = [
            FoundArea(
                key=key,
                asks=tuple(asks.keys[row] for row in rows.tolist()),
                name=name.text,
                keywords=name.keywords,
            )
            for key, rows, name in zip(keys, members, names, strict=True)
        ]
        self._key_of = dict(zip(used, keys, strict=True))
        self.areas_ = sorted(found, key=lambda area: (-len(area.asks), area.key))
        self.home_ = {ask: area.key for area in self.areas_ for ask in area.asks}

    def place(self, corpus: Corpus, space: Space, rows: Sequence[int] | Ints) -> dict[Id, Key]:
        """Return the area of each post of ``rows`` that stands near one: for posts without an ask."""
        placed: dict[Id, Key] = {}
        rows = [int(row) for row in rows]
        for start in range(0, len(rows), _CHUNK):
            some = rows[start : start + _CHUNK]
            vectors = space.transform(corpus.vectors[some], [corpus.languages[row] for row in some])
            for row, label in zip(some, self._centres.nearest(vectors).tolist(), strict=True):
                if label >= 0:
                    placed[corpus.ids[row]] = self._key_of[label]
        return placed


def _likeness(asks: Asks) -> Doubles:
    """Return how alike asks are (m, m): the cosine over the views two of them share, and their words."""
    m = len(asks)
    words = [
        [word for word, share in one.items() for _ in range(1 + round(4 * share)) if share >= 0.25]
        for one in asks.words
    ]
    nothing = np.full(m, -1, dtype=np.int64)
    problem = ClusteringProblem(
        asks.means, lexical_view(WordCounts.of(words)), asks.views, asks.sizes, nothing, nothing
    )
    return problem.similarity().astype(np.float64)


def _smoothed(likeness: Doubles, before: Sequence[Key]) -> Doubles:
    """Return the inner products of asks moved towards their neighbours, and towards where they were before."""
    m = len(likeness)
    apart = likeness.copy()
    np.fill_diagonal(apart, -np.inf)
    k = min(_NEIGHBOURS, m - 1)
    near = np.argsort(-apart, axis=1, kind="stable")[:, :k]
    weights = np.take_along_axis(likeness, near, axis=1).clip(0.0)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    lending = np.zeros((m, m))
    np.put_along_axis(lending, near, weights, axis=1)
    areas = sorted({key for key in before if key})
    if areas:
        was = np.zeros((m, len(areas)))
        for row, key in enumerate(before):
            if key:
                was[row, areas.index(key)] = 1.0
        new = np.array([not key for key in before])
        was[new] = (lending @ was)[new]
        base = likeness + _ANCHOR * (was @ was.T)
    else:
        base = likeness
    length = np.sqrt(np.maximum(((lending @ base) * lending).sum(axis=1), 1e-9))
    mixed = (1 - _LENT) * np.eye(m) + _LENT * lending / length[:, None]
    moved = mixed @ base @ mixed.T
    size = np.sqrt(np.maximum(np.diag(moved), 1e-9))
    placed: Doubles = moved / np.outer(size, size)
    return placed


def _contracted(fixed: Ints) -> tuple[Ints, Ints]:
    """Return the node of each ask, where asks held in one area share a node, and the colour of each node."""
    held = sorted(set(fixed[fixed >= 0].tolist()))
    node_of = {label: at for at, label in enumerate(held)}
    nodes = np.empty(len(fixed), dtype=np.int64)
    following = len(held)
    for row, label in enumerate(fixed.tolist()):
        if label >= 0:
            nodes[row] = node_of[label]
        else:
            nodes[row] = following
            following += 1
    colours = np.full(following, -1, dtype=np.int64)
    colours[: len(held)] = held
    return nodes, colours


def usual_count(asks: int) -> float:
    """Return how many areas a board with so many asks usually has."""
    return min(1.0 + 0.8 * math.sqrt(asks), float(MOST_AREAS))


def _area_count(
    m: int, place: Doubles, tree: Tree, nodes: Ints, known: int, weights: Doubles
) -> int:
    """Return the number of areas: about as many as there were; at first that with the clearest silhouette."""
    usual = usual_count(m)
    fewest, most = max(2, round(0.75 * usual)), min(MOST_AREAS, round(1.35 * usual))
    if known:
        return min(max(known, fewest), most)
    found = [(k, tree.cut(k)[nodes]) for k in range(fewest, most + 1)]
    # An area that holds most of the board tells nobody where to look.
    balanced = [one for one in found if np.bincount(one[1]).max() <= _LARGEST_SHARE * len(nodes)]
    clearness = [
        (_silhouette(place, labels, weights) - _UNUSUAL * math.log(k / usual) ** 2, -k)
        for k, labels in balanced or found[-1:]
    ]
    return -max(clearness)[1]


def _silhouette(place: Doubles, labels: Ints, weights: Doubles) -> float:
    """Return how much nearer asks are to their own area than to the next (a silhouette by area means)."""
    near, own = _to_middles(place, labels, weights)
    rows = np.arange(len(labels))
    mine = own
    near[rows, labels] = -np.inf
    other = near.max(axis=1)
    clear = (mine - other) / np.maximum(2.0 - np.minimum(mine, other), 1e-9)
    return float(np.average(clear, weights=weights))


def _to_middles(place: Doubles, labels: Ints, weights: Doubles) -> tuple[Doubles, Doubles]:
    """Return the cosine of each ask to each area's middle (m, k), and to its own without itself (m,)."""
    m = len(labels)
    rows = np.arange(m)
    groups = csr_matrix((weights, (rows, labels)), shape=(m, int(labels.max()) + 1))
    sums = np.asarray((groups.T @ place).T)
    whole = np.maximum(np.asarray(groups.multiply(sums).sum(axis=0)).ravel(), 1e-9)
    near = sums / np.sqrt(whole)[None, :]
    self_share = weights * np.diag(place)
    rest = whole[labels] - 2 * weights * sums[rows, labels] + weights * self_share
    own = (sums[rows, labels] - self_share) / np.sqrt(np.maximum(rest, 1e-9))
    own[np.bincount(labels)[labels] < 2] = 0.0
    return near, own


def _reassigned(place: Doubles, labels: Ints, fixed: Ints, weights: Doubles) -> Ints:
    """Return ``labels`` after letting each ask that is not ``fixed`` go to the middle it is nearest to."""
    free = fixed < 0
    for _ in range(_ROUNDS):
        near, own = _to_middles(place, labels, weights)
        near[np.arange(len(labels)), labels] = own
        moved = np.where(free, near.argmax(axis=1), labels)
        if (moved == labels).all():
            break
        labels = moved
    return labels


def _dissolved_before(
    asks: Asks, labels: Ints, fixed: Ints, closed: Sequence[Collection[Key]]
) -> Iterable[int]:
    """Yield the labels that are an area people dissolved: each holds at least half of the other."""
    held = set(fixed[fixed >= 0].tolist())
    known = set(asks.keys)
    for label in sorted(set(labels[labels >= 0].tolist()) - held):
        members = {asks.keys[row] for row in np.flatnonzero(labels == label).tolist()}
        for one in closed:
            there = set(one) & known
            both = len(members & there)
            if there and 2 * both >= len(members) and 2 * both >= len(there):
                yield label
                break


def _without(labels: Ints, gone: Iterable[int]) -> Ints:
    """Return ``labels`` with these areas' asks at -1."""
    return np.where(np.isin(labels, list(gone)), -1, labels)
