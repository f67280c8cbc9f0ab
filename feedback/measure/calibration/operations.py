"""The threshold that this board's own judged placements ask for."""

import datetime as dt

import numpy as np
from django.conf import settings
from django.db import transaction

from feedback.forum.models import Product
from feedback.grouping.models import Run
from feedback.grouping.vectors.encoders import current_model
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.measure.judging.queries import (
    NEARLY,
    judgements_of_new_posts,
    nearly_placed,
    placed_singly,
)
from feedback.measure.models import Calibration, Judgement, SetThreshold

#: Judgements older than this are of another board.
RECENT = dt.timedelta(days=365)
Kind = Judgement.Kind


def calibrated_threshold(run: Run) -> float | None:
    """Return the threshold that a person set for the run's product and model, or else the one that judgements ask for.

    None where there is neither.
    """
    known = {"product": run.product_id, "model_key": run.model_key}
    chosen = SetThreshold.objects.filter(**known).values_list("threshold", flat=True).first()
    if chosen is not None:
        return chosen
    found = Calibration.objects.filter(**known).values_list("threshold", flat=True)
    return found.first()


def calibrate_when_judged(*, product: Product, now: dt.datetime) -> Calibration | None:
    """Calibrate when there are new answers, or another precision is asked for; otherwise leave it."""
    model = current_model()
    if model is None:
        return None
    newest = (
        judgements_of_new_posts(product, model.model_key)
        .order_by("-judged_at")
        .values_list("judged_at", flat=True)
        .first()
    )
    if newest is None:
        return None
    kept = product.calibrations.filter(model_key=model.model_key).first()
    if (
        kept is not None
        and kept.calibrated_at >= newest
        and kept.precision_wanted == settings.PLACING_PRECISION
    ):
        return kept
    return calibrate(product=product, now=now)


def calibrate(*, product: Product, now: dt.datetime) -> Calibration | None:
    """Find the threshold of ``product`` anew; returns the calibration that stands now, or None when none can be stated.

    Learned only from new posts as the placer left them (`Judgement.Kind.PLACEMENT`) and those that it nearly
    placed: what a run has grouped is not what one post meets that comes alone. Each sample counts by how many
    posts it stands for. What people decided by themselves is left out: they look where it hurts. Where the
    answers no longer support a threshold, the run's own holds again.
    """
    from feedback.engine.place.calibration import threshold_for  # loads scipy; the web need not

    model, run = current_model(), Run.objects.select_related("product").last_done(product)
    if model is None or run is None or run.threshold is None:
        return None
    judged = (
        judgements_of_new_posts(product, model.model_key)
        .filter(score__isnull=False, judged_at__gte=now - RECENT)
        .exclude(verdict=Judgement.Verdict.UNSURE)
    )
    rows = list(judged.order_by("pk").values_list("kind", "score", "verdict"))
    sizes = {
        Kind.PLACEMENT: placed_singly(run).count(),
        Kind.CANDIDATE: len(nearly_placed(run, model)),
    }
    counts = {kind: sum(row[0] == kind for row in rows) for kind in sizes}
    weights = {kind: max(sizes[kind], counts[kind]) / max(counts[kind], 1) for kind in sizes}
    found = threshold_for(
        np.array([score for _, score, _ in rows], dtype=np.float64),
        np.array([verdict == Judgement.Verdict.SAME for _, _, verdict in rows], dtype=bool),
        precision=settings.PLACING_PRECISION,
        weights=np.array([weights[Kind(kind)] for kind, _, _ in rows], dtype=np.float64),
    )
    with transaction.atomic():
        before = product.calibrations.filter(model_key=model.model_key).first()
        if found is None:
            if before is not None:
                before.delete()
            return None
        # Below this nothing was judged: nearly placed begins there.
        threshold = max(found.threshold, NEARLY * run.threshold)
        after, _ = Calibration.objects.update_or_create(
            product=product,
            model_key=model.model_key,
            defaults={
                "threshold": round(threshold, 4),
                "precision_wanted": settings.PLACING_PRECISION,
                "precision_found": round(found.found, 4),
                "precision_low": round(found.low, 4),
                "judged_count": found.judged,
                "calibrated_at": now,
            },
        )
        if before is None or abs(before.threshold - after.threshold) >= 0.005:
            journal.write(
                verb=Verb.CALIBRATED,
                subject=after,
                actor_id=None,
                now=now,
                data={"threshold": after.threshold, "judged": after.judged_count},
            )
    return after
