"""The grouping itself: posts in, groups out, decisions held."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from feedback.engine.cluster.clustering import cluster, forests
from feedback.engine.cluster.constraint_repair import obeying
from feedback.engine.cluster.problem import Board, Means
from feedback.engine.cluster.prune import without_loose
from feedback.engine.data.boilerplate import SHORT, boilerplate, says_nothing
from feedback.engine.data.corpus import Corpus, Id, Ints, Space, id_order
from feedback.engine.data.lexical import lexical_view
from feedback.engine.data.rows import Rows, read
from feedback.engine.describe.reasons import Ground, Reasons
from feedback.engine.describe.titles import Keywords, medoid, short_title, spokesman
from feedback.engine.place.threshold import placing_threshold
from feedback.engine.questions.active_learning import (
    doubtful,
    edited,
    meetings,
    speaking,
    taught_level,
)
from feedback.engine.rules.alignment import Key, Lineage, align
from feedback.engine.rules.constraints import Constraints, Resolved
from feedback.engine.rules.contraction import Bundles, bundle


@dataclass(frozen=True)
class Group:
    """Posts that ask for the same thing, as the engine sees it.

    ``cohesion`` is the mean cosine similarity over all pairs (1.0 for a post alone). ``members`` are in id order.
    """

    key: Key
    label: int
    members: tuple[Id, ...]
    medoid: Id
    title: str
    keywords: tuple[str, ...]
    cohesion: float
    lineage: Lineage = field(default_factory=Lineage)
    boilerplate: bool = False

    def __len__(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class Question:
    """ "The same request?" of two posts, each the middle of its group. ``weight`` says how much an answer teaches."""

    a: Id
    b: Id
    weight: float


class Grouper:
    """Group posts that ask for the same thing.

    Parameters: ``level``, the affinity down to which groups join (None: found from the board, see `levels`);
    ``anchor``, what staying in an old group is worth in affinity when ``previous`` is given; ``learn``, whether
    decisions also teach the level and join whole groups (see `learning`).

    After ``fit``, in the order of the corpus: ``labels_`` (n,) the number of each post's group, ``scores_`` (n,)
    its mean similarity to the rest of its group (0 when alone), ``boilerplate_`` (n,) bool; ``groups_`` by label;
    ``reasons_`` by id; ``keys_`` {id: key}; ``level_``; ``threshold_``, the mean cosine similarity to a group from
    which a new post joins it (see `placing_threshold`); ``space_``; ``timings_`` in seconds by stage.

    The result depends on ids, texts, vectors, decisions and previous keys alone: not on input order or process.
    """

    def __init__(
        self, *, level: float | None = None, anchor: float = 0.2, learn: bool = True
    ) -> None:
        self.level = level
        self.anchor = anchor
        self.learn = learn

    def fit(
        self,
        corpus: Corpus,
        constraints: Constraints | None = None,
        previous: Mapping[Id, Key] | None = None,
    ) -> "Grouper":
        """Group ``corpus``. Raises Contradiction when the decisions cannot all hold."""
        # One thread: sums are then taken in the same order everywhere, and a busy machine is not slowed further.
        with threadpool_limits(limits=1):
            self._fit(corpus, constraints, previous)
        return self

    def _fit(
        self,
        corpus: Corpus,
        constraints: Constraints | None,
        previous: Mapping[Id, Key] | None,
    ) -> None:
        self.timings_: dict[str, float] = {}
        started = time.perf_counter()
        constraints = constraints or Constraints()
        previous = dict(previous or {})
        decided = constraints.resolve(previous)

        order = id_order(corpus.ids)
        posts = corpus.words_of(order)
        self.space_ = Space.fit(corpus, order)
        vectors = self.space_.rows(corpus, order)
        started = self._lap("centre", started)

        counts = posts.word_counts
        marks = [
            boilerplate(text, counts.of_row(row) if len(text) <= SHORT else None)
            for row, text in enumerate(posts.full_texts)
        ]
        bundles = bundle(posts, decided, previous)
        started = self._lap("prepare", started)

        idle = np.array([bool(mark) for mark in marks])
        labels = self._cluster(vectors, bundles, idle, previous, posts, constraints)
        started = self._lap("cluster", started)

        self._describe(posts, vectors, labels, bundles, decided, marks, previous)
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        self.labels_ = labels[back]
        self.scores_ = self._sorted_scores[back]
        self.boilerplate_ = idle[back]
        self._lap("describe", started)

    def fit_predict(
        self,
        corpus: Corpus,
        constraints: Constraints | None = None,
        previous: Mapping[Id, Key] | None = None,
    ) -> Ints:
        """Group ``corpus`` and return the labels."""
        return self.fit(corpus, constraints, previous).labels_

    def questions(self, count: int = 10) -> list[Question]:
        """Return the questions whose answers, as decisions, teach most; best first, none that is decided.

        Ask a few, fit with the answers, ask again: an answer changes what is in doubt.
        """
        posts, vectors, words, idle, constraints = self._asking
        decided = constraints.resolve()
        with threadpool_limits(limits=1):
            bare = bundle(posts, Constraints().resolve(), {})
            board, taking_part = self._board(vectors, words, bare, idle, {}, posts, constraints)
            forest, _, _ = forests(board, level=self.level_, anchor=0.0)
            answers = _answers(posts, bare, taking_part, constraints)
            met = meetings(forest, [pair for _, pair, _ in answers])
        asked: list[Question] = []
        known = {frozenset(pair) for pair in (*constraints.together, *constraints.apart)}
        for left, right, weight in doubtful(
            forest,
            self.level_,
            4 * count + 2 * len(known),
            board.sizes,
            [(meeting, same) for meeting, (*_, same) in zip(met, answers, strict=True)],
        ):
            a, b = (
                posts.ids[bare.bundles[taking_part[side[medoid(board.means[side])]]].rows[0]]
                for side in (left, right)
            )
            one, other = decided.component.get(a), decided.component.get(b)
            settled = (
                one is not None
                and other is not None
                and (one == other or (min(one, other), max(one, other)) in decided.apart)
            )
            if frozenset((a, b)) in known or settled:
                continue
            known.add(frozenset((a, b)))
            asked.append(Question(a, b, round(weight, 4)))
            if len(asked) == count:
                break
        return asked

    def _lap(self, stage: str, started: float) -> float:
        now = time.perf_counter()
        self.timings_[stage] = now - started
        return now

    def _cluster(
        self,
        vectors: Rows,
        bundles: Bundles,
        idle: np.ndarray,
        previous: Mapping[Id, Key],
        posts: Corpus,
        constraints: Constraints,
    ) -> Ints:
        """Return a label per post, groups numbered by their first post, and set ``level_``."""
        words = lexical_view(posts.word_counts)
        self._asking = (posts, vectors, words, idle, constraints)
        if self.learn and (constraints.together or constraints.apart):
            labels = self._taught(vectors, words, bundles, idle, previous, posts, constraints)
        else:
            board, rows = self._board(vectors, words, bundles, idle, previous, posts, constraints)
            found, self.level_ = cluster(board, level=self.level, anchor=self.anchor)
            labels = _of_rows(found, rows, bundles)
        _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.argsort(first, kind="stable")] = np.arange(len(first))
        ranked: Ints = rank[inverse]
        return ranked

    def _taught(
        self,
        vectors: Rows,
        words: Rows,
        bundles: Bundles,
        idle: np.ndarray,
        previous: Mapping[Id, Key],
        posts: Corpus,
        constraints: Constraints,
    ) -> Ints:
        """Return a label per post: the machine's own tree, set right where decisions judge its joins."""
        decided = replace(constraints, together=(), apart=())
        bare = bundle(posts, decided.resolve(previous), previous)
        board, rows = self._board(vectors, words, bare, idle, previous, posts, constraints)
        plain, forest, level = forests(board, level=self.level, anchor=self.anchor)
        answers = _answers(posts, bare, rows, constraints)
        met = meetings(plain, [pair for _, pair, _ in answers])
        speak = speaking(plain, [pair for _, pair, _ in answers], met, board.means)
        if self.level is None and 2 * sum(speak) >= len(speak):
            # Where most decisions put stray posts right, the others were not asked for either: all of them
            # contradict the level, and none was sought where it would have agreed.
            heard = zip(met, answers, speak, strict=True)
            level = taught_level(level, [(one, same) for one, (*_, same), ok in heard if ok])
        self.level_ = level
        judged = {posted for (posted, *_), ok in zip(answers, speak, strict=True) if ok}
        rest = replace(
            constraints,
            together=[pair for pair in constraints.together if pair not in judged],
            apart=[pair for pair in constraints.apart if pair not in judged],
        )
        if rest.together or rest.apart:
            # What says something of its own posts alone binds them before the tree is grown.
            bare = bundle(posts, rest.resolve(previous), previous)
            board, rows = self._board(vectors, words, bare, idle, previous, posts, constraints)
            _, forest, _ = forests(board, level=level, anchor=self.anchor)
        answers = [one for one in _answers(posts, bare, rows, constraints) if one[0] in judged]
        pairs = [pair for _, pair, _ in answers]
        met = meetings(forest, pairs)
        speak = speaking(forest, pairs, met, board.means)
        found = edited(
            forest,
            level,
            [
                (pair, meeting, same)
                for (_, pair, same), meeting, ok in zip(answers, met, speak, strict=True)
                if ok
            ],
            colours=board.colours,
            apart=board.apart,
        )
        return obeying(_of_rows(without_loose(found, board), rows, bare), bundles, vectors)

    def _board(
        self,
        vectors: Rows,
        words: Rows,
        bundles: Bundles,
        idle: np.ndarray,
        previous: Mapping[Id, Key],
        posts: Corpus,
        constraints: Constraints,
    ) -> tuple[Board, list[int]]:
        """Return the bundles that take part: neither frozen by a lock nor boilerplate nobody decided on."""
        anchored = dict(previous)
        judged_afresh = {previous[i] for i in constraints.released if i in previous}
        taking_part, colours, origins = [], [], []
        key_numbers: dict[Key, int] = {}
        for number, one in enumerate(bundles.bundles):
            if one.frozen or (idle[one.rows].all() and not one.decided):
                continue
            taking_part.append(number)
            colours.append(
                -1 if one.key is None else key_numbers.setdefault(one.key, len(key_numbers))
            )
            key = one.key
            if key is None and anchored:
                held = Counter(
                    anchored[posts.ids[row]] for row in one.rows if posts.ids[row] in anchored
                )
                key = min(held, key=lambda k: (-held[k], k)) if held else None
            if key is None or key in judged_afresh:
                origins.append(-1)
            else:
                origins.append(key_numbers.setdefault(key, len(key_numbers)))
        position = {number: at for at, number in enumerate(taking_part)}
        apart = [
            (position[a], position[b])
            for a, b in sorted(bundles.apart)
            if a in position and b in position
        ]
        sizes = np.array(
            [len(bundles.bundles[number].rows) for number in taking_part], dtype=np.int64
        )
        board = Board(
            _means(vectors, bundles, taking_part),
            _means(words, bundles, taking_part),
            self.space_.views,
            sizes,
            np.array(colours, dtype=np.int64),
            np.array(origins, dtype=np.int64),
            apart,
        )
        return board, taking_part

    def _describe(
        self,
        posts: Corpus,
        vectors: Rows,
        labels: Ints,
        bundles: Bundles,
        decided: Resolved,
        marks: list[str],
        previous: Mapping[Id, Key],
    ) -> None:
        by_label = np.argsort(labels, kind="stable")
        members = np.split(by_label, np.cumsum(np.bincount(labels))[:-1]) if len(labels) else []
        forced: dict[int, Key] = {}
        refused: dict[int, set[Key]] = {}
        grounds: dict[int, tuple[Ground, str]] = {}
        for one in bundles.bundles:
            label = int(labels[one.rows[0]])
            if one.key is not None:
                forced[label] = one.key
            if one.forbidden:
                refused.setdefault(label, set()).update(one.forbidden)
            for row in one.rows:
                if one.frozen:
                    grounds[row] = (Ground.LOCKED, one.key or "")
                elif posts.ids[row] in decided.component and one.decided:
                    grounds[row] = (Ground.DECIDED, "")
                elif marks[row]:
                    grounds[row] = (Ground.BOILERPLATE, marks[row])
                elif len(one.rows) > 1:
                    grounds[row] = (Ground.IDENTICAL, "")
        keys, lineages = align(
            [[posts.ids[row] for row in rows] for rows in members],
            previous,
            forced=forced,
            refused=refused,
        )
        keywords = Keywords(posts)
        scores = np.zeros(len(labels), dtype=np.float32)
        self.groups_: list[Group] = []
        for label, rows in enumerate(members):
            shared = keywords.of(rows)
            centrality = np.ones(1, dtype=np.float32)
            if len(rows) > 1:
                own = read(vectors, rows)
                total = own.sum(axis=0)
                centrality = own @ total
                squares = np.einsum("ij,ij->i", own, own)
                scores[rows] = (centrality - squares) / (len(rows) - 1)
            at = rows.tolist()
            _, title = spokesman(centrality / len(rows), partial(_title_of, posts, at), shared)
            self.groups_.append(
                Group(
                    key=keys[label],
                    label=label,
                    members=tuple(posts.ids[row] for row in at),
                    medoid=posts.ids[at[int(centrality.argmax())]],
                    title=title,
                    keywords=shared,
                    cohesion=round(float(scores[rows].mean()), 4) if len(rows) > 1 else 1.0,
                    lineage=lineages[label],
                    boilerplate=all(marks[row] for row in at)
                    or (len(at) > 2 and says_nothing(shared)),
                )
            )
        self._sorted_scores = scores
        self.threshold_ = placing_threshold(vectors, labels, np.array([bool(m) for m in marks]))
        self.keys_ = {i: keys[label] for i, label in zip(posts.ids, labels.tolist(), strict=True)}
        self.reasons_ = Reasons(posts, vectors, labels, list(members), grounds, keywords)


def _title_of(posts: Corpus, rows: list[int], at: int) -> str:
    return short_title(posts.titles[rows[at]], posts.texts[rows[at]])


def _means(vectors: Rows, bundles: Bundles, numbers: list[int]) -> Rows | Means:
    """Return the mean vector of each of the bundles ``numbers``."""
    small = vectors.dtype == np.float32
    if small and len(numbers) == len(vectors):
        return vectors
    means = Means.of(vectors, [bundles.bundles[number].rows for number in numbers])
    return np.asarray(means) if small else means


def _of_rows(found: Ints, rows: Sequence[int], bundles: Bundles) -> Ints:
    """Return a label per post, given those of the bundles ``rows``; every other bundle is a group of its own."""
    of_bundle = np.full(len(bundles.bundles), -1, dtype=np.int64)
    of_bundle[rows] = found
    rest = of_bundle < 0
    of_bundle[rest] = (found.max() + 1 if len(found) else 0) + np.arange(rest.sum())
    labels: Ints = of_bundle[bundles.of_row]
    return labels


def _answers(
    posts: Corpus, bundles: Bundles, rows: Sequence[int], constraints: Constraints
) -> list[tuple[tuple[Id, Id], tuple[int, int], bool]]:
    """Return the decided pairs, as places on the board of the bundles ``rows`` too, and whether they are the same."""
    place = np.full(len(bundles.bundles), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    spot = dict(zip(posts.ids, place[bundles.of_row].tolist(), strict=True))
    decided = [(pair, True) for pair in constraints.together]
    decided += [(pair, False) for pair in constraints.apart]
    found = [(pair, (spot.get(pair[0], -1), spot.get(pair[1], -1)), same) for pair, same in decided]
    found = [one for one in found if min(one[1]) >= 0 and one[1][0] != one[1][1]]
    return sorted(found, key=lambda one: (one[1], one[2]))
