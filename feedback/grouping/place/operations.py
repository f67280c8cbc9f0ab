"""Placing each new post at once, against the asks that exist."""

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from feedback.asks.counts import recount
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Bond, Decision, Membership, Placement
from feedback.asks.proposals.regressions import propose_regressions
from feedback.asks.standing import watermark
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Run, Vector
from feedback.grouping.place.placer_cache import KeptPlacer, standing_about
from feedback.grouping.place.threshold import placing_threshold
from feedback.grouping.reasons import reason_json
from feedback.grouping.vectors import embedding
from feedback.grouping.vectors.corpus import corpus_of
from feedback.grouping.vectors.encoders import current_model
from feedback.journal.cursor import LOOK_EVERY, VERBS, Rest
from feedback.journal.models import Entry

if TYPE_CHECKING:
    from feedback import engine


def unplaced(model: EncoderModel) -> QuerySet[Post]:
    """Return the posts that have a vector but were not looked at since they got it."""
    looked = Placement.objects.filter(
        post=OuterRef("pk"), content_hash=OuterRef("content_hash"), model_key=model.model_key
    )
    vector = Vector.objects.filter(model_key=model.model_key, content_hash=OuterRef("content_hash"))
    return grouped_posts().filter(~Exists(looked), Exists(vector))


_kept = threading.local()
_rest = Rest()
#: So many recent journal entries are followed one by one; more, as after an import, are a reason to look everywhere.
_RECENT = 500
_IMPORTED = "forum.posts-imported"


@dataclass(frozen=True)
class _Look:
    """The last look at every post, under which ``key``; the journal's end at it, and at the one before."""

    key: tuple[str, int]
    at: dt.datetime
    entry: int
    entry_before: int


def forget() -> None:
    """Drop what is kept between calls, as when the database under it is another one."""
    _kept.__dict__.clear()
    _rest.forget()
    embedding.forget()


def _placer(model: EncoderModel, run: Run, *, now: dt.datetime) -> KeptPlacer:
    """Return this thread's placer of the asks as they are; built after a run, kept up from then on."""
    kept: KeptPlacer | None = getattr(_kept, "it", None)
    if kept is None or kept.key != (model.model_key, run.pk):
        _kept.it = None  # before the next is built: two of them need not fit into memory
        kept = KeptPlacer(model, run, now=now)
        _kept.it = kept
    else:
        kept.follow(now=now)
    return kept


def _waiting(
    model: EncoderModel, run: Run, newest: int | None, *, limit: int, now: dt.datetime
) -> list[Post]:
    """Return up to ``limit`` posts that nobody has looked at yet, newest first.

    A look at every post costs what they are many. After one that found them all, the posts that the journal names
    since the look before it are looked at alone, for as long as a vector may take to come; then all again.
    """
    waiting = unplaced(model).order_by("-arrived_at", "-id")
    last: _Look | None = getattr(_kept, "look", None)
    if last is not None and last.key != (model.model_key, run.pk):
        last = None
    if last is not None and dt.timedelta(0) <= now - last.at < LOOK_EVERY:
        recent = Entry.objects.filter(pk__gt=last.entry_before, verb__in=VERBS)
        named = list(recent.values_list("verb", "subject_id")[: _RECENT + 1])
        if len(named) <= _RECENT and all(verb != _IMPORTED for verb, _ in named):
            return list(waiting.filter(pk__in={pk for _, pk in named})[:limit])
    entry = _rest.newest_entry()
    posts = list(waiting[:limit])
    if len(posts) < limit:
        before = last.entry if last is not None else 0
        _kept.look = _Look((model.model_key, run.pk), now, entry, before)
    if not posts:
        _rest.note(model.model_key, run.pk, newest, entry=entry, now=now)
    return posts


def place_pending(*, now: dt.datetime, limit: int = 256) -> int:
    """Place up to ``limit`` posts that nobody has looked at yet; return how many were looked at.

    A post joins the nearest ask above the board's threshold as a MACHINE membership with its reason, or
    stays unplaced with its nearest asks noted. Before the first run there is nothing to place into. Lock
    contract: computed outside any transaction, written under `hold_grouping`; what people decided in between
    counts, so a post they spoke of is looked at again instead.
    """
    model = current_model()
    run = Run.objects.filter(state=Run.State.DONE).order_by("-id").first()
    if model is None or run is None or run.model_key != model.model_key:
        return 0
    newest = Vector.objects.aggregate(pk=Max("pk"))["pk"]
    if _rest.holds(model.model_key, run.pk, newest, now=now):
        return 0
    posts = _waiting(model, run, newest, limit=limit, now=now)
    if not posts:
        return 0
    seen = watermark()
    kept = _placer(model, run, now=now)
    ids = [post.pk for post in posts]
    corpus = corpus_of(Post.objects.filter(pk__in=ids), model=model)
    kept.placer.decide(standing_about(ids))
    kept.placer.threshold = placing_threshold(run)
    placements = kept.placer.place(corpus, near=0)
    with transaction.atomic():
        hold_grouping()
        _apply(placements, model=model, run=run, seen=seen, now=now)
    kept.take(corpus)
    return len(posts)


def _apply(
    placements: "Sequence[engine.Placement]",
    *,
    model: EncoderModel,
    run: Run,
    seen: tuple[int, int],
    now: dt.datetime,
) -> None:
    bonds = _Bonds([int(one.id) for one in placements], seen=seen)
    ids = [int(one.id) for one in placements if int(one.id) not in bonds.spoken_of]
    placements = [one for one in placements if int(one.id) not in bonds.spoken_of]
    posts = {post.pk: post for post in Post.objects.filter(pk__in=ids)}
    taken = set(Membership.objects.filter(post__in=ids).values_list("post", flat=True))
    wanted = {one.key for one in placements if one.key is not None}
    asks = {
        ask.public_id: ask
        for ask in Ask.objects.filter(public_id__in=wanted, is_locked=False).exclude(
            state__in=[Ask.State.JOINED, Ask.State.RETIRED]
        )
    }
    near_ids = {int(near.id) for one in placements for near in one.reason.nearest}
    public = dict(Post.objects.filter(pk__in=near_ids).values_list("pk", "public_id"))
    touched: set[int] = set()
    placed: list[tuple[Ask, int]] = []
    for one in placements:
        post = posts.get(int(one.id))
        if post is None:
            continue
        Placement.objects.update_or_create(
            post=post,
            defaults={
                "content_hash": post.content_hash,
                "model_key": model.model_key,
                "candidates": [[c.key, round(float(c.score), 4)] for c in one.candidates],
                "boilerplate": one.reason.note if one.reason.ground == "BOILERPLATE" else "",
                "looked_at": now,
            },
        )
        ask = asks.get(one.key or "")
        if ask is None or post.pk in taken or bonds.forbid(post.pk, ask.pk):
            continue
        Membership.objects.create(
            post=post,
            ask=ask,
            source=Ask.Source.MACHINE,
            score=round(float(one.score), 4),
            reason=reason_json(one.reason, public),
            model_key=model.model_key,
            run_id=run.pk,
            placed_at=now,
        )
        bonds.note(post.pk, ask.pk)
        touched.add(ask.pk)
        placed.append((ask, post.pk))
    propose_regressions(placed, now=now)
    recount(touched)


class _Bonds:
    """What people have said about some posts, read under the lock.

    ``seen`` is the watermark the placements were computed with; ``spoken_of`` are the posts somebody has
    decided about since then.
    """

    def __init__(self, ids: Sequence[int], *, seen: tuple[int, int]) -> None:
        self._barred: set[tuple[int, int]] = set()
        self._partners: dict[int, set[int]] = {}
        of_these = Bond.objects.filter(
            Q(post__in=ids) | Q(other_post__in=ids), decision__undone_at__isnull=True
        )
        for kind, post, other, ask in of_these.values_list("kind", "post", "other_post", "ask"):
            if kind == Bond.Kind.NOT_HERE:
                self._barred.add((post, ask))
            elif kind == Bond.Kind.APART:
                self._partners.setdefault(post, set()).add(other)
                self._partners.setdefault(other, set()).add(post)
        others = {other for some in self._partners.values() for other in some}
        self._homes = dict(Membership.objects.filter(post__in=others).values_list("post", "ask"))
        self.spoken_of = _decided_since(seen) & set(ids) if watermark() != seen else set()

    def forbid(self, post_id: int, ask_id: int) -> bool:
        """Whether a person said that this post does not belong to this ask, or to one of its posts."""
        partners = self._partners.get(post_id, set())
        return (post_id, ask_id) in self._barred or any(
            self._homes.get(other) == ask_id for other in partners
        )

    def note(self, post_id: int, ask_id: int) -> None:
        """Know that the post is in the ask now: the next of the batch may not go there with it."""
        self._homes[post_id] = ask_id


def _decided_since(seen: tuple[int, int]) -> set[int]:
    """Return the posts that decisions made after the watermark ``seen`` name."""
    later = Decision.objects.filter(pk__gt=seen[0])
    posts = set(Bond.objects.filter(decision__in=later).values_list("post", flat=True))
    posts.update(
        other
        for other in Bond.objects.filter(decision__in=later).values_list("other_post", flat=True)
        if other is not None
    )
    for before in later.values_list("before", flat=True):
        posts.update(int(pk) for pk in before.get("memberships", {}))
    return posts
