"""Reading reports: which are open for whom, and what may be picked in them."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.accounts.models import User
from feedback.asks.models import Ask, Membership
from feedback.asks.stages import Stage
from feedback.forum.models import Post, Product
from feedback.forum.products.queries import listed
from feedback.roadmap.models import ChangelogLine, Item, Release, Report, ReportResponse
from feedback.roadmap.reports.timetable import OPEN_FOR

#: What may be picked as waited for, at most: more would push the rest off a phone's screen.
WAITED_FOR = 6


def releases_without_report(*, now: dt.datetime) -> QuerySet[Release]:
    """Return the releases that left lately, with something on board, and have no report so far."""
    since = now - 4 * OPEN_FOR
    lines = ChangelogLine.objects.filter(release=OuterRef("pk"))
    return (
        Release.objects.filter(Exists(lines), report__isnull=True, released_at__gt=since)
        .select_related("product")
        .order_by("released_at", "pk")
    )


def open_reports(product: Product | None, *, now: dt.datetime) -> QuerySet[Report]:
    """Return the reports that may be filled in now, newest first."""
    return (
        Report.objects.filter(listed(product, "release__product"))
        .filter(opens_at__lte=now, closes_at__gt=now)
        .select_related("release__product")
        .order_by("-opens_at", "-pk")
    )


def report_of(release: Release) -> Report | None:
    """Return the report of ``release``, None until it opens."""
    return (
        Report.objects.filter(release=release).select_related("release__product", "award").first()
    )


def items_in(report: Report) -> list[Item]:
    """Return what shipped in the release of ``report``, in the order of its changelog."""
    lines = ChangelogLine.objects.filter(release=report.release_id).select_related("item")
    return [line.item for line in lines]


def response_of(report: Report, person: User) -> ReportResponse | None:
    """Return what ``person`` has said in ``report``, if anything."""
    return report.responses.filter(person=person).prefetch_related("entries").first()


def waited_for(product: Product, person: User) -> list[Ask]:
    """Return the asks that ``person`` most likely waits for: their own that have not shipped, then what is on its way."""
    still = (
        Ask.objects.public()
        .filter(product=product)
        .exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED])
    )
    spoke = Q(post__author=person) | Q(post__votes__person=person)
    behind = Membership.objects.filter(spoke, post__state=Post.State.PUBLISHED)
    own = list(
        still.filter(pk__in=behind.values("ask")).order_by("-people_count", "pk")[:WAITED_FOR]
    )
    coming = still.filter(stage__in=[Stage.PLANNED, Stage.IN_PROGRESS, Stage.BETA])
    coming = coming.exclude(pk__in=[ask.pk for ask in own]).order_by("-people_count", "pk")
    return own + list(coming[: WAITED_FOR - len(own)])
