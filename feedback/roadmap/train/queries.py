"""Reading the train."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.roadmap.models import Item, Release, StopDay, Train
from feedback.roadmap.stops import HALTED, OUT, TIMETABLE, Stop


def train_of(product: Product) -> Train:
    """Return the train of ``product``: the usual week, not stored, where nobody has changed it."""
    return Train.objects.filter(product=product).first() or Train(product=product)


def next_departure(product: Product, now: dt.datetime) -> dt.date:
    """Return the first day on which the train of ``product`` leaves and no release is planned yet, today included."""
    train = train_of(product)
    day = train.next_day(timezone.localdate(now))
    last = (
        Release.objects.filter(product=product)
        .exclude(stop__in=HALTED)
        .order_by("-release_date")
        .values_list("release_date", flat=True)
        .first()
    )
    while last is not None and day <= last:
        day += dt.timedelta(weeks=train.weeks)
    return day


def on_its_way(product: Product) -> Release | None:
    """Return the release of ``product`` that leaves next, or should have; None where none is planned."""
    return (
        Release.objects.filter(product=product)
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


#: What is built, or tried already, goes along when the train leaves.
READY = (Stage.IN_PROGRESS, Stage.BETA)


def is_ready(item: Item) -> bool:
    """Whether ``item`` goes along unless somebody says otherwise."""
    return item.stage in READY
