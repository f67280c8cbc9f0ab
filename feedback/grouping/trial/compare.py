"""What another model would change, computed beside the one in force: claim, compute, store. Nothing moves."""

import datetime as dt
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from feedback.asks import standing
from feedback.asks.models import Ask, Decision, Membership
from feedback.engine import Constraints
from feedback.engine.rules.agreement import right_by_itself
from feedback.forum.models import Post, Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.board import names_of
from feedback.grouping.models import Comparison, EncoderModel
from feedback.grouping.trial.model_diff import Difference, Witness
from feedback.grouping.vectors.corpus import corpus_of
from feedback.grouping.vectors.encoders import current_model
from feedback.grouping.vectors.speech import speech_known
from feedback.kernel import clock
from feedback.kernel.leases import claim, free

if TYPE_CHECKING:
    from feedback.engine import Group

logger = logging.getLogger(__name__)

#: Renewed while it is computed: what a killed worker held is free again so soon.
LEASE = dt.timedelta(seconds=60)
ATTEMPTS = 3
#: A comparison is made anew when so much has come since: a share, and at least so many.
NEW_SHARE = 0.05
FEWEST_POSTS = 20
DECIDED_SHARE = 0.1
FEWEST_DECISIONS = 10
#: And not more often than this, however busy the site is.
NOT_WITHIN = dt.timedelta(hours=1)

_open = Q(state__in=[Comparison.State.WAITING, Comparison.State.RUNNING, Comparison.State.READY])


def latest(current: EncoderModel, candidate: EncoderModel) -> Comparison | None:
    """Return the newest comparison of the two, in whatever state it is."""
    return Comparison.objects.filter(current=current, candidate=candidate).order_by("-id").first()


def request_comparison(
    *, current: EncoderModel, candidate: EncoderModel, now: dt.datetime
) -> Comparison:
    """Have the two compared soon, anew when they were before. One that waits or runs already is enough."""
    pair = Comparison.objects.filter(current=current, candidate=candidate)
    try:
        with transaction.atomic():
            pair.filter(state=Comparison.State.READY).update(state=Comparison.State.STALE)
            there = pair.filter(_open).first()
            if there is not None:
                return there
            return Comparison.objects.create(current=current, candidate=candidate, requested_at=now)
    except IntegrityError:
        return pair.get(_open)


def is_stale(comparison: Comparison, *, now: dt.datetime) -> bool:
    """Whether so much was posted or decided since it was computed that it should be computed anew."""
    if comparison.finished_at is None or now < comparison.finished_at + NOT_WITHIN:
        return False
    basis = comparison.figures.get("basis", {})
    arrived = Post.objects.filter(arrived_at__gt=comparison.requested_at)
    if arrived.count() >= max(FEWEST_POSTS, NEW_SHARE * comparison.figures.get("posts", 0)):
        return True
    before = int(basis.get("decided", 0))
    return abs(_decided() - before) >= max(FEWEST_DECISIONS, DECIDED_SHARE * before)


def _is_due_again(last: Comparison, *, now: dt.datetime) -> bool:
    match last.state:
        case Comparison.State.READY:
            return is_stale(last, now=now)
        case Comparison.State.FAILED:
            return last.finished_at is not None and now >= last.finished_at + NOT_WITHIN
        case Comparison.State.STALE:
            return True
    return False


def _decided() -> int:
    """Return a count that grows with every decision made, and with every one taken back."""
    return Decision.objects.count() + Decision.objects.filter(undone_at__isnull=False).count()


def compare_due(candidate: EncoderModel, *, now: dt.datetime) -> Comparison | None:
    """Compare ``candidate``, of which every post has a vector, with the model in force, when that is due.

    Returns the finished comparison, or None when there was nothing to do. Lock contract: claimed by a conditional
    update with a lease; computed and stored without holding up anybody, since nothing but the comparison changes.
    """
    current = current_model()
    if current is None or current.pk == candidate.pk:
        return None
    last = latest(current, candidate)
    if last is None or _is_due_again(last, now=now):
        last = request_comparison(current=current, candidate=candidate, now=now)
    begun = Q(state__in=[Comparison.State.WAITING, Comparison.State.RUNNING])
    lease = claim(
        Comparison.objects.filter(begun, free(now)),
        last,
        lasts=LEASE,
        state=Comparison.State.RUNNING,
    )
    if lease is None or lease.is_spent(ATTEMPTS):
        return None
    with lease.or_failed(), lease.kept_alive():
        difference = compute(current=current, candidate=candidate)
    lease.end(
        state=Comparison.State.READY,
        figures=difference.figures(),
        changes=difference.changes(),
        finished_at=clock.now(),
        error="",
    )
    last.refresh_from_db()
    return last


@dataclass(frozen=True)
class _Reading:
    """What one model makes of the board: as its next run would, and by itself (None: nothing is decided)."""

    groups: "Sequence[Group]"
    alone: Witness | None
    languages: dict[int, str]


def _read(
    product: Product, model: EncoderModel, said: Constraints, previous: Mapping[int | str, str]
) -> _Reading:
    from feedback.engine import Grouper  # loads scipy; the web need not

    corpus = corpus_of(grouped_posts(product), model=model)
    speech, names = speech_known(model), names_of(product)
    alone = None
    if said:
        bare = Grouper(learn=False, speech=speech, names=names).fit(corpus)
        alone = Witness(*right_by_itself([group.members for group in bare.groups_], said))
    return _Reading(
        Grouper(speech=speech, names=names).fit(corpus, said, previous).groups_,
        alone,
        dict(zip(map(int, corpus.ids), corpus.languages, strict=True)),
    )


def _together(readings: "Sequence[_Reading]") -> _Reading:
    """Return what one model makes of all products: posts, asks and groups of each have keys of their own."""
    said = [one.alone for one in readings if one.alone is not None]
    return _Reading(
        [group for one in readings for group in one.groups],
        Witness(
            {what: right for one in said for what, right in one.right.items()},
            {post: key for one in said for post, key in one.stands_for.items()},
        )
        if said
        else None,
        {post: language for one in readings for post, language in one.languages.items()},
    )


def compute(*, current: EncoderModel, candidate: EncoderModel) -> Difference:
    """Group every post with both as the next run of its product would, and ask both without any decision.

    Four times the engine's work; without a decision there is nothing to ask, and it is two. The vectors of one
    model and one product at a time are in memory.
    """
    started = time.perf_counter()
    decided = _decided()
    today, tomorrow = [], []
    for product in Product.objects.all():
        stands = standing.everywhere(product)
        said = stands.constraints()
        previous: dict[int | str, str] = dict(stands.homes.items())
        today.append(_read(product, current, said, previous))
        tomorrow.append(_read(product, candidate, said, previous))
    now, then = _together(today), _together(tomorrow)
    by_person = Membership.objects.filter(source=Ask.Source.PERSON)
    return Difference(
        groups=then.groups,
        groups_today=now.groups,
        languages=then.languages,
        standing=standing.everywhere(),
        placed=set(by_person.values_list("post", flat=True)),
        today=now.alone,
        tomorrow=then.alone,
        decided=decided,
        seconds=time.perf_counter() - started,
    )


def unfinished() -> Comparison | None:
    """Return the comparison that waits for a person: ready, of the model in force, its candidate not set aside."""
    return (
        Comparison.objects.filter(
            state=Comparison.State.READY,
            current__is_current=True,
            candidate__set_aside_at__isnull=True,
            candidate__removed_at__isnull=True,
        )
        .select_related("current", "candidate")
        .order_by("-id")
        .first()
    )
