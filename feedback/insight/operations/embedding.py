"""Giving every post a vector."""

import datetime as dt
import logging

import numpy as np
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from feedback.forum.models import Post
from feedback.insight.encoder import client
from feedback.insight.models import EncoderModel, Vector
from feedback.insight.resting import Rest
from feedback.journal import operations as journal
from feedback.kernel import clock, text

logger = logging.getLogger(__name__)

#: Texts asked of the encoder at a time: few enough that a crash repeats a second or two.
BATCH = 128

_rest = Rest()


def forget() -> None:
    """Look at everything next time, as when the database under it is another one."""
    _rest.forget()


def without_vector(model_key: str) -> "models.QuerySet[Post]":
    """Return the published posts of grouped boards that have no vector of ``model_key``."""
    vector = Vector.objects.filter(model_key=model_key, content_hash=OuterRef("content_hash"))
    return Post.objects.filter(~Exists(vector), state=Post.State.PUBLISHED, board__is_grouped=True)


def register_model(*, now: dt.datetime) -> EncoderModel:
    """Note the encoder's model and make it the current one when there is none yet.

    Raises `EncoderDown`. Another key than the current one is noted beside it; `_take_over` switches to it
    once every post has a vector of it.
    """
    health = client().health()
    model, _ = EncoderModel.objects.get_or_create(
        model_key=health.model_key,
        defaults={
            "dims": health.dims,
            "views": [[view.name, view.start, view.stop] for view in health.views],
            "first_seen_at": now,
        },
    )
    if not EncoderModel.objects.filter(is_current=True).exists():
        EncoderModel.objects.filter(pk=model.pk).update(is_current=True)
        model.is_current = True
    return model


def _take_over(model: EncoderModel, *, now: dt.datetime) -> None:
    """Make ``model`` the current one, now that every post has a vector of it, and have all regrouped.

    Until this moment everything was compared by the old model's vectors, which are kept; what people decided
    holds in the run as in every other.
    """
    if model.is_current:
        return
    from feedback.insight.operations.regrouping import request_run

    with transaction.atomic():
        EncoderModel.objects.filter(is_current=True).exclude(pk=model.pk).update(is_current=False)
        EncoderModel.objects.filter(pk=model.pk).update(is_current=True)
        journal.write(
            verb="insight.model-taken",
            subject=model,
            actor_id=None,
            now=now,
            data={"model_key": model.model_key},
        )
    request_run(now=now)


def embed_pending(*, now: dt.datetime, limit: int = 512) -> int:
    """Embed up to ``limit`` posts that lack a vector; return how many texts were embedded.

    Level-triggered and idempotent: any number of workers may run it at once, and whatever one loses by being
    killed the next finds missing. Posts with the same words share one vector. Newest posts come first, so a
    post written during a large import is placed within seconds. Raises `EncoderDown`.
    """
    model = register_model(now=now)
    if _rest.holds(model.model_key, now=now):
        return 0
    entry = _rest.newest_entry()
    done = 0
    seen: set[str] = set()
    while done < limit:
        waiting = list(
            without_vector(model.model_key)
            .order_by("-arrived_at", "-id")
            .values_list("content_hash", "title", "body")[: BATCH * 2]
        )
        batch: dict[str, str] = {}
        for content_hash, title, body in waiting:
            if content_hash not in seen and len(batch) < BATCH:
                batch[content_hash] = text.text_of(title, body)
        if not batch:
            if not waiting:
                _take_over(model, now=now)
                _rest.note(model.model_key, entry=entry, now=now)
            return done
        vectors = client().embed(list(batch.values()), timeout=120)
        if not np.isfinite(vectors).all():
            raise ValueError("The encoder answered with numbers that are not finite.")
        with transaction.atomic():
            Vector.objects.bulk_create(
                [
                    Vector(content_hash=content_hash, model_key=model.model_key, embedding=vector)
                    for content_hash, vector in zip(batch, vectors, strict=True)
                ],
                ignore_conflicts=True,
            )
        seen.update(batch)
        done += len(batch)
    return done


def missing_count(model_key: str | None) -> int:
    """Return how many posts still wait for a vector."""
    grouped = Q(state=Post.State.PUBLISHED, board__is_grouped=True)
    if model_key is None:
        return Post.objects.filter(grouped).count()
    now = clock.now()
    if _rest.holds(model_key, now=now):
        return 0
    entry = _rest.newest_entry()
    missing = without_vector(model_key).count()
    if not missing:
        _rest.note(model_key, entry=entry, now=now)
    return missing
