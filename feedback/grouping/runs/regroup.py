"""Running the engine over a product's posts: claim, compute outside any transaction, apply in one, explain in others."""

import datetime as dt
import logging
import time

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Q

from feedback.asks import standing
from feedback.asks.locking import hold_grouping
from feedback.asks.models import PlacementAttempt
from feedback.forum.models import Post, Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.board import names_of
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.questions.operations import (
    answers_between,
    learned_until,
    store_questions,
    worth_asking,
)
from feedback.grouping.runs.apply import apply_grouping
from feedback.grouping.runs.areas import arrange_areas
from feedback.grouping.runs.explain import explain, write_explained
from feedback.grouping.runs.request import request_run
from feedback.grouping.vectors.corpus import corpus_of
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import current_model
from feedback.grouping.vectors.indexes import ensure_index
from feedback.grouping.vectors.speech import speech_known
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.kernel.leases import Lease, TakenOver, claim, free

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=10)
ATTEMPTS = 3
#: Posts that must be there before grouping means anything.
SMALLEST_BOARD = 5
#: New posts without an ask that make a run due at once: a share of all, and at least so many.
NEW_SHARE = 0.05
FEWEST_NEW = 10
#: So many, but a smaller share, wait until this many times as long as the last run took has passed.
RESTS = 20
SHORTEST_REST = dt.timedelta(minutes=1)
#: Fewer wait no longer than this.
LONGEST_WAIT = dt.timedelta(days=1)


def is_due(product: Product, model: EncoderModel) -> bool:
    """Whether a run of ``product`` pays now, and all of its posts have their vectors.

    The first as soon as there are posts enough. A later one when posts came that are in no ask: many at once, some as
    soon as the worker has rested from the last run, a few once a day.
    """
    last = Run.objects.last_done(product, model.model_key)
    if last is None:
        if grouped_posts(product).count() < SMALLEST_BOARD:
            return False
    elif not _pays(product, last):
        return False
    return not missing_count(model.model_key, product) and not _resting_after_failures(product)


def _pays(product: Product, last: Run) -> bool:
    """Whether what came since ``last`` is worth another run."""
    arrived = Post.objects.filter(board__product=product, arrived_at__gt=last.started_at)
    # The cheap question first: an idle site is asked every few seconds.
    if not arrived.exists() or last.started_at is None or last.finished_at is None:
        return False
    here, now = grouped_posts(product), clock.now()
    alone = here.filter(pk__in=arrived, membership__isnull=True)
    fresh = alone.count()
    if fresh < FEWEST_NEW:
        return alone.filter(arrived_at__lte=now - LONGEST_WAIT).exists()
    if fresh >= NEW_SHARE * here.count():
        return True
    took = last.finished_at - last.started_at
    return now >= last.finished_at + max(SHORTEST_REST, RESTS * took)


def _resting_after_failures(product: Product) -> bool:
    """Whether the last runs of ``product`` failed and it is too early to try again by itself: 1, 2, 4 … 60 minutes."""
    ended = Run.objects.filter(product=product).exclude(state=Run.State.WAITING)
    latest = list(ended.order_by("-id")[:7])
    failures = 0
    for run in latest:
        if run.state != Run.State.FAILED:
            break
        failures += 1
    if not failures or latest[0].finished_at is None:
        return False
    rest = dt.timedelta(minutes=min(60, 2 ** (failures - 1)))
    return clock.now() < latest[0].finished_at + rest


def regroup_due(*, now: dt.datetime) -> Run | None:
    """Run the engine when somebody asked for it, when it is due, or when a killed run left its lease.

    Returns the finished run, or None when there was nothing to do. Lock contract: one run of a product at a time, claimed
    by a conditional update with a lease; the result is applied in one transaction under `hold_grouping`, and
    computed anew when a person decided something meanwhile. What it says of asks and asks people follows in short
    transactions of its own.
    """
    model = current_model()
    if model is None:
        return None
    begun = Q(state__in=[Run.State.WAITING, Run.State.RUNNING])
    busy = Run.objects.filter(begun)
    claimable = busy.filter(free(now))
    run = claimable.order_by("state", "id").first()
    if run is None:
        idle = Product.objects.exclude(pk__in=busy.values("product"))
        due = next((product for product in idle if is_due(product, model)), None)
        if due is None:
            return None
        run = request_run(product=due, now=now)
    try:
        with transaction.atomic():
            lease = claim(
                claimable,
                run,
                lasts=LEASE,
                state=Run.State.RUNNING,
                started_at=now,
                model_key=model.model_key,
            )
    except IntegrityError:
        return None  # another worker's run is under way
    if lease is None or lease.is_spent(ATTEMPTS):
        return None
    try:
        with lease.or_failed():
            _compute_and_apply(lease, model=model)
    except TakenOver:
        logger.warning("Run %s was taken over by another worker; this result is dropped.", run.pk)
        return None
    ensure_index(model)
    return run


def _compute_and_apply(lease: Lease[Run], *, model: EncoderModel) -> None:
    """Renews the lease with what the run is doing. Raises `TakenOver`."""
    from feedback.engine import Grouper  # loads scipy; the web need not

    run = lease.row
    product = run.product
    last = Run.objects.last_done(product)
    for attempt in range(3):
        mark = standing.watermark()
        lease.renew(stage="reading")
        corpus = corpus_of(grouped_posts(product), model=model)
        lease.renew(stage="grouping", post_count=len(corpus))
        stands = standing.everywhere(product, released_since=last.started_at if last else None)
        previous: dict[int | str, str] = dict(stands.homes.items())
        with lease.kept_alive():
            grouper = Grouper(speech=speech_known(model), names=names_of(product)).fit(
                corpus, stands.constraints(), previous
            )
            if standing.watermark() != mark and attempt < 2:
                continue  # noticed before more is computed in vain
            seconds = dict(grouper.timings_)
            started = time.perf_counter()
            explained = explain(grouper, corpus)
            seconds["explain"] = time.perf_counter() - started
            teaching = worth_asking(grouper)
            seconds["questions"] = time.perf_counter() - started - seconds["explain"]
        lease.renew(stage="applying")
        with transaction.atomic():
            hold_grouping()
            lease.renew()
            if standing.watermark() != mark and attempt < 2:
                continue  # somebody decided meanwhile: their word counts, so compute with it
            now = clock.now()
            applied = apply_grouping(
                grouper, corpus=corpus, run=run, model=model, now=now, decided_after=mark
            )
        # From here on nothing moves a post. Others write in between: each of these is a transaction of its own, and
        # a worker that is killed leaves a run that the next one applies again without a change.
        with transaction.atomic():
            hold_grouping()
            lease.renew()
            write_explained(explained, homes=applied.homes, run=run, model=model, now=now)
        with transaction.atomic():
            hold_grouping()
            lease.renew()
            store_questions(teaching, run=run, now=now)
            PlacementAttempt.objects.bulk_create(
                [
                    PlacementAttempt(
                        post_id=pk,
                        content_hash=content_hash,
                        model_key=model.model_key,
                        looked_at=now,
                    )
                    for pk, content_hash in grouped_posts(product)
                    .filter(pk__in=corpus.ids, placement__isnull=True)
                    .values_list("pk", "content_hash")
                ]
                if len(corpus) <= 20_000
                else [],
                ignore_conflicts=True,
                batch_size=500,
            )
            lease.end(
                state=Run.State.DONE,
                stage="",
                finished_at=now,
                threshold=float(grouper.threshold_),
                timings={name: round(took, 3) for name, took in seconds.items()},
                **applied.counts,
            )
            run.refresh_from_db()
            journal.write(
                verb=Verb.RUN_FINISHED,
                subject=run,
                actor_id=run.requested_by_id,
                now=now,
                data={
                    "product": product.slug,
                    "posts": run.post_count,
                    "groups": run.group_count,
                    "new": run.new_ask_count,
                    "answers": answers_between(product, learned_until(product), mark[0]),
                    "found": applied.found,
                    "moved": applied.moved,
                    "decision": mark[0],
                },
            )
        arrange_areas(
            corpus, space=grouper.space_, idle=np.flatnonzero(grouper.boilerplate_), run=run
        )
        return
