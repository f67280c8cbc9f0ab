"""Who can be told, and who was: counts of people and of deliveries, never of hopes."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from django.db.models import Count, Min, Q, QuerySet

from feedback.accounts.models import Origin, User
from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.journal.models import Entry
from feedback.notify import occasions
from feedback.notify.channels.email import queue
from feedback.notify.channels.push.queue import devices_for
from feedback.notify.groups import Group, Pace
from feedback.notify.models import Mail, Notice, Push, PushDelivery, Wishes
from feedback.notify.occasions._ask import topics_of
from feedback.notify.recipients import subscribed
from feedback.roadmap.queries import item_of

#: Happenings whose telling is shown, the latest.
_SHOWN = 12


@dataclass(frozen=True)
class Reach:
    """The people behind an ask, and who follows it, by what would reach them.

    ``people`` are behind it, ``followers`` only follow it or its area, ``muted`` are behind it and want to hear nothing of it.
    ``here``: they will find it in their inbox on the site; ``by_mail``: of these, those whose address takes mail and who want it;
    ``by_push``: those who turned news on in a browser and want it there.
    ``unclaimed``: imported authors, who hear once they claim their words. ``nameless``: nobody knows who they are.
    """

    people: int
    followers: int
    muted: int
    here: int
    by_mail: int
    by_push: int
    unclaimed: int
    nameless: int


def reach_of(ask: Ask, *, but_not: int | None = None) -> Reach:
    """Return whom news about ``ask`` can reach now, but for the person ``but_not``, who makes it."""
    behind = people_behind([ask.pk])
    topics = topics_of([ask])
    muted = subscribed(topics, is_muted=True).values("person")
    following = subscribed(topics, is_muted=False).values("person")
    followers = User.objects.filter(pk__in=following).exclude(pk__in=behind.values("pk"))
    heard, followers = behind.exclude(pk__in=muted), followers.exclude(pk__in=muted)
    if but_not is not None:
        heard, followers = heard.exclude(pk=but_not), followers.exclude(pk=but_not)
    reads = Q(origin=Origin.SIGNED_UP, is_active=True)
    counts = behind.aggregate(
        people=Count("pk", distinct=True),
        muted=Count("pk", filter=reads & Q(pk__in=muted), distinct=True),
        unclaimed=Count("pk", filter=Q(origin=Origin.IMPORTED), distinct=True),
        nameless=Count("pk", filter=Q(origin=Origin.ANONYMOUS), distinct=True),
    )
    only_following = followers.filter(reads).count()
    both = [heard, followers] if only_following else [heard]
    return Reach(
        followers=only_following,
        here=heard.filter(reads).distinct().count() + only_following,
        by_mail=sum(map(_by_mail, both)),
        by_push=sum(map(_by_push, both)),
        **counts,
    )


def _by_mail(people: QuerySet[User]) -> int:
    if not queue.is_on():
        return 0
    unwanted = Wishes.objects.filter(**{f"mail__{Group.ASKS}": Pace.NEVER}).values("person")
    return queue.reachable(people).exclude(pk__in=unwanted).distinct().count()


def _by_push(people: QuerySet[User]) -> int:
    return devices_for(people, Group.ASKS).values("person").distinct().count()


@dataclass(frozen=True)
class Telling:
    """What became of one happening: people with a notice, their mails by what became of those, and people on whose devices it was shown.

    ``said`` is what one of them read, in the language of whoever looks.
    """

    said: str
    at: dt.datetime
    here: int
    unclaimed: int
    mailed: int
    waiting: int
    refused: int
    #: Mails that their provider says have arrived; by SMTP nobody knows.
    arrived: int
    pushed: int


def was_told(ask: Ask) -> bool:
    """Return whether anybody was told of what happened to ``ask`` and its item."""
    return Notice.objects.filter(entry__in=[entry.pk for entry in _entries(ask)]).exists()


def tellings(ask: Ask) -> list[Telling]:
    """Return how many people were told of each thing that happened to ``ask`` and its item, the latest first."""
    entries = _entries(ask)
    counts = _counts([entry.pk for entry in entries])
    pushed = _pushed(counts)
    some = Notice.objects.in_bulk([count.pop("some") for count in counts.values()])
    read = {notice.entry_id: notice.data for notice in some.values()}
    kinds = occasions.by_verb()
    return [
        Telling(
            kinds[entry.verb].sentence(read[entry.pk]),
            entry.at,
            **counts[entry.pk],
            pushed=pushed.get(entry.pk, 0),
        )
        for entry in entries
        if entry.pk in counts
    ]


def _entries(ask: Ask) -> list[Entry]:
    """Return the latest of what happened to ``ask`` and its item, of the kinds that people are told of."""
    item = item_of(ask)
    subject = Q(subject_type="asks.ask", subject_id=ask.pk)
    if item is not None:
        subject |= Q(subject_type="roadmap.item", subject_id=item.pk)
    entries = Entry.objects.filter(subject, verb__in=occasions.by_verb())
    return list(entries.order_by("-pk")[:_SHOWN])


def _counts(entries: Collection[int]) -> dict[int, dict[str, int]]:
    """Return what is counted of each of these entries, of those of which anybody was told."""
    state = "delivery__mail__state"
    rows = (
        Notice.objects.filter(entry__in=entries)
        .values("entry")
        .annotate(
            some=Min("pk"),
            here=Count("pk", filter=Q(person__origin=Origin.SIGNED_UP)),
            unclaimed=Count("pk", filter=Q(person__origin=Origin.IMPORTED)),
            mailed=Count("pk", filter=Q(**{state: Mail.State.SENT})),
            refused=Count("pk", filter=Q(**{state: Mail.State.REFUSED})),
            arrived=Count("pk", filter=Q(delivery__mail__arrived_at__isnull=False)),
            waiting=Count(
                "pk",
                filter=Q(delivery__isnull=False)
                & (Q(delivery__mail=None) | Q(**{state: Mail.State.WAITING})),
            ),
        )
    )
    counted = cast("list[dict[str, int]]", list(rows))
    return {row.pop("entry"): row for row in counted}


def _pushed(entries: Collection[int]) -> dict[int, int]:
    """Return for how many people push services took what they were told of these entries, on any of their devices."""
    taken = PushDelivery.objects.filter(notice__entry__in=entries, push__state=Push.State.SENT)
    people = taken.values("notice__entry").annotate(people=Count("notice", distinct=True))
    return dict(people.values_list("notice__entry", "people"))
