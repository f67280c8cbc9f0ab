"""What a large ask is made of: its sub-groups, offered as a possible split.

Inside an ask the posts are compared by their vectors less the mean of the ask. Of the ways to split
them into a few sub-groups the one is taken on which independent views of the posts (see `cut_selection`) agree most, and
none where they do not: then the ask is one thing, said in many ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from threadpoolctl import threadpool_limits

from feedback.engine.cluster.affinity import affinity
from feedback.engine.cluster.linkage import average_linkage
from feedback.engine.cluster.problem import ClusteringProblem
from feedback.engine.data.boilerplate import boilerplate, says_nothing
from feedback.engine.data.corpus import Corpus, Floats, Id, Ints, View, as_view
from feedback.engine.data.lexical import lexical_view
from feedback.engine.data.space import Space
from feedback.engine.describe.keywords import Keywords
from feedback.engine.describe.titles import Titles
from feedback.engine.stats.partition_agreement import agreement_of

#: An ask with fewer posts is read whole; a facet with fewer posts, or a smaller share of them, explains nothing, nor
#: does one with nearly all of them.
FEWEST_POSTS = 12
FEWEST_IN_FACET = 3
SMALLEST_SHARE = 0.06
LARGEST_SHARE = 0.9
#: Facets that are offered at most, and groups in which they are looked for.
MOST_FACETS = 7
MOST_GROUPS = 20
#: Share of the posts that facets must hold, and how far the views must agree on them.
COVERAGE = 0.5
AGREEMENT = 0.6
#: Of the ways on which the views agree nearly as much as on the best, the finest is taken.
SLACK = 0.1
#: Posts of a very large ask among which facets are found; the others then join the nearest.
SAMPLE = 1_200
#: A post that is left over joins a facet when it is as near as this share of its own posts are at least.
OUTERMOST = 0.1


@dataclass(frozen=True)
class Facet:
    """A part of an ask: its posts, what it is called, and the words it shares."""

    title: str
    keywords: tuple[str, ...]
    members: tuple[Id, ...]


def facets(corpus: Corpus, members: Sequence[Id], *, space: Space | None = None) -> list[Facet]:
    """Return the facets of the ask with ``members``, largest first; none when it is small or does not split.

    ``corpus`` is the board. With its ``space`` the posts are compared as on the whole board. Posts that say nothing
    are in no facet.
    """
    row_of = {i: row for row, i in enumerate(corpus.ids)}
    order = sorted(members, key=lambda i: (isinstance(i, str), i))
    ask = corpus.take([row_of[i] for i in order if i in row_of])
    says = [at for at, text in enumerate(ask.full_texts) if not boilerplate(text, ask.tokens[at])]
    if len(says) < FEWEST_POSTS:
        return []
    ask = ask.take(says)
    views = tuple(as_view(view) for view in ask.views)
    vectors = space.transform(ask.vectors, ask.languages) if space is not None else ask.vectors
    with threadpool_limits(limits=1):
        own = _own(np.asarray(vectors, dtype=np.float32), views)
        words = _unit(_less_common(np.asarray(lexical_view(ask.word_counts), dtype=np.float32)))
        sample = np.unique(np.linspace(0, len(ask) - 1, min(len(ask), SAMPLE)).astype(np.int64))
        parts = _parts(own[sample], words[sample], views)
        if parts is None:
            return []
        labels = _joined_by_the_rest(own, sample, parts)
    keywords = Keywords(ask)
    titles = Titles(ask, keywords)
    found = [
        _facet(ask, own, np.flatnonzero(labels == part), keywords, titles)
        for part in range(parts.max() + 1)
    ]
    kept = [facet for facet in found if not says_nothing(facet.keywords)]
    if len(kept) < 2 or max(len(facet.members) for facet in kept) > LARGEST_SHARE * len(ask):
        return []
    place = {i: at for at, i in enumerate(ask.ids)}
    return sorted(kept, key=lambda facet: (-len(facet.members), place[facet.members[0]]))


def _parts(own: Floats, words: Floats, views: tuple[View, ...]) -> Ints | None:
    """Return the part (n,) of every post (-1: none) in the split the views agree on most; None if they do not agree."""
    n = len(own)
    nobody = np.full(n, -1, dtype=np.int64)
    problem = ClusteringProblem(own, words, views, np.ones(n, dtype=np.int64), nobody, nobody)
    fused = average_linkage(affinity(problem.similarity()))
    trees = [average_linkage(affinity(units @ units.T)) for units in problem.independent_views()[0]]
    smallest = max(FEWEST_IN_FACET, SMALLEST_SHARE * n)
    ways: list[tuple[float, Ints]] = []
    for count in range(2, min(MOST_GROUPS, n // FEWEST_IN_FACET) + 1):
        labels = fused.groups(count)
        sizes = np.bincount(labels)
        large = np.flatnonzero(sizes >= smallest)
        if (
            not 2 <= len(large) <= MOST_FACETS
            or sizes.max() > LARGEST_SHARE * n
            or sizes[large].sum() < COVERAGE * n
        ):
            continue
        seen = [labels, *(tree.groups(count) for tree in trees)]
        agreed = float(np.mean([agreement_of(a, b) for a, b in combinations(seen, 2)]))
        renamed = np.full(len(sizes), -1, dtype=np.int64)
        renamed[large] = np.arange(len(large))
        ways.append((agreed, renamed[labels]))
    best = max((agreed for agreed, _ in ways), default=0.0)
    if best < AGREEMENT:
        return None
    return [parts for agreed, parts in ways if agreed >= best - SLACK][-1]


def _joined_by_the_rest(own: Floats, sample: Ints, parts: Ints) -> Ints:
    """Return the part (n,) of every post, where posts in none have joined the nearest part if it is near enough."""
    labels = np.full(len(own), -1, dtype=np.int64)
    labels[sample] = parts
    centres = np.stack([own[labels == part].mean(axis=0) for part in range(parts.max() + 1)])
    near = np.round(own @ centres.T, 6)
    enough = np.array(
        [np.quantile(near[labels == part, part], OUTERMOST) for part in range(len(centres))]
    )
    rest = np.flatnonzero(labels < 0)
    nearest = near[rest].argmax(axis=1)
    labels[rest] = np.where(near[rest, nearest] >= enough[nearest], nearest, -1)
    return labels


def _facet(ask: Corpus, own: Floats, rows: Ints, keywords: Keywords, titles: Titles) -> Facet:
    shared = keywords.of(rows)
    centrality = own[rows] @ own[rows].mean(axis=0)
    title = titles.of(rows, centrality, shared).text
    return Facet(title, shared, tuple(ask.ids[row] for row in rows))


def _own(vectors: Floats, views: tuple[View, ...]) -> Floats:
    """Return ``vectors`` less their mean in every view, each view of unit length again."""
    out = np.zeros_like(vectors)
    present = np.zeros(len(vectors), dtype=np.float32)
    for _, start, stop in views:
        has = np.flatnonzero(np.any(vectors[:, start:stop], axis=1))
        if len(has):
            out[has, start:stop] = _unit(_less_common(vectors[has, start:stop]))
            present[has] += 1.0
    out /= np.sqrt(np.maximum(present, 1.0))[:, None]
    return out


def _less_common(vectors: Floats) -> Floats:
    out: Floats = vectors - vectors.mean(axis=0)
    return out


def _unit(vectors: Floats) -> Floats:
    out: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return out
