"""Which area an ask or a post is nearest to, and whether that is near enough to belong."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from feedback.engine.areas.asks import Asks, unit_rows
from feedback.engine.data.corpus import Floats, Ints, Key

#: What staying in the area it was in is worth to an ask, in standard deviations.
_STAYS = 0.75
#: An ask belongs when it is this many standard deviations nearer than asks are to other areas.
_BELONGS = 1.75
#: On a small board fewer areas stand beside each other, and what is near is told with less.
_BELONGS_ON_SMALL = 1.25
SMALL_BOARD = 60
#: A post without an ask says less than an ask does, so it has to stand nearer.
_POST_BELONGS = 1.8


class Centres:
    """The middles of labelled asks, and how near is near enough; labels that are -1 have none."""

    def __init__(self, asks: Asks, labels: Ints, before: Sequence[Key]) -> None:
        self._names = np.array(sorted(set(labels[labels >= 0].tolist())), dtype=np.int64)
        place = {int(label): at for at, label in enumerate(self._names)}
        home = np.array([place.get(int(label), -1) for label in labels], dtype=np.int64)
        inside = np.flatnonzero(home >= 0)
        sums = np.zeros((len(self._names), asks.means.shape[1]), dtype=np.float64)
        np.add.at(sums, home[inside], asks.means[inside])
        self._middles = unit_rows(sums)
        near = asks.means @ self._middles.T
        for row in inside.tolist():
            # Nobody is near an area for being its middle oneself.
            rest = sums[home[row]] - asks.means[row]
            length = float(np.linalg.norm(rest))
            near[row, home[row]] = asks.means[row] @ rest / length if length > 1e-6 else 0.0
        others = np.ones(near.shape, dtype=bool)
        others[inside, home[inside]] = False
        beside = near[others]
        self._usual = (
            (float(beside.mean()), float(beside.std())) if beside.size > 20 else (0.1, 0.1)
        )
        heirs = _heirs(before, home)
        for at, key in enumerate(before):
            if key in heirs:
                near[at, heirs[key]] += _STAYS * self._usual[1]
        self._near = near

    def settled(self, fixed: Ints, dissolved: np.ndarray) -> Ints:
        """Return the labels with every ask that is not ``fixed`` at the area it is nearest to, or at none.

        Asks whose area people ``dissolved`` have to stand nearer than others. An area may lose its last ask by this.
        """
        if not len(self._names):
            return np.where(fixed >= 0, fixed, -1)
        best = self._near.argmax(axis=1)
        mean, spread = self._usual
        belongs = _BELONGS if len(self._near) >= SMALL_BOARD else _BELONGS_ON_SMALL
        enough = self._near.max(axis=1) >= mean + (belongs + 1.0 * dissolved) * spread
        found: Ints = np.where(enough, self._names[best], -1)
        return np.where(fixed >= 0, fixed, found)

    def drop_empty(self, labels: Ints) -> None:
        """Forget the areas in which ``labels`` leave no ask: nothing may be placed there."""
        left = np.isin(self._names, labels)
        self._names, self._middles = self._names[left], self._middles[left]
        self._near = self._near[:, left]

    def nearest(self, vectors: Floats) -> Ints:
        """Return the label that each of ``vectors`` (n, d) belongs to, or -1."""
        if not len(self._names):
            return np.full(len(vectors), -1, dtype=np.int64)
        near = vectors @ self._middles.T
        mean, spread = self._usual
        enough = near.max(axis=1) >= mean + _POST_BELONGS * spread
        return np.where(enough, self._names[near.argmax(axis=1)], -1)


def _heirs(before: Sequence[Key], home: Ints) -> dict[Key, int]:
    """Return, for each area that was, the one that holds most of its asks now."""
    overlap: Counter[tuple[Key, int]] = Counter(
        (key, int(at)) for key, at in zip(before, home, strict=True) if key and at >= 0
    )
    heirs: dict[Key, int] = {}
    for (key, at), _ in sorted(overlap.items(), key=lambda item: (-item[1], item[0])):
        if key not in heirs and at not in heirs.values():
            heirs[key] = at
    return heirs
