"""The grouping itself: posts in, groups out, decisions held."""

import time
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from feedback.engine.cluster.bundled import BundledProblem, PreparedPosts
from feedback.engine.cluster.clustering import cluster
from feedback.engine.data.corpus import Corpus, Id, Ints, Key, id_order
from feedback.engine.data.space import Space
from feedback.engine.describe.groups import describe
from feedback.engine.place.threshold import placing_threshold
from feedback.engine.questions.active_learning import Question, questions_about
from feedback.engine.questions.feedback import cluster_with_feedback
from feedback.engine.rules.constraints import Constraints
from feedback.engine.rules.contraction import Bundles, bundle
from feedback.engine.words.aside import set_aside
from feedback.engine.words.opposites import tell_apart
from feedback.engine.words.speech import Speech


class Grouper:
    """Group posts that ask for the same thing.

    Parameters: ``level``, the affinity down to which groups join (None: found from the board, see `cut_selection`);
    ``anchor``, what staying in an old group is worth in affinity when ``previous`` is given; ``learn``, whether
    decisions also teach the level and join whole groups (see `questions.feedback`); ``speech``, what tells mood and
    praise from what asks, for the encoder of the vectors (None: nothing is set aside but boilerplate), and ``names``,
    what the product is called, which tells nothing of what a post is about.

    After ``fit``, in the order of the corpus: ``labels_`` (n,) the number of each post's group, ``scores_`` (n,)
    its mean similarity to the rest of its group (0 when alone), ``boilerplate_`` (n,) bool and ``kinds_`` [n], why a post
    asks for nothing ("mood", "praise", "courtesy" …, "" when it asks); ``groups_`` by label; ``opposites_``, pairs of keys of
    groups that ask for more and for less of the same thing; ``reasons_`` by id; ``keys_`` {id: key}; ``level_``, the mean over
    the board's parts (see `levels`); ``threshold_``, the mean cosine similarity to a group from
    which a new post joins it (see `placing_threshold`); ``space_``; ``timings_`` in seconds by stage.

    The result depends on ids, texts, vectors, decisions and previous keys alone: not on input order or process.
    """

    def __init__(
        self,
        *,
        level: float | None = None,
        anchor: float = 0.2,
        learn: bool = True,
        speech: Speech | None = None,
        names: Collection[str] = (),
    ) -> None:
        self.level = level
        self.anchor = anchor
        self.learn = learn
        self.speech = speech
        self.names = names

    def fit(
        self,
        corpus: Corpus,
        constraints: Constraints | None = None,
        previous: Mapping[Id, Key] | None = None,
    ) -> "Grouper":
        """Group ``corpus``. Raises Contradiction when the decisions cannot all hold."""
        # One thread: sums are then taken in the same order everywhere, and a busy machine is not slowed further.
        with threadpool_limits(limits=1):
            self._fit(corpus, constraints or Constraints(), dict(previous or {}))
        return self

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
        with threadpool_limits(limits=1):
            return questions_about(
                self._prepared,
                self._constraints,
                level=self.level_,
                fineness=self._fineness,
                count=count,
            )

    def _fit(
        self,
        corpus: Corpus,
        constraints: Constraints,
        previous: Mapping[Id, Key],
    ) -> None:
        self.timings_: dict[str, float] = {}
        started = time.perf_counter()
        decided = constraints.resolve(previous)
        self._constraints = constraints

        order = id_order(corpus.ids)
        posts = corpus.words_of(order)
        self.space_ = Space.fit(corpus, order)
        vectors = self.space_.rows(corpus, order)
        started = self._lap("centre", started)

        prepared = PreparedPosts.of(posts, self.space_, vectors)
        if self.speech is not None:
            moods = set_aside(posts.full_texts, corpus.vectors[order], self.speech, self.names)
            kinds = [kind or mood for kind, mood in zip(prepared.boilerplate, moods, strict=True)]
            prepared = replace(prepared, boilerplate=kinds)
        self._prepared = prepared
        bundles = bundle(posts, decided, previous)
        started = self._lap("prepare", started)

        if self.learn and (constraints.together or constraints.apart):
            found, self.level_, self._fineness = cluster_with_feedback(
                prepared, bundles, constraints, previous, level=self.level, anchor=self.anchor
            )
        else:
            bundled = BundledProblem.of(prepared, bundles, previous, constraints.released)
            rows, levels = cluster(bundled.problem, level=self.level, anchor=self.anchor)
            found = bundled.labels_of_posts(rows)
            self.level_, self._fineness = levels.level, bundled.fineness_of_posts(levels.fineness)
        if self.speech is not None:
            found, pairs = self._told_apart(corpus, order, found, bundles)
        else:
            pairs = []
        labels, number = _numbered_by_first_post(found)
        started = self._lap("cluster", started)

        asking = None if self.speech is None else self.speech.asking(corpus.vectors[order])
        described = describe(
            prepared,
            labels,
            bundles,
            decided,
            previous,
            names=self.names,
            asking=asking,
        )
        self.groups_, self.keys_ = described.groups, described.keys
        self.opposites_ = [
            (self.groups_[number[more]].key, self.groups_[number[less]].key) for more, less in pairs
        ]
        self.reasons_ = described.reasons
        self.threshold_ = placing_threshold(vectors, labels, prepared.is_boilerplate)
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        self.labels_ = labels[back]
        self.scores_ = described.scores[back]
        self.boilerplate_ = prepared.is_boilerplate[back]
        self.kinds_ = [prepared.boilerplate[row] for row in back.tolist()]
        self._lap("describe", started)

    def _told_apart(
        self, corpus: Corpus, order: list[int], labels: Ints, bundles: Bundles
    ) -> tuple[Ints, list[tuple[int, int]]]:
        """Return ``labels`` where opposite wishes are in groups of their own, and the pairs of these."""
        assert self.speech is not None
        held = np.zeros(len(order), dtype=bool)
        # Posts with the same words stay together, however their vectors differ: the first speaks for all.
        speaker = np.arange(len(order))
        for one in bundles.bundles:
            if one.decided or one.frozen:
                held[one.rows] = True
            else:
                speaker[one.rows] = one.rows[0]
        texts = self._prepared.posts.full_texts
        said = [texts[row] for row in speaker.tolist()]
        pointing = self.speech.pointing(corpus.vectors[order])[speaker]
        apart = tell_apart(labels, said, pointing, held)
        return apart.labels, apart.pairs

    def _lap(self, stage: str, started: float) -> float:
        now = time.perf_counter()
        self.timings_[stage] = now - started
        return now


def _numbered_by_first_post(labels: Ints) -> tuple[Ints, dict[int, int]]:
    """Return ``labels`` (n,) with the groups numbered in the order of their first posts, and the new number of each."""
    names, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    ranked: Ints = rank[inverse]
    return ranked, dict(zip(names.tolist(), rank.tolist(), strict=True))
