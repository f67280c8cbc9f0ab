"""Setting the threshold of new posts by hand, after a look at what would move."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.models import Ask, Membership
from feedback.engine.stats.intervals import Share, wilson
from feedback.forum.models import Post, Product
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.place.threshold import placing_threshold
from feedback.grouping.vectors.encoders import current_model
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.measure.judging.queries import (
    NEARLY,
    judgements_of_new_posts,
    nearly_placed,
    placed_singly,
)
from feedback.measure.models import Judgement, SetThreshold

#: What a person may set. Below `NEARLY` of a run's own nothing was looked at.
LOWEST, HIGHEST = 0.3, 0.95
#: Posts that are shown of each side.
SHOWN = 5
#: Judged new posts above a threshold from which their share says something.
ENOUGH = 20


@dataclass(frozen=True)
class Moved:
    """A post that another threshold would have treated otherwise, with the ask in question."""

    post: Post
    ask: Ask
    score: float


@dataclass(frozen=True)
class Preview:
    """What would have become of the posts that came since the last grouping, at ``threshold`` instead of ``now``.

    ``out`` of ``joined`` would have stayed alone, ``into`` of ``alone`` would have joined, each with the first few.
    ``right`` is the share of right ones among the judged posts above it, None while there are too few.
    """

    threshold: float
    now: float
    joined: int
    out: int
    first_out: Sequence[Moved]
    alone: int
    into: int
    first_into: Sequence[Moved]
    judged: int
    right: Share | None


def bounds(run: Run) -> tuple[float, float]:
    """Return the least and the most that may be set after ``run``; what it found itself is never outside."""
    own = run.threshold if run.threshold is not None else HIGHEST
    return min(round(own, 2), max(LOWEST, round(NEARLY * own, 2))), HIGHEST


def run_and_model(product: Product) -> tuple[Run, EncoderModel] | None:
    """Return the last run of ``product`` and the model in use, None where there is nothing to set."""
    model, run = current_model(), Run.objects.select_related("product").last_done(product)
    if model is None or run is None or run.threshold is None:
        return None
    return run, model


def preview(product: Product, threshold: float) -> Preview | None:
    """Return what ``threshold`` would have changed; None before the first grouping. Nothing moves."""
    found = run_and_model(product)
    if found is None:
        return None
    run, model = found
    joined = placed_singly(run).filter(score__isnull=False)
    out = joined.filter(score__lt=threshold)
    nearly = nearly_placed(run, model)
    into = sorted((row for row in nearly if row[2] >= threshold), key=lambda row: (-row[2], row[0]))
    judged = judgements_of_new_posts(product, model.model_key).filter(score__gte=threshold)
    judged = judged.exclude(verdict=Judgement.Verdict.UNSURE)
    number = judged.count()
    right = judged.filter(verdict=Judgement.Verdict.SAME).count()
    return Preview(
        threshold=threshold,
        now=placing_threshold(run),
        joined=joined.count(),
        out=out.count(),
        first_out=_first_out(out),
        alone=len(nearly),
        into=len(into),
        first_into=_first_into(into[:SHOWN]),
        judged=number,
        right=wilson(right, number) if number >= ENOUGH else None,
    )


def _first_out(out: QuerySet[Membership]) -> list[Moved]:
    rows = out.select_related("post", "ask").order_by("score", "pk")[:SHOWN]
    return [Moved(row.post, row.ask, row.score or 0.0) for row in rows]


def _first_into(rows: Sequence[tuple[int, str, float]]) -> list[Moved]:
    posts = Post.objects.in_bulk([post for post, _ask, _score in rows])
    asks = {
        ask.public_id: ask
        for ask in Ask.objects.filter(public_id__in=[ask for _post, ask, _score in rows])
    }
    return [
        Moved(posts[post], asks[ask], score)
        for post, ask, score in rows
        if post in posts and ask in asks
    ]


def set_by_hand(product: Product) -> SetThreshold | None:
    """Return what a person set for ``product`` and the model in use."""
    model = current_model()
    if model is None:
        return None
    kept = product.set_thresholds.filter(model_key=model.model_key)
    return kept.select_related("set_by").first()


@by_manager
@transaction.atomic
def set_threshold(
    *, product: Product, threshold: float | None, actor: User, now: dt.datetime
) -> float | None:
    """Have new posts of ``product`` join from ``threshold`` on, by themselves; None has the found one hold again.

    Returns what was set before. It moves nothing that stands. Raises `Refusal` out of bounds, and before the first grouping.
    """
    found = run_and_model(product)
    if found is None:
        raise Refusal(_("Nothing is grouped yet, so there is nothing to set."))
    run, model = found
    least, most = bounds(run)
    if threshold is not None and not least <= threshold <= most:
        raise Refusal(
            _("Choose a similarity from %(least).2f to %(most).2f.")
            % {"least": least, "most": most},
            status=422,
        )
    known: dict[str, Any] = {"product": product, "model_key": model.model_key}
    kept = SetThreshold.objects.select_for_update().filter(**known).first()
    before = kept.threshold if kept is not None else None
    if threshold == before:
        return before
    if threshold is None:
        SetThreshold.objects.filter(**known).delete()
    else:
        said = {"threshold": threshold, "set_by": actor, "set_at": now}
        SetThreshold.objects.update_or_create(**known, defaults=said)
    journal.write(
        verb=Verb.THRESHOLD_SET,
        subject=product,
        actor_id=actor.pk,
        now=now,
        data={"product": product.slug, "before": before, "after": threshold},
    )
    return before
