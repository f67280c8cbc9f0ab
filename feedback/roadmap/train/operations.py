"""What a manager does with a release until it leaves: plan, move on, slip, skip, stop, take up again.

Every verb holds the grouping, as those about items do, and its release, so that two people come one after the other and
the second sees what the first did.
Those behind its items hear through the journal of a day that changes; of a stop nobody is told.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.locking import hold_grouping
from feedback.forum.models import VERSION_LENGTH, Product
from feedback.journal import operations as journal
from feedback.journal.queries import history_of
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of
from feedback.roadmap import lengths
from feedback.roadmap.framing import origins
from feedback.roadmap.models import Item, Release, StopDay, Train
from feedback.roadmap.stops import HALTED, Stop, check_allowed
from feedback.roadmap.train.departing import check_version
from feedback.roadmap.train.queries import next_departure, train_of
from feedback.roadmap.train.recording import held, public_word, record, waiting

WEEKDAYS = tuple(f"{stop}_weekday" for stop in ("build", "preview", "beta", "release", "report"))
#: What is said of the train itself.
USUAL_WEEK = ("weeks", *WEEKDAYS, "framed_by")


@by_manager
@transaction.atomic
def change_train(
    *,
    product: Product,
    actor: User,
    now: dt.datetime,
    weeks: int,
    framed_by: str = "",
    seen: str | None = None,
    **weekdays: int,
) -> Train:
    """Say how often the train of ``product`` leaves, on which weekday each stop is due, and who may frame what it brought.

    ``weekdays`` are those of `WEEKDAYS`, 0 for Monday. Releases that are planned keep their days. Raises `Refusal` for
    what is no address of a site. ``seen`` is the mark of `USUAL_WEEK` that the person began with: raises `StaleEdit` when somebody changed
    it since. Lock contract: the product's row.
    """
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    refuse_stale(words_of(train_of(product), USUAL_WEEK), seen=seen)
    train, _made = Train.objects.update_or_create(
        product=product,
        defaults={"weeks": weeks, "framed_by": "\n".join(origins(framed_by))}
        | {name: weekdays[name] for name in WEEKDAYS},
    )
    journal.write(
        verb=Verb.TRAIN_CHANGED,
        subject=train,
        actor_id=actor.pk,
        now=now,
        data={"product": product.slug, "weeks": weeks, **weekdays},
    )
    return train


@by_manager
@transaction.atomic
def plan_release(
    *,
    product: Product,
    version: str,
    actor: User,
    now: dt.datetime,
    release_date: dt.date | None = None,
) -> Release:
    """Put ``version`` on the train: on ``release_date``, or on its next free departure.

    A version that items are planned for already gets its days. Raises `Refusal` for one that has them, for one
    without a name, and for a name that no address can hold.
    """
    version = typed.line(version, most=VERSION_LENGTH)
    if not version:
        raise Refusal(_("Say which version it is."), status=422)
    check_version(version)
    hold_grouping()
    known = Release.objects.select_for_update().filter(product=product, version=version).first()
    if known is not None and known.is_dated:
        raise Refusal(_("%(version)s is on the train already.") % {"version": version})
    day = release_date or (known and known.release_date) or next_departure(product, now)
    release = known or Release(product=product, version=version)
    release.release_date, release.stop_changed_at = day, now
    release.save()
    keep_days(release)
    record(verb=Verb.RELEASE_PLANNED, release=release, actor=actor, now=now)
    return release


def keep_days(release: Release) -> None:
    """Write the days of ``release``: those it has not reached yet are where its release day puts them."""
    reached = set(release.stop_days.exclude(reached_at=None).values_list("stop", flat=True))
    days = train_of(release.product).days(release.release_date)
    StopDay.objects.bulk_create(
        [
            StopDay(release=release, stop=stop, due_date=day)
            for stop, day in days.items()
            if stop not in reached
        ],
        update_conflicts=True,
        unique_fields=["release", "stop"],
        update_fields=["due_date"],
    )


@by_manager
@transaction.atomic
def move_release(*, release: Release, stop: Stop | str, actor: User, now: dt.datetime) -> Release:
    """Say that ``release`` is at ``stop`` now; no-op when it is. Nobody is told.

    Going back takes back what it had reached. Raises `Refusal` for a stop that may not follow, for
    `Stop.RELEASED` (that is `leaving.leave`) and for those off the way, which need a word.
    """
    release, stop = held(release), Stop(stop)
    if release.stop == stop:
        return release
    check_allowed(release.stop, stop)
    if stop == Stop.RELEASED or stop in HALTED or release.stop in HALTED:
        raise Refusal(_("The release has moved meanwhile. Look where it stands now."))
    came_from = release.stop
    if not release.stop_days.exists():
        keep_days(release)
    release.stop, release.stop_changed_at = stop, now
    release.save(update_fields=["stop", "stop_changed_at"])
    order = list(Stop)
    release.stop_days.filter(stop=stop).update(reached_at=now)
    later = order[order.index(stop) + 1 :]
    release.stop_days.filter(stop__in=later).update(reached_at=None)
    record(verb=Verb.RELEASE_MOVED, release=release, actor=actor, now=now, came_from=came_from)
    return release


def days_of(release: Release) -> dict[str, str]:
    """Return the days of ``release``, and what is due on each, as words by the stop."""
    return {day.stop: f"{day.due_date} {day.due}" for day in release.stop_days.all()}


@by_manager
@transaction.atomic
def change_days(
    *,
    release: Release,
    days: Mapping[str, tuple[dt.date, str]],
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> Release:
    """Say on which day ``release`` is due at each of these stops, and what is due then ("" for the usual).

    ``seen`` is the mark of the days that the person began with: raises `StaleEdit` when somebody moved them since, and
    `Refusal` for another day of the release itself, which is promised: `slip`.
    """
    release = held(release)
    refuse_stale(days_of(release), seen=seen)
    leaves, _due = days.get(Stop.RELEASED, (release.release_date, ""))
    if leaves != release.release_date:
        raise Refusal(
            _("The day of the release is promised. Let it slip, with a word to those who wait.")
        )
    StopDay.objects.bulk_create(
        [
            StopDay(
                release=release,
                stop=Stop(stop),
                due_date=day,
                due=typed.line(due, most=lengths.LINE),
            )
            for stop, (day, due) in days.items()
        ],
        update_conflicts=True,
        unique_fields=["release", "stop"],
        update_fields=["due_date", "due"],
    )
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="days")
    return release


@by_manager
@transaction.atomic
def slip(
    *, release: Release, release_date: dt.date, word: str, actor: User, now: dt.datetime
) -> Release:
    """Let ``release`` leave on another day, with a public ``word``; those behind its items are told, once.

    Raises `Refusal` without a word, for the day it has, for one that has passed and for a release that is out.
    """
    release, word = held(release), public_word(word)
    if release.is_out or release.is_halted:
        raise Refusal(_("The release has moved meanwhile. Look where it stands now."))
    if release_date == release.release_date:
        raise Refusal(_("It leaves on that day already."))
    if release_date < timezone.localdate(now):
        raise Refusal(_("That day has passed. Choose one that is to come."))
    was = release.release_date
    promised = release.promised_date or was
    release.promised_date = None if promised == release_date else promised
    release.release_date, release.word = release_date, word
    release.save(update_fields=["promised_date", "release_date", "word"])
    keep_days(release)
    record(
        verb=Verb.RELEASE_SLIPPED,
        release=release,
        actor=actor,
        now=now,
        was=was.isoformat(),
        word=word,
        items=[item.pk for item in waiting(release)],
    )
    return release


@by_manager
@transaction.atomic
def skip(*, release: Release, word: str, actor: User, now: dt.datetime) -> Release:
    """Say that ``release`` does not come, with a public ``word``; its items go to the next one, where there is one.

    Those behind them are told. Raises `Refusal` without a word and for a release that is out.
    """
    return _halt(release, word, actor, now, to=Stop.SKIPPED, verb=Verb.RELEASE_SKIPPED)


@by_manager
@transaction.atomic
def stop(*, release: Release, word: str, actor: User, now: dt.datetime) -> Release:
    """Hold ``release`` where it is until it is taken up again, with a public ``word``.

    Those behind its items are told. Raises `Refusal` without a word and for a release that is out.
    """
    return _halt(release, word, actor, now, to=Stop.STOPPED, verb=Verb.RELEASE_STOPPED)


def _halt(
    release: Release, word: str, actor: User, now: dt.datetime, *, to: Stop, verb: Verb
) -> Release:
    release, word = held(release), public_word(word)
    check_allowed(release.stop, to)
    came_from, items = release.stop, waiting(release)
    release.stop, release.stop_changed_at, release.word = to, now, word
    release.save(update_fields=["stop", "stop_changed_at", "word"])
    instead = put_on_next(items, after=release) if to == Stop.SKIPPED else None
    record(
        verb=verb,
        release=release,
        actor=actor,
        now=now,
        came_from=came_from,
        word=word,
        items=[item.pk for item in items],
        instead=instead.version if instead else "",
    )
    return release


def put_on_next(items: list[Item], *, after: Release) -> Release | None:
    """Plan ``items`` for the next release that is to leave after ``after``; for none, where there is none."""
    later = Release.objects.filter(
        product=after.product, stop__in=[Stop.PLANNED, Stop.BUILD, Stop.PREVIEW, Stop.BETA]
    ).exclude(pk=after.pk)
    following = (
        later.filter(release_date__gte=after.release_date).order_by("release_date", "pk").first()
    )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(release=following)
    return following


@by_manager
@transaction.atomic
def resume(*, release: Release, actor: User, now: dt.datetime) -> Release:
    """Take ``release`` up again where it was held or skipped; what it was to bring comes back to it.

    Items that have shipped or were planned for another release by somebody since stay there. Where its day has passed
    meanwhile it takes the next departure. Raises `Refusal` for one that is on its way.
    """
    release = held(release)
    if not release.is_halted:
        raise Refusal(_("The release has moved meanwhile. Look where it stands now."))
    verbs = [Verb.RELEASE_SKIPPED, Verb.RELEASE_STOPPED]
    entry = history_of(release).filter(verb__in=verbs).order_by("-id").first()
    data = entry.data if entry is not None else {}
    came_from = Stop(data.get("came_from", Stop.PLANNED))
    if release.stop == Stop.SKIPPED:
        moved = Item.objects.open().filter(pk__in=data.get("items", []))
        instead = data.get("instead", "")
        moved = moved.filter(release__version=instead) if instead else moved.filter(release=None)
        moved.update(release=release)
        came_from = Stop.PLANNED
    release.stop = Stop.PLANNED if came_from in HALTED else came_from
    release.stop_changed_at, release.word = now, ""
    has_passed = release.release_date < timezone.localdate(now)
    if has_passed:
        release.promised_date = release.promised_date or release.release_date
        release.release_date = next_departure(release.product, now)
    release.save(update_fields=["stop", "stop_changed_at", "word", "promised_date", "release_date"])
    if has_passed:
        keep_days(release)
    record(
        verb=Verb.RELEASE_RESUMED,
        release=release,
        actor=actor,
        now=now,
        items=[item.pk for item in waiting(release)],
    )
    return release
