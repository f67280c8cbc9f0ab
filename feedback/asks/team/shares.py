"""Who asks for something: its posts and people by country, language, version, plan and device."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.accounts.handover.models import ProductAccount
from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.forum.models import Post

#: The largest shares that are shown of each.
SHOWN = 5


@dataclass(frozen=True)
class Share:
    """One part of an ask: what it is called, how many, and of how many that say it."""

    label: str
    count: int
    whole: int


@dataclass(frozen=True)
class Shares:
    """The parts of an ask by one thing, the largest first."""

    title: str
    of: list[Share]


def shares_of(ask: Ask) -> list[Shares]:
    """Return the shares of ``ask`` that say anything: with two parts at least; one query each."""
    posts = Post.objects.filter(membership__ask=ask, state=Post.State.PUBLISHED)
    people = ProductAccount.objects.filter(person__in=people_behind([ask.pk]))
    named = (
        (_("Countries"), posts, "country", "pk"),
        (_("Languages"), posts, "language", "pk"),
        (_("Versions"), posts, "product_version", "pk"),
        (pgettext("what customers pay for", "Plans"), people, "plan", "person"),
        (_("Devices"), people, "device", "person"),
    )
    found = (Shares(title, _shares(rows, column, of)) for title, rows, column, of in named)
    return [shares for shares in found if len(shares.of) > 1]


def _shares(rows: QuerySet[Post] | QuerySet[ProductAccount], column: str, of: str) -> list[Share]:
    counted = list(
        rows.exclude(**{column: ""})
        .order_by()
        .values_list(column)
        .annotate(count=Count(of, distinct=True))
        .order_by("-count", column)
    )
    whole = sum(count for _, count in counted)
    names = {"en": "English", "zh": "中文"} if column == "language" else {}
    return [Share(names.get(label, label), count, whole) for label, count in counted[:SHOWN]]
