"""Placing one post at once, against the groups that exist, without grouping anew."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from feedback.engine.data.boilerplate import boilerplate
from feedback.engine.data.corpus import Corpus, Floats, Id, Key
from feedback.engine.data.space import Space
from feedback.engine.describe.reasons import Ground, Near, Reason
from feedback.engine.place.judgement import Judgement, Verdict, judge
from feedback.engine.place.placement_index import PlacementIndex
from feedback.engine.rules.constraints import Constraints
from feedback.engine.words.aside import set_aside
from feedback.engine.words.speech import Speech

#: Groups that the nearest is judged against.
_COMPARED = 3


@dataclass(frozen=True)
class Candidate:
    """A group a post might belong to: its mean similarity, and its post that is nearest."""

    key: Key
    score: float
    nearest: Near


@dataclass(frozen=True)
class Placement:
    """Where a post goes: ``key`` (None: it stays unplaced), ``score``, why, and the nearest groups.

    ``judgement`` says whether the first of ``candidates`` is the same, may be, or is not worth a word; NOTHING where
    there was nothing to judge: a decision or the same words say where the post goes, or it asks for nothing.
    ``nearest`` are the most similar posts of the board, placed or not.
    """

    id: Id
    key: Key | None
    score: float
    reason: Reason
    candidates: tuple[Candidate, ...]
    nearest: tuple[Near, ...]
    judgement: Judgement = field(default_factory=lambda: Judgement(Verdict.NOTHING))


class Placer:
    """Place new posts against existing groups.

    ``corpus`` holds the posts that exist, whole or in pieces that are read one after another, ``keys`` the group of
    each placed one (a post that is missing or None is unplaced: it is offered as a near post, never as a group).
    With ``speech`` posts of mood or praise join nothing (see `Grouper`). ``threshold`` is `Grouper.threshold_`; a post joins
    a group that is as near as that when the judgement is sure (see `judge`). ``space`` is `Grouper.space_`; without it the space of ``corpus`` is
    learned. Later changes are made in the `index` (`add`, `move`, `remove`) and cost what they name; the space stays the
    one that was learned. ``corpus`` itself is not kept.

    Vectors are kept in half precision, and a `CompactIndex` of the rows and one of the group means say which few
    hundred to compare exactly; large groups are compared by their exact mean. Against the full product in single
    precision 99.7 % of 1,000 posts held out of a board of 100,000 got the same group (or none), at a twentieth of
    the reading; `benchmarks.placing` measures both.
    """

    def __init__(
        self,
        corpus: Corpus | Iterable[Corpus],
        keys: Mapping[Id, Key | None],
        *,
        threshold: float,
        space: Space | None = None,
        constraints: Constraints | None = None,
        speech: Speech | None = None,
        names: Collection[str] = (),
    ) -> None:
        self.threshold = threshold
        self.speech = speech
        self.names = names
        self.decide(constraints or Constraints())
        self.index = PlacementIndex(corpus, keys, space)

    @property
    def space(self) -> Space:
        """The space that vectors are compared in."""
        return self.index.space

    def __len__(self) -> int:
        return len(self.index)

    def add(self, posts: Corpus, keys: Mapping[Id, Key | None]) -> None:
        """Take ``posts`` in with the groups they are in now; a known post is read and placed anew."""
        self.index.add(posts, keys)

    def decide(self, constraints: Constraints) -> None:
        """Have these decisions bind what is placed from now on."""
        self._pinned = constraints.pinned
        self._locked = frozenset(constraints.locked)
        self._together: dict[Id, list[Id]] = defaultdict(list)
        self._apart: dict[Id, list[Id]] = defaultdict(list)
        self._excluded: dict[Id, set[Key]] = defaultdict(set)
        for kept, pairs in (
            (self._together, constraints.together),
            (self._apart, constraints.apart),
        ):
            for a, b in pairs:
                kept[a].append(b)
                kept[b].append(a)
        for i, key in constraints.excluded:
            self._excluded[i].add(key)

    # --- Placing ---------------------------------------------------------------------------------------------
    def place(self, posts: Corpus, *, candidates: int = 5, near: int = 5) -> list[Placement]:
        """Return a placement for every post of ``posts``, in their order; they do not see one another.

        Up to ``candidates`` groups and ``near`` posts are named in each; 0 spares the looking.
        """
        self.index.refresh()
        vectors = self.space.transform(posts.vectors, posts.languages)
        moods = [""] * len(posts)
        if self.speech is not None:
            moods = set_aside(posts.full_texts, posts.vectors, self.speech, self.names)
        return [
            self._place(posts, row, vectors[row], moods[row], candidates, near)
            for row in range(len(posts))
        ]

    def _place(
        self, posts: Corpus, row: int, vector: Floats, mood: str, count: int, near: int
    ) -> Placement:
        i, text = posts.ids[row], posts.full_texts[row]
        nearest = self.index.nearest(i, vector, near)
        bound, barred = self._decided(i)
        found = self.index.groups(vector, max(count, _COMPARED) + len(barred))
        open_to = [one for one in found if one[0] not in barred]
        offered = [
            Candidate(key, round(score, 4), self.index.nearest_members(key, vector, 1)[0])
            for key, score in open_to[: max(count, 1)]
        ]
        if bound is not None:
            return self._answer(i, bound, Ground.DECIDED, vector, offered, nearest)
        mark = boilerplate(text) or mood
        if mark:
            return Placement(i, None, 0.0, Reason(Ground.BOILERPLATE, (), (), mark), (), nearest)
        twin = self.index.group_of_words(text, other_than=i)
        if twin is not None and twin not in barred:
            return self._answer(i, twin, Ground.IDENTICAL, vector, offered, nearest)
        judged = judge(
            self.index, vector, self.space.views, open_to[:_COMPARED], threshold=self.threshold
        )
        if judged.verdict is Verdict.SAME:
            placed = self._answer(i, open_to[0][0], Ground.SIMILAR, vector, offered, nearest)
            return replace(placed, judgement=judged)
        score = offered[0].score if offered else 0.0
        alone = Reason(Ground.ALONE, nearest[:3])
        return Placement(i, None, round(score, 4), alone, tuple(offered), nearest, judged)

    def _decided(self, i: Id) -> tuple[Key | None, set[Key]]:
        """Return the group decisions put post ``i`` in, and the groups it must not join."""
        barred = set(self._locked) | self._excluded.get(i, set())
        bound = self._pinned.get(i)
        for other in self._together.get(i, ()):
            bound = bound if bound is not None else self.index.key_of(other)
        homes = (self.index.key_of(other) for other in self._apart.get(i, ()))
        return bound, barred | {key for key in homes if key is not None}

    def _answer(
        self,
        i: Id,
        key: Key,
        ground: Ground,
        vector: Floats,
        offered: Sequence[Candidate],
        nearest: tuple[Near, ...],
    ) -> Placement:
        score = self.index.score(key, vector)
        near = self.index.nearest_members(key, vector, 3)
        return Placement(i, key, round(score, 4), Reason(ground, near), tuple(offered), nearest)
