"""Placing each new post at once, against the asks that exist."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from feedback.accounts.outcomes import counting
from feedback.asks import standing
from feedback.asks.counts import recount
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Membership, PlacementAttempt
from feedback.asks.outcomes import people_of_placed
from feedback.asks.proposals.regressions import propose_regressions
from feedback.asks.proposals.said_same import propose_said_same
from feedback.forum.models import Post, Product
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


#: What brings a post that may have to be placed.
_POSTS = (Verb.POST_PUBLISHED, Verb.POST_EDITED, Verb.POST_SHOWN, Verb.POST_CHANGED_BOARD)
#: What brings so many that everything is looked at.
_MANY = (
    Verb.POSTS_IMPORTED,
    Verb.POSTS_REHOUSED,
    Verb.BOARD_EDITED,
    Verb.BOARD_READERS_CHANGED,
    Verb.DECISION_UNDONE,
)


def unplaced(model: EncoderModel, product: Product) -> QuerySet[Post]:
    """Return the posts of ``product`` that have a vector but were not looked at since they got it."""
    looked = PlacementAttempt.objects.filter(
        post=OuterRef("pk"), content_hash=OuterRef("content_hash"), model_key=model.model_key
    )
    vector = Vector.objects.filter(model_key=model.model_key, content_hash=OuterRef("content_hash"))
    return grouped_posts(product).filter(~Exists(looked), Exists(vector))


class _Watch:
    """What one thread keeps of one product between two calls."""

    def __init__(self) -> None:
        self._placer: KeptPlacer | None = None
        #: Up to where the journal was read when no post waited.
        self._nothing = JournalCursor(_POSTS, everywhere=_MANY)
        #: Stays a look behind: a vector may take a while to come.
        self._recent = JournalCursor(_POSTS, everywhere=_MANY)
        #: Where the journal ended at the last look at everything, and of which model and run.
        self._last: tuple[tuple[str, int], JournalEnd] | None = None

    def placer(self, model: EncoderModel, run: Run, *, now: dt.datetime) -> KeptPlacer:
        """Return the placer of the asks as they are; built after a run, kept up from then on."""
        kept = self._placer
        if kept is None or kept.key != (model.model_key, run.pk):
            self._placer = None  # before the next is built: two of them need not fit into memory
            kept = self._placer = KeptPlacer(model, run, now=now)
        else:
            kept.follow(now=now)
        return kept

    def waiting(
        self, model: EncoderModel, run: Run, newest: int | None, *, limit: int, now: dt.datetime
    ) -> list[Post]:
        """Return up to ``limit`` posts that nobody has looked at yet, newest first.

        ``newest`` is the newest vector. A look at every post costs what they are many. After one that found them
        all, the posts that the journal names since the look before it are looked at alone, for as long as a vector
        may take to come; then all again.
        """
        key = (model.model_key, run.pk)
        if self._nothing.is_quiet(*key, newest, now=now):
            return []
        waiting = unplaced(model, run.product).order_by("-arrived_at", "-id")
        named = self._recent.news(*key, now=now)
        if named is not None:
            return list(waiting.filter(pk__in=named)[:limit])
        end = self._nothing.end(now=now)
        posts = list(waiting[:limit])
        if len(posts) < limit:
            before = self._last[1] if self._last is not None and self._last[0] == key else None
            self._recent.move_to(before or JournalEnd(), *key, now=now)
            self._last = (key, end)
        if not posts:
            self._nothing.move_to(end, *key, newest, now=now)
        return posts


_watches = threading.local()


def _watch(product: Product) -> _Watch:
    watches: dict[int, _Watch] = _watches.__dict__.setdefault("of", {})
    return watches.setdefault(product.pk, _Watch())


def forget() -> None:
    """Drop what this thread keeps between calls, as when the database under it is another one."""
    _watches.__dict__.clear()
    embedding.forget()


def place_pending(*, now: dt.datetime, limit: int = 256) -> int:
    """Place up to ``limit`` posts that nobody has looked at yet; return how many were looked at.

    A post joins the nearest ask of its product above the threshold as a MACHINE membership with its reason, or
    stays unplaced with its nearest asks noted. Before a product's first run there is nothing to place into. Lock
    contract: computed outside any transaction, written under `hold_grouping`; what people decided in between
    counts, so a post they spoke of is looked at again instead.
    """
    model = current_model()
    if model is None:
        return 0
    newest = Vector.objects.aggregate(pk=Max("pk"))["pk"]
    looked = 0
    for product in Product.objects.all():
        run = Run.objects.select_related("product").last_done(product)
        if looked < limit and run is not None and run.model_key == model.model_key:
            looked += _place(model, run, newest, limit=limit - looked, now=now)
    return looked


def _place(
    model: EncoderModel, run: Run, newest: int | None, *, limit: int, now: dt.datetime
) -> int:
    """Place up to ``limit`` posts of the product of ``run``; return how many were looked at."""
    watch = _watch(run.product)
    posts = watch.waiting(model, run, newest, limit=limit, now=now)
    if not posts:
        return 0
    seen = standing.watermark()
    kept = watch.placer(model, run, now=now)
    ids = [post.pk for post in posts]
    corpus = corpus_of(Post.objects.filter(pk__in=ids), model=model)
    kept.placer.decide(standing.about(ids).constraints_for_placing(ids))
    kept.placer.threshold = placing_threshold(run)
    placements = kept.placer.place(corpus, near=0)
    with transaction.atomic():
        hold_grouping()
        placed = _apply(placements, model=model, run=run, seen=seen, now=now)
    if people := people_of_placed(placed):
        counting.reconcile(fix=True, people=people)
    kept.take(corpus)
    return len(posts)


def _apply(
    placements: "Sequence[engine.Placement]",
    *,
    model: EncoderModel,
    run: Run,
    seen: tuple[int, int],
    now: dt.datetime,
) -> list[int]:
    """Write what was found; return the posts that stand in an ask now."""
    spoken_of = standing.spoken_of_since(seen) if standing.watermark() != seen else set()
    placements = [one for one in placements if int(one.id) not in spoken_of]
    ids = [int(one.id) for one in placements]
    stands = standing.about(ids)
    homes = dict(stands.homes)
    posts = Post.objects.in_bulk(ids)
    wanted = {one.key for one in placements if one.key is not None}
    there = Ask.objects.there().filter(product=run.product, public_id__in=wanted)
    asks = {ask.public_id: ask for ask in there}
    elsewhere = set(posts) - set(
        Post.objects.filter(pk__in=ids, board__product=run.product).values_list("pk", flat=True)
    )
    near_ids = {int(near.id) for one in placements for near in one.reason.nearest}
    public = dict(Post.objects.filter(pk__in=near_ids).values_list("pk", "public_id"))
    touched: set[int] = set()
    placed: list[tuple[Ask, int]] = []
    for one in placements:
        post = posts.get(int(one.id))
        if post is None or post.pk in elsewhere:
            continue  # gone, or moved to another product meanwhile
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
    propose_said_same((pk for _ask, pk in placed), now=now)
    return [pk for _ask, pk in placed]
