"""The placer that a worker keeps of a product, and how it follows what happens without reading the whole board again.

Building one reads every placed post: seconds on a large board. So it is built after a run or a change of the model,
and in between told what changed: the posts and asks of decisions made and undone, memberships that another worker
wrote, posts that were edited, hidden, shown again or withdrawn. Each source is read from where the last look ended.
Whatever no source tells (somebody used the database by hand) is found by comparing all memberships now and then.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from feedback.asks.models import Ask, Decision, Membership
from feedback.asks.standing import watermark
from feedback.engine import Placer
from feedback.forum.models import Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.board import names_of
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.vectors.corpus import corpora_of, corpus_of
from feedback.grouping.vectors.speech import speech_known
from feedback.journal.cursor import JournalCursor
from feedback.journal.verbs import Verb

if TYPE_CHECKING:
    from feedback import engine

#: What changes a post that has its place: its words, or whether it is there.
VERBS = (
    Verb.POST_EDITED,
    Verb.POST_HIDDEN,
    Verb.POST_SHOWN,
    Verb.POST_WITHDRAWN,
    Verb.POST_CHANGED_BOARD,
)
#: What changes many at once: a board was closed or opened.
_MANY = (Verb.BOARD_READERS_CHANGED,)
#: All memberships are compared after this long.
SWEEP_EVERY = dt.timedelta(minutes=10)
_CHUNK = 500


@dataclass
class _Marks:
    """Up to where each source has been read."""

    decided: tuple[int, int]
    undone: set[int]
    membership: int
    swept_at: dt.datetime

    @classmethod
    def now(cls, now: dt.datetime) -> "_Marks":
        # Decisions first: one that is made while the rest is read is read again, which does no harm.
        return cls(
            decided=watermark(),
            undone=_undone(),
            membership=_last_membership(),
            swept_at=now,
        )


def _undone() -> set[int]:
    return set(Decision.objects.filter(undone_at__isnull=False).values_list("pk", flat=True))


def _last_membership() -> int:
    return Membership.objects.aggregate(pk=Max("pk"))["pk"] or 0


def read_board(model: EncoderModel, product: Product) -> "Iterator[engine.Corpus]":
    """Yield the posts of ``product`` that are in an ask and have a vector, a few thousand at a time."""
    return corpora_of(grouped_posts(product).filter(membership__isnull=False), model=model)


def homes_of(product: Product, ids: Iterable[int] | None = None) -> dict[int | str, str | None]:
    """Return the public id of the ask of ``product`` that each of these posts, or every post, is in now."""
    held = Membership.objects.filter(ask__product=product)
    if ids is None:
        return dict(held.values_list("post", "ask__public_id"))
    homes: dict[int | str, str | None] = {}
    for some in _chunks(ids):
        homes.update(held.filter(post__in=some).values_list("post", "ask__public_id"))
    return homes


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]


class KeptPlacer:
    """A placer of the asks as they are after ``run``, kept up by `follow`. Belongs to one thread."""

    def __init__(self, model: EncoderModel, run: Run, *, now: dt.datetime) -> None:
        self.key = (model.model_key, run.pk)
        self._model, self._product = model, run.product
        self._marks = _Marks.now(now)
        self._journal = JournalCursor(VERBS, look_every=None)
        self._journal.move_to(self._journal.end(now=now), now=now)
        self._boards = JournalCursor(_MANY, look_every=None)
        self._boards.move_to(self._boards.end(now=now), now=now)
        self.placer = Placer(
            read_board(model, self._product),
            homes_of(self._product),
            threshold=run.threshold if run.threshold is not None else 1.0,
            speech=speech_known(model),
            names=names_of(self._product),
        )
        #: Posts in an ask that have no vector of their present words yet.
        self._waiting: set[int] = set()

    def follow(self, *, now: dt.datetime) -> None:
        """Take in what happened since the last look, here or in other processes."""
        index = self.placer.index
        moved = self._decided() | self._arrived()
        again = self._written(now) | self._waiting
        is_late = not dt.timedelta(0) <= now - self._marks.swept_at < SWEEP_EVERY
        if is_late or not self._boards.is_quiet(now=now):
            self._boards.move_to(self._boards.end(now=now), now=now)
            again |= self._different()
            self._marks.swept_at = now
        homes = homes_of(self._product, moved)
        index.remove(pk for pk in moved if pk not in homes)
        index.move(homes)
        self._reread(again | {int(pk) for pk in homes if pk not in index})

    def take(self, posts: "engine.Corpus") -> None:
        """Know these posts, which were just placed, without reading them again."""
        homes = homes_of(self._product, (int(i) for i in posts.ids))
        placed = [row for row, i in enumerate(posts.ids) if i in homes]
        if placed:
            self.placer.add(posts.take(placed), homes)
            self._waiting -= {int(posts.ids[row]) for row in placed}

    def _decided(self) -> set[int]:
        """Return the posts whose membership decisions made or undone since may have changed.

        Those they name, and all in the asks they speak of: undoing a split moves what the machine has added since.
        """
        marks = self._marks
        seen = watermark()
        if seen == marks.decided:
            return set()
        undone = _undone()
        touched = set(
            Decision.objects.filter(pk__gt=marks.decided[0]).values_list("pk", flat=True)
        ) | (undone ^ marks.undone)
        marks.decided, marks.undone = seen, undone
        posts: set[int] = set()
        asks: dict[int, str] = {}
        for some in _chunks(touched):
            decisions = Decision.objects.filter(pk__in=some)
            named = decisions.filter(posts__isnull=False).values_list("posts", flat=True)
            posts.update(pk for pk in named if pk is not None)
            spoken_of = Ask.objects.filter(
                Q(decisions__in=some) | Q(pk__in=decisions.values("other_ask"))
            )
            asks.update(spoken_of.values_list("pk", "public_id"))
        for some in _chunks(asks):
            posts.update(Membership.objects.filter(ask__in=some).values_list("post", flat=True))
        for key in asks.values():
            posts.update(int(i) for i in self.placer.index.members(key))
        return posts

    def _arrived(self) -> set[int]:
        """Return the posts whose membership was written since, by whatever worker."""
        last = _last_membership()
        since, self._marks.membership = self._marks.membership, max(last, self._marks.membership)
        if last <= since:
            return set()
        arrived = Membership.objects.filter(pk__gt=since, pk__lte=last)
        return set(arrived.values_list("post", flat=True))

    def _written(self, now: dt.datetime) -> set[int]:
        """Return the posts that somebody edited, hid, showed again or withdrew since."""
        end = self._journal.end(now=now)
        written = self._journal.news(now=now, limit=1_000_000)
        self._journal.move_to(end, now=now)
        return written or set()

    def _different(self) -> set[int]:
        """Return the posts that are in another ask than the placer has them in, of all there are."""
        known = dict(self.placer.index.homes())
        homes = dict(
            grouped_posts(self._product)
            .filter(membership__isnull=False)
            .values_list("pk", "membership__ask__public_id")
        )
        return {
            int(pk) for pk in known.keys() | homes.keys() if known.get(pk) != homes.get(int(pk))
        }

    def _reread(self, ids: set[int]) -> None:
        """Know these posts, their words included, as the database has them now."""
        self._waiting -= ids
        for some in _chunks(ids):
            homes = homes_of(self._product, some)
            there = grouped_posts(self._product).filter(pk__in=list(homes))
            corpus = corpus_of(there, model=self._model)
            read = set(corpus.ids)
            self.placer.index.remove(pk for pk in some if pk not in read)
            self.placer.add(corpus, homes)
            self._waiting |= set(there.values_list("pk", flat=True)) - read
