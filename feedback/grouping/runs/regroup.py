"""Running the engine over a product's posts: claim, compute, keep what differs, write it in short transactions."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from feedback.asks import standing
from feedback.asks.locking import hold_grouping
from feedback.forum.models import Post, Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.board import names_of
from feedback.grouping.models import EncoderModel, Finding, Run
from feedback.grouping.questions.operations import (
    answers_between,
    learned_until,
    store_questions,
    worth_asking,
)
from feedback.grouping.runs.apply import AsksStep, write_opposites
from feedback.grouping.runs.areas import arrange_areas
from feedback.grouping.runs.explain import explain
from feedback.grouping.runs.findings import Differences, Found
from feedback.grouping.runs.marks import write_marks
from feedback.grouping.runs.propose import write_proposals
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
from feedback.kernel.turns import turn

if TYPE_CHECKING:
    from feedback.engine import Corpus, Space

logger = logging.getLogger(__name__)

#: Renewed for the whole of a run: what a killed worker held is taken up so soon.
LEASE = dt.timedelta(seconds=60)
ATTEMPTS = 3
#: Pieces that are kept in one transaction.
KEPT_AT_ONCE = 10
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
    by a conditional update with a lease; computed outside any transaction, and anew when a person decided something
    meanwhile. What differs is kept, then written piece by piece, each in a transaction of its own under `hold_grouping`.
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
    begins = {} if run.goes_on(model.model_key) else {"started_at": now, "stage": ""}
    try:
        with transaction.atomic():
            lease = claim(
                claimable,
                run,
                lasts=LEASE,
                state=Run.State.RUNNING,
                model_key=model.model_key,
                **begins,
            )
    except IntegrityError:
        return None  # another worker's run is under way
    if lease is None or lease.is_spent(ATTEMPTS):
        return None
    try:
        with lease.or_failed(), lease.kept_alive():
            _carry_out(lease, model=model)
    except TakenOver:
        logger.warning("Run %s was taken over by another worker; this result is dropped.", run.pk)
        return None
    ensure_index(model)
    return run


@dataclass(frozen=True, eq=False)
class _Board:
    """The posts of a product, and the space in which a run compares them."""

    corpus: "Corpus"
    space: "Space"


def _carry_out(lease: Lease[Run], *, model: EncoderModel) -> None:
    """Renews the lease with what the run is doing. Raises `TakenOver`."""
    run = lease.row
    board = None if run.goes_on(model.model_key) else _find(lease, model=model)
    _write(lease)
    lease.renew(stage=Run.ARRANGING)
    board = board or _read(run, model)
    arrange_areas(board.corpus, space=board.space, run=run)
    _end(lease)


def _find(lease: Lease[Run], *, model: EncoderModel) -> _Board:
    """Compute, and keep what is to be written."""
    from feedback.engine import Grouper  # loads scipy; the web need not

    run = lease.row
    product = run.product
    _clear_findings(product)
    last = Run.objects.last_done(product)
    for attempt in range(3):
        mark = standing.watermark()
        run.known_decision = mark[0]
        lease.renew(stage="reading", known_decision=mark[0])
        corpus = corpus_of(grouped_posts(product), model=model)
        lease.renew(stage="grouping", post_count=len(corpus))
        stands = standing.everywhere(product, released_since=last.started_at if last else None)
        previous: dict[int | str, str] = dict(stands.homes.items())
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
        if standing.watermark() != mark and attempt < 2:
            continue  # somebody decided meanwhile: their word counts, so compute with it
        found = Differences(Found(grouper, corpus, explained, teaching), run=run, model=model)
        _keep(found, run)
        break
    lease.renew(
        stage=Run.APPLYING,
        threshold=float(grouper.threshold_),
        timings={name: round(took, 3) for name, took in seconds.items()},
        **found.counts,
    )
    return _Board(corpus, grouper.space_)


def _keep(found: Differences, run: Run) -> None:
    pieces = (
        Finding(run=run, number=number, kind=kind, data=data)
        for number, (kind, data) in enumerate(found.pieces())
    )
    while some := list(islice(pieces, KEPT_AT_ONCE)):
        with turn():
            Finding.objects.bulk_create(some)


def _clear_findings(product: Product) -> None:
    """Remove what runs that failed have left unwritten."""
    left = Finding.objects.filter(run__product=product)
    while some := list(left.values_list("pk", flat=True)[:KEPT_AT_ONCE]):
        with turn():
            Finding.objects.filter(pk__in=some).delete()


def _write(lease: Lease[Run]) -> None:
    """Write what is kept, one piece after another; a piece and the note that it is written are one transaction."""
    run = lease.row
    while (finding := run.findings.order_by("number").first()) is not None:
        step = None
        if finding.kind == Finding.Kind.ASKS:
            step = AsksStep(finding.data, run=run)
        elif finding.kind == Finding.Kind.QUESTIONS:
            pairs = [(a, b, weight) for a, b, weight in finding.data["pairs"]]
            store_questions(pairs, run=run, now=clock.now())
        with turn():
            hold_grouping()
            lease.renew()
            if step is not None:
                step.write(now=clock.now())
            elif finding.kind in _WRITERS:
                _WRITERS[finding.kind](finding.data, run=run, now=clock.now())
            finding.delete()


_WRITERS: dict[str, Callable[..., None]] = {
    Finding.Kind.OPPOSITES: write_opposites,
    Finding.Kind.PROPOSALS: write_proposals,
    Finding.Kind.MARKS: write_marks,
}


def _read(run: Run, model: EncoderModel) -> _Board:
    """Read the posts again: another worker found what was to be written."""
    from feedback.engine import Space  # loads scipy; the web need not

    corpus = corpus_of(grouped_posts(run.product), model=model)
    return _Board(corpus, Space.fit(corpus))


@transaction.atomic
def _end(lease: Lease[Run]) -> None:
    run, now = lease.row, clock.now()
    lease.renew()
    lease.end(state=Run.State.DONE, stage="", finished_at=now)
    run.refresh_from_db()
    product = run.product
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
            "answers": answers_between(product, learned_until(product), run.known_decision),
            "found": run.found_count,
            "moved": run.moved_count,
            "decision": run.known_decision,
        },
    )
