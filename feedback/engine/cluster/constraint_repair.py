"""Changing a grouping as little as possible so that every decision holds in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from feedback.engine.cluster.linkage import average_linkage
from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import Rows, read
from feedback.engine.rules.contraction import Bundles


def repair_constraints(labels: Ints, bundles: Bundles, vectors: Rows) -> Ints:
    """Return ``labels`` (n,) changed so that every bundle is in one group, and apart from what it must be apart from.

    A bundle goes where most of its posts are, of equals to the larger group. A group that holds what must be apart
    is split around the posts that decisions name. Locked groups hold their own posts and nobody else's.
    """
    sizes = np.bincount(labels)
    fresh = len(sizes)
    home = np.empty(len(bundles.bundles), dtype=np.int64)
    for number, one in enumerate(bundles.bundles):
        if one.frozen:
            home[number] = fresh
            fresh += 1
        elif len(one.rows) == 1:
            home[number] = labels[one.rows[0]]
        else:
            held = Counter(labels[one.rows].tolist())
            home[number] = min(held, key=lambda label: (-held[label], -sizes[label], label))
    for members, parts in _parted(home, bundles, vectors):
        for part in range(1, int(parts.max()) + 1):
            home[members[parts == part]] = fresh
            fresh += 1
    return home[bundles.of_row]


def _parted(home: Ints, bundles: Bundles, vectors: Rows) -> Iterable[tuple[Ints, Ints]]:
    """Yield (bundles, their part) for every group that holds what must be apart."""
    clashes: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b in sorted(bundles.apart):
        if home[a] == home[b]:
            clashes[int(home[a])].append((a, b))
    keyed: dict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(bundles.bundles):
        if one.key is not None:
            keyed[int(home[number])].append(number)
    for label in sorted({*clashes, *(label for label, held in keyed.items() if len(held) > 1)}):
        members = np.flatnonzero(home == label)
        named = sorted({*keyed[label], *(number for pair in clashes[label] for number in pair)})
        place = {number: at for at, number in enumerate(named)}
        means = _means(vectors, bundles, named)
        colours = np.full(len(named), -1, dtype=np.int64)
        for at, number in enumerate(keyed[label]):
            colours[place[number]] = at
        forest = average_linkage(
            means @ means.T,
            colours=colours,
            apart=[(place[a], place[b]) for a, b in clashes[label]],
        )
        sides = forest.after(len(forest.joins))
        centres = np.stack([means[sides == side].mean(axis=0) for side in range(sides.max() + 1)])
        parts = np.round(_means(vectors, bundles, members.tolist()) @ centres.T, 6).argmax(axis=1)
        parts[np.searchsorted(members, named)] = sides
        yield members, parts


def _means(vectors: Rows, bundles: Bundles, numbers: list[int]) -> Floats:
    return np.stack(
        [read(vectors, np.asarray(bundles.bundles[number].rows)).mean(axis=0) for number in numbers]
    )
