"""Reading the train."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import listed
from feedback.roadmap.models import Item, Release, StopDay, Train
from feedback.roadmap.stops import HALTED, OUT, TIMETABLE, Stop


def train_of(product: Product) -> Train:
    """Return the train of ``product``: the usual week, not stored, where nobody has changed it."""
    return Train.objects.filter(product=product).first() or Train(product=product)


#: A release may have left so much off its weekday, and the next one still comes its weeks later.
_OFF = dt.timedelta(days=3)


def next_departure(product: Product, now: dt.datetime) -> dt.date:
    """Return the first day, today included, on which the train of ``product`` leaves, its weeks after the last release."""
    train = train_of(product)
    day = train.next_day(timezone.localdate(now))
    last = (
        Release.objects.filter(product=product)
        .exclude(stop__in=HALTED)
        .order_by("-release_date")
        .values_list("release_date", flat=True)
        .first()
    )
    if last is None:
        return day
    return max(day, train.next_day(last + dt.timedelta(weeks=train.weeks) - _OFF))


def on_its_way(product: Product | None) -> Release | None:
    """Return the release, of one product or of all, that leaves next, or should have; None where none is planned."""
    return (
        Release.objects.filter(listed(product))
        .select_related("product")
        .exclude(stop__in=OUT | HALTED)
        .order_by("release_date", "pk")
        .first()
    )


@dataclass(frozen=True)
class Call:
    """A release calls at a stop: a row of its timetable."""

    day: StopDay
    #: "past", "here" or "ahead".
    state: str
    is_late: bool
    is_due: bool

    @property
    def stop(self) -> Stop:
        return Stop(self.day.stop)


def timetable(release: Release, today: dt.date) -> Sequence[Call]:
    """Return the stops of ``release``, in the order of the way. Days that nobody has written are the usual ones."""
    days = {day.stop: day for day in release.stop_days.all()}
    if not days and release.is_out:
        return []
    usual = train_of(release.product).days(release.release_date) if len(days) < 5 else {}
    order = (Stop.PLANNED, *TIMETABLE)
    halted = release.is_halted
    here = order.index(Stop(release.stop)) if not halted else -1
    calls = []
    for number, stop in enumerate(TIMETABLE, start=1):
        day = days.get(stop) or StopDay(release=release, stop=stop, due_date=usual[stop])
        state = "past" if number < here else "here" if number == here else "ahead"
        if halted and day.reached_at is not None:
            state = "past"
        waits = state == "ahead" and not halted
        calls.append(
            Call(
                day,
                state,
                is_late=waits and day.due_date < today,
                is_due=waits and day.due_date == today,
            )
        )
    return calls


@dataclass(frozen=True)
class Week:
    """The release that this week is about, its timetable, and the one that left last, where it is another."""

    release: Release
    calls: Sequence[Call]
    last: Release | None


def this_week(product: Product | None, today: dt.date) -> Week | None:
    """Return this week's train, of one product or of all; None where no release was ever planned.

    From its release to its report the one that left stands there, unless the next one is being built.
    """
    coming = on_its_way(product)
    last = (
        Release.objects.filter(listed(product), stop__in=OUT, release_date__lte=today)
        .select_related("product")
        .order_by("-release_date", "-pk")
        .first()
    )
    calls = timetable(coming, today) if coming else []
    begun = coming is not None and (coming.stop != Stop.PLANNED or calls[0].day.due_date <= today)
    if last is not None and not begun:
        its_calls = timetable(last, today)
        report = its_calls[-1].day.due_date if its_calls else last.release_date
        if coming is None or (report >= today and its_calls):
            return Week(last, its_calls, None)
    return Week(coming, calls, last) if coming else None


#: What is built, or tried already, goes along when the train leaves.
READY = (Stage.IN_PROGRESS, Stage.BETA)


def is_ready(item: Item) -> bool:
    """Whether ``item`` goes along unless somebody says otherwise."""
    return item.stage in READY
