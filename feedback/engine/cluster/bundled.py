"""A board made ready for clustering, and the problem that bundles of its posts make."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.engine.cluster.problem import ClusteringProblem, Means
from feedback.engine.data.boilerplate import SHORT, boilerplate
from feedback.engine.data.corpus import Corpus, Doubles, Id, Ints, Key
from feedback.engine.data.lexical import lexical_view
from feedback.engine.data.rows import Rows
from feedback.engine.data.space import Space
from feedback.engine.rules.constraints import Constraints
from feedback.engine.rules.contraction import Bundle, Bundles


@dataclass(frozen=True, eq=False)
class PreparedPosts:
    """The posts of a board, in id order.

    ``posts`` has no vectors; these are ``vectors`` (n, d) in ``space``, and ``words`` (n, w) is the lexical view.
    ``boilerplate`` (n,) says of what kind a post is that asks for nothing, "" of all others.
    """

    posts: Corpus
    space: Space
    vectors: Rows
    words: Rows
    boilerplate: Sequence[str]

    @classmethod
    def of(cls, posts: Corpus, space: Space, vectors: Rows) -> "PreparedPosts":
        """Read the words of ``posts``."""
        counts = posts.word_counts
        kinds = [
            boilerplate(text, counts.of_row(row) if len(text) <= SHORT else None)
            for row, text in enumerate(posts.full_texts)
        ]
        return cls(posts, space, vectors, lexical_view(counts), kinds)

    @property
    def is_boilerplate(self) -> np.ndarray:
        """Which posts ask for nothing, (n,) bool."""
        return np.array([bool(kind) for kind in self.boilerplate], dtype=bool)


#: A pair of posts that was decided on, their rows in a problem, and whether they were said to be the same.
DecidedPair = tuple[tuple[Id, Id], tuple[int, int], bool]


@dataclass(frozen=True, eq=False)
class BundledProblem:
    """What is clustered of ``bundles``: those of the numbers ``taking_part``, one row of ``problem`` each.

    Bundles that a lock freezes, and boilerplate that nobody decided on, take no part.
    """

    prepared: PreparedPosts
    bundles: Bundles
    problem: ClusteringProblem
    taking_part: list[int]

    @classmethod
    def of(
        cls,
        prepared: PreparedPosts,
        bundles: Bundles,
        previous: Mapping[Id, Key] | None = None,
        released: Iterable[Id] = (),
        fineness: Doubles | None = None,
    ) -> "BundledProblem":
        """Return the problem of ``bundles``; the groups in ``previous`` of ``released`` posts hold nobody.

        ``fineness`` (n,) says how fine each post is cut, where that is known.
        """
        previous = previous or {}
        judged_afresh = {previous[i] for i in released if i in previous}
        idle = prepared.is_boilerplate
        taking_part, colours, origins = [], [], []
        numbers: dict[Key, int] = {}
        for number, one in enumerate(bundles.bundles):
            if one.frozen or (idle[one.rows].all() and not one.decided):
                continue
            taking_part.append(number)
            colours.append(-1 if one.key is None else numbers.setdefault(one.key, len(numbers)))
            key = one.key if one.key is not None else _held_by(one, prepared.posts.ids, previous)
            if key is None or key in judged_afresh:
                origins.append(-1)
            else:
                origins.append(numbers.setdefault(key, len(numbers)))
        place = {number: at for at, number in enumerate(taking_part)}
        problem = ClusteringProblem(
            _means(prepared.vectors, bundles, taking_part),
            _means(prepared.words, bundles, taking_part),
            prepared.space.views,
            np.array([len(bundles.bundles[number].rows) for number in taking_part], dtype=np.int64),
            np.array(colours, dtype=np.int64),
            np.array(origins, dtype=np.int64),
            [(place[a], place[b]) for a, b in sorted(bundles.apart) if a in place and b in place],
            None
            if fineness is None
            else np.array([fineness[bundles.bundles[at].rows].mean() for at in taking_part]),
        )
        return cls(prepared, bundles, problem, taking_part)

    def labels_of_posts(self, labels: Ints) -> Ints:
        """Return a label per post, given one per row; every bundle that took no part is a group of its own."""
        of_bundle = np.full(len(self.bundles.bundles), -1, dtype=np.int64)
        of_bundle[self.taking_part] = labels
        rest = of_bundle < 0
        of_bundle[rest] = (labels.max() + 1 if len(labels) else 0) + np.arange(rest.sum())
        of_post: Ints = of_bundle[self.bundles.of_row]
        return of_post

    def fineness_of_posts(self, fineness: Doubles) -> Doubles:
        """Return how fine each post (n,) is cut, given it per row; 1 for those that took no part."""
        of_bundle = np.ones(len(self.bundles.bundles))
        of_bundle[self.taking_part] = fineness
        of_post: Doubles = of_bundle[self.bundles.of_row]
        return of_post

    def first_post(self, row: int) -> Id:
        """Return the first post of the bundle in ``row``."""
        return self.prepared.posts.ids[self.bundles.bundles[self.taking_part[row]].rows[0]]

    def decided_pairs(self, constraints: Constraints) -> list[DecidedPair]:
        """Return the pairs of ``constraints`` that stand in two rows here, in the order of these."""
        place = np.full(len(self.bundles.bundles), -1, dtype=np.int64)
        place[self.taking_part] = np.arange(len(self.taking_part))
        ids = self.prepared.posts.ids
        row_of = dict(zip(ids, place[self.bundles.of_row].tolist(), strict=True))
        decided = [(pair, True) for pair in constraints.together]
        decided += [(pair, False) for pair in constraints.apart]
        found = [
            (pair, (row_of.get(pair[0], -1), row_of.get(pair[1], -1)), same)
            for pair, same in decided
        ]
        found = [one for one in found if min(one[1]) >= 0 and one[1][0] != one[1][1]]
        return sorted(found, key=lambda one: (one[1], one[2]))


def _held_by(one: Bundle, ids: Sequence[Id], previous: Mapping[Id, Key]) -> Key | None:
    """Return the group that most posts of a bundle were in, None when they were in none."""
    held = Counter(previous[ids[row]] for row in one.rows if ids[row] in previous)
    return min(held, key=lambda key: (-held[key], key)) if held else None


def _means(vectors: Rows, bundles: Bundles, numbers: list[int]) -> Rows | Means:
    """Return the mean vector of each of the bundles ``numbers``."""
    small = vectors.dtype == np.float32
    if small and len(numbers) == len(vectors):
        return vectors
    means = Means.of(vectors, [bundles.bundles[number].rows for number in numbers])
    return np.asarray(means) if small else means
