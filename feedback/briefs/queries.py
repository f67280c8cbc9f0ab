"""Reading briefs."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, QuerySet, When
from django.utils import timezone

from feedback.asks.models import Answer, Ask
from feedback.briefs.drafting.gathering import posts_of
from feedback.briefs.drafting.week import Week
from feedback.briefs.models import Brief
from feedback.forum.models import Allowed, Board, Product, Readers
from feedback.forum.products.queries import listed
from feedback.roadmap.models import Release
from feedback.roadmap.stops import OUT

#: Weeks that the desk offers, the present one first, and for how long home shows a brief.
OFFERED = 6
_ON_HOME = dt.timedelta(days=14)


def published(product: Product | None) -> QuerySet[Brief]:
    """Return the briefs that everyone reads, of one product or of all, the latest first."""
    return (
        Brief.objects.filter(listed(product), state=Brief.State.PUBLISHED)
        .select_related("product")
        .order_by("-monday", "-pk")
    )


def on_home(product: Product | None, *, now: dt.datetime) -> Brief | None:
    """Return the brief that home leads to: the latest, as long as it is news."""
    return published(product).filter(published_at__gt=now - _ON_HOME).first()


@dataclass(frozen=True)
class Offered:
    """A week on the desk, and its brief where one was drafted."""

    week: Week
    brief: Brief | None
    is_over: bool
    is_quiet: bool


def offered(product: Product, *, now: dt.datetime) -> list[Offered]:
    """Return the last weeks, this one first, with the briefs there are."""
    today = timezone.localdate(now)
    weeks = [Week.of(today).before(number) for number in range(OFFERED)]
    briefs = Brief.objects.filter(product=product, monday__in=[week.monday for week in weeks])
    known = {brief.monday: brief for brief in briefs}
    return [
        Offered(week, known.get(week.monday), week.ends_at <= now, is_quiet(product, week))
        for week in weeks
    ]


def is_quiet(product: Product, week: Week) -> bool:
    """Whether nobody wrote, nothing was answered and nothing left in ``week``, so that there is nothing to draft from."""
    said = {"answered_at__gte": week.begins_at, "answered_at__lt": week.ends_at}
    moved = {"stage_changed_at__gte": week.begins_at, "stage_changed_at__lt": week.ends_at}
    left = {"release_date__gte": week.monday, "release_date__lte": week.sunday}
    return not (
        posts_of(product, week).exists()
        or Answer.objects.standing().filter(ask__product=product, **said).exists()
        or Ask.objects.public().filter(product=product, stage="DECLINED", **moved).exists()
        or Release.objects.filter(product=product, stop__in=OUT, **left).exists()
    )


def boards_for(product: Product) -> QuerySet[Board]:
    """Return where a brief of ``product`` may be posted: on boards that everybody reads and whose posts are not grouped, those of the team first."""
    boards = Board.objects.filter(
        product=product, is_grouped=False, is_archived=False, readers=Readers.EVERYONE
    ).exclude(posters=Allowed.NOBODY)
    of_the_team = Case(When(posters=Allowed.TEAM, then=0), default=1)
    return boards.order_by(of_the_team, "position", "pk")
