"""Giving every post a vector: of the model in force, and beside it of one that is tried."""

import datetime as dt
import logging
import time
from collections import defaultdict

from django.db import models, transaction
from django.db.models import Count, Exists, Min, OuterRef
from django.db.models.functions import Coalesce, Greatest

from feedback.asks.models import Ask, Decision
from feedback.encoder.client import EncoderClient, EncoderSlow
from feedback.engine.words.reading import read_posts
from feedback.forum.models import Post, Product
from feedback.forum.products.queries import within
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Vector
from feedback.grouping.runs.request import request_runs
from feedback.grouping.vectors.encoders import (
    client,
    client_of,
    configured_keys,
    current_model,
    is_own,
    spec_of,
    specs_now,
)
from feedback.grouping.vectors.indexes import drop_index
from feedback.grouping.vectors.speech import judge_of, refrains_now
from feedback.journal import operations as journal
from feedback.journal.cursor import JournalCursor
from feedback.journal.verbs import Verb
from feedback.kernel import clock

logger = logging.getLogger(__name__)

#: Posts read at a time: few enough that a crash repeats a second or two; on a machine too slow for that, fewer.
BATCH, SMALLEST_BATCH = 128, 4
#: Seconds that a request of this lane waits, in all.
PATIENCE = 60.0
#: Vectors removed in one transaction: others write in between.
REMOVED_AT_ONCE = 2_000


def _cursor() -> JournalCursor:
    """Return a cursor of what gives a post words that are not read yet."""
    return JournalCursor(
        [
            Verb.POST_PUBLISHED,
            Verb.POST_EDITED,
            Verb.POST_SHOWN,
            Verb.POST_CHANGED_BOARD,
            Verb.POSTS_IMPORTED,
            Verb.BOARD_EDITED,
            Verb.BOARD_READERS_CHANGED,
        ]
    )


#: Of each model: up to where the journal was read when every post had its vector.
_complete: dict[str, JournalCursor] = defaultdict(_cursor)
#: Of each model: how many posts it reads in time here, as far as is known.
_in_time: dict[str, int] = {}


def forget() -> None:
    """Look at everything next time, as when the database under it is another one."""
    _complete.clear()
    _in_time.clear()


def without_vector(model_key: str) -> "models.QuerySet[Post]":
    """Return the published posts of grouped boards that have no vector of ``model_key``."""
    vector = Vector.objects.filter(model_key=model_key, content_hash=OuterRef("content_hash"))
    return Post.objects.filter(~Exists(vector), state=Post.State.PUBLISHED, board__is_grouped=True)


def register_model(*, now: dt.datetime) -> EncoderModel:
    """Note the configured encoder's model, and make it the current one when there is none yet.

    Raises `EncoderDown`. Another key than the current one is noted beside it, with what finds it again.
    """
    health = client().health()
    spec = spec_of(health)
    model, _ = EncoderModel.objects.get_or_create(
        model_key=health.model_key,
        defaults={
            "dims": health.dims,
            "views": [[view.name, view.start, view.stop] for view in health.views],
            "spec": spec,
            "first_seen_at": now,
        },
    )
    if model.spec != spec:
        EncoderModel.objects.filter(pk=model.pk).update(spec=spec)
        model.spec = spec
    if not EncoderModel.objects.filter(is_current=True).exists():
        EncoderModel.objects.filter(pk=model.pk).update(is_current=True, chosen_at=now)
        model.is_current, model.chosen_at = True, now
    return model


def tried_model(*, now: dt.datetime) -> EncoderModel | None:
    """Return the model that HEED_ENCODER names and that is not in force, unless somebody set it aside.

    Raises `EncoderDown` when it was never seen and does not answer now.
    """
    current = current_model()
    keys = configured_keys()
    if current is None or current.model_key in keys:
        return None
    known = EncoderModel.objects.filter(model_key__in=keys).order_by("-pk").first()
    if known is None:
        known = register_model(now=now)
    if known.is_current or known.set_aside_at or known.removed_at:
        return None
    return known


def anything_at_stake() -> bool:
    """Whether people have confirmed or decided anything that they would like to see a model's word on."""
    return Decision.objects.exists() or Ask.objects.public().exists()


def make_current(model: EncoderModel, *, actor_id: int | None, now: dt.datetime) -> None:
    """Make ``model`` the one whose vectors are compared. Call inside a transaction.

    The old model's vectors are kept; what people decided holds in the next run as in every other.
    """
    EncoderModel.objects.filter(is_current=True).exclude(pk=model.pk).update(is_current=False)
    EncoderModel.objects.filter(pk=model.pk).update(
        is_current=True,
        chosen_at=now,
        chosen_by=actor_id,
        set_aside_at=None,
        set_aside_by=None,
        removed_at=None,
    )
    journal.write(
        verb=Verb.MODEL_TAKEN,
        subject=model,
        actor_id=actor_id,
        now=now,
        data={"model_key": model.model_key},
    )


def embed_pending(*, now: dt.datetime, limit: int = 512) -> int:
    """Embed up to ``limit`` posts that lack a vector of the model in force; return how many texts that were.

    Level-triggered and idempotent: any number of workers may run it at once, and whatever one loses by being
    killed the next finds missing. Posts with the same words share one vector. Newest posts come first, so a
    post written during a large import is placed within seconds. Raises `EncoderDown`.
    """
    model = current_model()
    if model is None or (model.model_key in configured_keys() and model.spec not in specs_now()):
        register_model(now=now)  # a first start, or the same model at another address
        model = EncoderModel.objects.get(is_current=True)
    encoder = client_of(model)
    if is_own(model):
        encoder.health()  # keeps it in the encoder's memory, and says early that it is down
    return _embed(model, encoder, now=now, limit=limit)[0]


def embed_beside(*, now: dt.datetime, limit: int = 1024) -> tuple[EncoderModel, int, bool] | None:
    """Embed up to ``limit`` posts with the model that is tried, if any, while the other stays in force.

    Returns the model, how many texts were embedded, and whether every post has its vector now. Where nothing is
    at stake yet, the first hours of a site, it then takes over by itself; otherwise people decide. Raises
    `EncoderDown`.
    """
    model = tried_model(now=now)
    if model is None:
        return None
    if is_own(model):
        client().health()
    done, is_complete = _embed(model, client(model), now=now, limit=limit)
    if is_complete and not anything_at_stake():
        with transaction.atomic():
            make_current(model, actor_id=None, now=now)
        request_runs(now=now)
    return model, done, is_complete


def _embed(
    model: EncoderModel, encoder: EncoderClient, *, now: dt.datetime, limit: int
) -> tuple[int, bool]:
    """Return how many texts were embedded, and whether a look found none that waits."""
    cursor = _complete[model.model_key]
    if cursor.is_quiet(now=now):
        return 0, True
    end = cursor.end(now=now)
    done = 0
    seen: set[str] = set()
    judge = refrains = None
    while done < limit:
        at_once = _in_time.get(model.model_key, BATCH)
        waiting = list(
            without_vector(model.model_key)
            .order_by("-arrived_at", "-id")
            .values_list("content_hash", "title", "body")[: BATCH * 2]
        )
        batch: dict[str, tuple[str, str]] = {}
        for content_hash, title, body in waiting:
            if content_hash not in seen and len(batch) < at_once:
                batch[content_hash] = (title, body)
        if not batch:
            if not waiting:
                cursor.move_to(end, now=now)
            return done, not waiting
        if judge is None:
            judge, refrains = judge_of(model, encoder), refrains_now()
        began = time.monotonic()
        try:
            read = read_posts(
                list(batch.values()),
                lambda texts: encoder.embed(texts, timeout=PATIENCE),
                judge,
                refrains,
            )
        except EncoderSlow:
            _in_time[model.model_key] = max(SMALLEST_BATCH, at_once // 4)
            raise
        if time.monotonic() - began < PATIENCE / 4:
            _in_time[model.model_key] = min(BATCH, at_once * 2)
        with transaction.atomic():
            Vector.objects.bulk_create(
                [
                    Vector(
                        content_hash=content_hash,
                        model_key=model.model_key,
                        embedding=vector,
                        lead=lead,
                    )
                    for content_hash, vector, lead in zip(
                        batch, read.vectors, read.leads, strict=True
                    )
                ],
                ignore_conflicts=True,
            )
        seen.update(batch)
        done += len(batch)
    return done, False


def clear_removed(*, limit: int = 20_000) -> int:
    """Delete up to ``limit`` vectors of models that somebody removed; return how many went."""
    gone = 0
    for model in EncoderModel.objects.filter(removed_at__isnull=False, is_current=False):
        drop_index(model)
        while gone < limit:
            some = Vector.objects.filter(model_key=model.model_key).values("pk")[:REMOVED_AT_ONCE]
            count, _ = Vector.objects.filter(
                pk__in=list(some.values_list("pk", flat=True))
            ).delete()
            if not count:
                break
            gone += count
    return gone


def unread(model_key: str | None, product: Product | None = None) -> tuple[int, dt.datetime | None]:
    """Return how many posts, of one product or of all, still wait for a vector, and since when the first of them does."""
    if model_key is None:
        return _waiting(grouped_posts(product))
    now = clock.now()
    cursor = _complete[model_key]
    if cursor.is_quiet(now=now):
        return 0, None
    end = cursor.end(now=now)
    missing, oldest = _waiting(without_vector(model_key).filter(within(product, "board__product")))
    if not missing and product is None:
        cursor.move_to(end, now=now)
    return missing, oldest


def _waiting(posts: "models.QuerySet[Post]") -> tuple[int, dt.datetime | None]:
    since = Greatest("arrived_at", Coalesce("edited_at", "arrived_at"))
    found = posts.aggregate(number=Count("pk"), oldest=Min(since))
    return found["number"], found["oldest"]


def missing_count(model_key: str | None, product: Product | None = None) -> int:
    """Return how many posts, of one product or of all, still wait for a vector."""
    return unread(model_key, product)[0]
