"""Placing each new post at once, against the asks that exist."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from feedback.asks import standing
from feedback.asks.counts import recount
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Membership, PlacementAttempt
from feedback.asks.proposals.regressions import propose_regressions
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Run, Vector
from feedback.grouping.place.placer_cache import KeptPlacer
from feedback.grouping.place.threshold import placing_threshold
from feedback.grouping.reasons import reason_json
from feedback.grouping.vectors import embedding
from feedback.grouping.vectors.corpus import corpus_of
from feedback.grouping.vectors.encoders import current_model
from feedback.journal.cursor import JournalCursor, JournalEnd
from feedback.journal.verbs import Verb

if TYPE_CHECKING:
    from feedback import engine


def unplaced(model: EncoderModel) -> QuerySet[Post]:
    """Return the posts that have a vector but were not looked at since they got it."""
    looked = PlacementAttempt.objects.filter(
        post=OuterRef("pk"), content_hash=OuterRef("content_hash"), model_key=model.model_key
    )
    vector = Vector.objects.filter(model_key=model.model_key, content_hash=OuterRef("content_hash"))
    return grouped_posts().filter(~Exists(looked), Exists(vector))


_POSTS = (Verb.POST_PUBLISHED, Verb.POST_EDITED, Verb.POST_SHOWN)
_kept = threading.local()
#: Up to where the journal was read when no post waited.
_nothing = JournalCursor([*_POSTS, Verb.POSTS_IMPORTED])


def forget() -> None:
    """Drop what is kept between calls, as when the database under it is another one."""
    _kept.__dict__.clear()
    _nothing.forget()
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
    key = (model.model_key, run.pk)
    recent = _recent()
    named = recent.news(*key, now=now)
    if named is not None:
        return list(waiting.filter(pk__in=named)[:limit])
    end = _nothing.end(now=now)
    posts = list(waiting[:limit])
    if len(posts) < limit:
        recent.move_to(_kept.ends.pop(key, JournalEnd()), *key, now=now)
        _kept.ends = {key: end}
    if not posts:
        _nothing.move_to(end, *key, newest, now=now)
    return posts


def _recent() -> JournalCursor:
    """Return this thread's cursor, which stays a look behind: a vector may take a while to come."""
    if not hasattr(_kept, "recent"):
        _kept.recent = JournalCursor(_POSTS, everywhere=[Verb.POSTS_IMPORTED])
        _kept.ends = {}  # where the journal ended at the last look at everything
    cursor: JournalCursor = _kept.recent
    return cursor


def place_pending(*, now: dt.datetime, limit: int = 256) -> int:
    """Place up to ``limit`` posts that nobody has looked at yet; return how many were looked at.

    A post joins the nearest ask above the board's threshold as a MACHINE membership with its reason, or
    stays unplaced with its nearest asks noted. Before the first run there is nothing to place into. Lock
    contract: computed outside any transaction, written under `hold_grouping`; what people decided in between
    counts, so a post they spoke of is looked at again instead.
    """
    model = current_model()
    run = Run.objects.last_done()
    if model is None or run is None or run.model_key != model.model_key:
        return 0
    newest = Vector.objects.aggregate(pk=Max("pk"))["pk"]
    if _nothing.is_quiet(model.model_key, run.pk, newest, now=now):
        return 0
    posts = _waiting(model, run, newest, limit=limit, now=now)
    if not posts:
        return 0
    seen = standing.watermark()
    kept = _placer(model, run, now=now)
    ids = [post.pk for post in posts]
    corpus = corpus_of(Post.objects.filter(pk__in=ids), model=model)
    kept.placer.decide(standing.about(ids).constraints_for_placing(ids))
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
    spoken_of = standing.spoken_of_since(seen) if standing.watermark() != seen else set()
    placements = [one for one in placements if int(one.id) not in spoken_of]
    ids = [int(one.id) for one in placements]
    stands = standing.about(ids)
    homes = dict(stands.homes)
    posts = Post.objects.in_bulk(ids)
    wanted = {one.key for one in placements if one.key is not None}
    asks = {ask.public_id: ask for ask in Ask.objects.there().filter(public_id__in=wanted)}
    near_ids = {int(near.id) for one in placements for near in one.reason.nearest}
    public = dict(Post.objects.filter(pk__in=near_ids).values_list("pk", "public_id"))
    touched: set[int] = set()
    placed: list[tuple[Ask, int]] = []
    for one in placements:
        post = posts.get(int(one.id))
        if post is None:
            continue
        PlacementAttempt.objects.update_or_create(
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
        if ask is None or post.pk in homes or stands.keeps_out(post.pk, ask.public_id, homes):
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
        homes[post.pk] = ask.public_id  # the next of the batch may not follow whom it is kept from
        touched.add(ask.pk)
        placed.append((ask, post.pk))
    propose_regressions(placed, now=now)
    recount(touched)
