"""What the kinds of news about a report share."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from feedback.accounts.models import User
from feedback.forum.models import Comment, Post, Product, Vote
from feedback.journal.models import Entry
from feedback.notify.groups import About
from feedback.notify.occasions import Facts, taken_from
from feedback.notify.recipients import Audience, Topic, behind_asks, followers
from feedback.roadmap.models import ChangelogLine, ItemAsk, Report, ReportResponse
from feedback.roadmap.queries import followed

#: Whoever wrote, answered or voted within so many days uses the product.
USED_WITHIN = dt.timedelta(days=90)


def facts(entry: Entry) -> Facts | None:
    """Return what a notice keeps: the version as its title, and where its pages are; None once the release is gone."""
    report = Report.objects.filter(release=entry.subject_id).select_related("release__product")
    found = report.first()
    if found is None:
        return None
    return taken_from(entry, "version") | {
        "title": found.release.version,
        "product": found.release.product.slug,
        "report": found.address,
        "results": found.results_address,
    }


def those_concerned(entry: Entry) -> Iterable[Audience]:
    """Yield who asked for what shipped, then who follows it or uses the product."""
    linked = ItemAsk.objects.filter(item__changelog_line__release=entry.subject_id)
    yield from behind_asks(set(followed(list(linked.values_list("ask", flat=True))).values()))
    yield from followers(about(entry))
    product = Product.objects.get(releases=entry.subject_id)
    yield Audience(those_who_use(product, since=entry.at - USED_WITHIN), asked=False)


def those_who_use(product: Product, *, since: dt.datetime) -> QuerySet[User]:
    """Return who wrote, answered, voted or filled in a report in ``product`` since then."""
    posts = Post.objects.filter(board__product=product, posted_at__gte=since)
    comments = Comment.objects.filter(post__board__product=product, posted_at__gte=since)
    votes = Vote.objects.filter(post__board__product=product, voted_at__gte=since)
    responses = ReportResponse.objects.filter(
        report__release__product=product, changed_at__gte=since
    )
    return User.objects.filter(
        Q(pk__in=posts.values("author"))
        | Q(pk__in=comments.values("author"))
        | Q(pk__in=votes.values("person"))
        | Q(pk__in=responses.values("person"))
    )


def those_who_said(entry: Entry) -> Iterable[Audience]:
    """Yield who filled in the report, then who follows what it is about."""
    said = User.objects.filter(report_responses__report__release=entry.subject_id)
    yield Audience(said, asked=True)
    yield from followers(about(entry))


def about(entry: Entry) -> list[Topic]:
    """Return the release and what shipped in it."""
    items = ChangelogLine.objects.filter(release=entry.subject_id).values_list("item", flat=True)
    return [(About.RELEASE, entry.subject_id), *((About.ITEM, pk) for pk in items)]
