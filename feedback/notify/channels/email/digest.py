"""What a daily or weekly mail says beneath its news: how one's asks stand, what moved and grew among them, what shipped.

Counts of rows, a few lines of each, and nothing where there is nothing. A mail goes out for its news alone, so none is empty.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.forum.models import Post, Vote
from feedback.notify.groups import About, Pace
from feedback.notify.models import Mail, Subscription
from feedback.roadmap.models import ChangelogLine, Release
from feedback.roadmap.stops import OUT
from feedback.roadmap.train.drafting import in_language

#: Lines of each part, titles of a release that are named, and people from whom on something grew.
LINES, TITLES, FEWEST = 3, 3, 2
_SPANS = {Pace.WEEKLY: dt.timedelta(days=7), Pace.DAILY: dt.timedelta(days=1)}


@dataclass(frozen=True)
class Line:
    """One line: what it is about, its page, and what is said of it."""

    title: str
    url: str
    said: str


@dataclass(frozen=True)
class Digest:
    """What stands beneath the news. ``stand`` counts one's asks by stage, in words."""

    stand: str = ""
    moved: list[Line] = field(default_factory=list)
    grew: list[Line] = field(default_factory=list)
    shipped: list[Line] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, list[Line]]]:
        """The parts that say something, each with its heading."""
        parts = [
            (_("What grew"), self.grew),
            (_("What shipped"), self.shipped),
        ]
        return [(heading, lines) for heading, lines in parts if lines]


def digest_of(mail: Mail, *, told_of: Collection[str]) -> Digest | None:
    """Return what ``mail`` says beneath its news in the language in force; None for one that is no digest, or has no more to say.

    ``told_of`` are the threads of its news, which are not told twice.
    """
    paces = set(mail.deliveries.values_list("pace", flat=True))
    span = next((span for pace, span in _SPANS.items() if pace in paces), None)
    if span is None:
        return None
    since, until = mail.made_at - span, mail.made_at
    mine, followed = _asks_of(mail.person)
    both = {ask.pk: ask for ask in [*mine, *followed]}
    found = Digest(
        stand=_stand(mine),
        moved=_moved(list(both.values()), told_of, since, until),
        grew=_grew(both, mail.person, since, until),
        shipped=_shipped({ask.product_id for ask in both.values()}, since, until),
    )
    return found if found != Digest() else None


def _asks_of(person: User) -> tuple[list[Ask], list[Ask]]:
    """Return the public asks that ``person`` asked for or wanted, and those they follow besides; none they muted."""
    subscribed = Subscription.objects.filter(person=person, about=About.ASK)
    muted = subscribed.filter(is_muted=True).values("about_id")
    theirs = Post.objects.filter(state=Post.State.PUBLISHED).filter(
        Q(author=person) | Q(pk__in=Vote.objects.filter(person=person).values("post"))
    )
    asks = Ask.objects.public().exclude(pk__in=muted)
    mine = asks.filter(pk__in=theirs.filter(membership__isnull=False).values("membership__ask"))
    followed = asks.filter(pk__in=subscribed.filter(is_muted=False).values("about_id"))
    return list(mine.order_by("-people_count", "pk")), list(
        followed.order_by("-people_count", "pk")
    )


def _stand(mine: list[Ask]) -> str:
    if not mine:
        return ""
    stages = Counter(ask.stage for ask in mine)
    counts = [
        _("%(stage)s: %(n)s") % {"stage": stage.label, "n": _n(stages[stage])}
        for stage in Stage
        if stages[stage]
    ]
    return " · ".join(counts)


def _moved(
    asks: list[Ask], told_of: Collection[str], since: dt.datetime, until: dt.datetime
) -> list[Line]:
    """Return the asks that came to another stage, but for those of which the mail tells already."""
    moved = [
        ask
        for ask in asks
        if ask.stage_changed_at is not None
        and since < ask.stage_changed_at <= until
        and f"ask:{ask.public_id}" not in told_of
    ]
    return [_line(ask, ask.get_stage_display()) for ask in moved[:LINES]]


def _grew(asks: dict[int, Ask], person: User, since: dt.datetime, until: dt.datetime) -> list[Line]:
    """Return the asks that most others joined, by writing or by voting."""
    others: defaultdict[int, set[int]] = defaultdict(set)
    written = Post.objects.filter(
        membership__ask__in=asks,
        state=Post.State.PUBLISHED,
        posted_at__gt=since,
        posted_at__lte=until,
    ).exclude(author=person)
    voted = Vote.objects.filter(
        post__membership__ask__in=asks,
        post__state=Post.State.PUBLISHED,
        voted_at__gt=since,
        voted_at__lte=until,
    ).exclude(person=person)
    for ask_id, who in written.values_list("membership__ask", "author"):
        others[ask_id].add(who)
    for ask_id, who in voted.values_list("post__membership__ask", "person"):
        others[ask_id].add(who)
    most = sorted(others, key=lambda pk: (-len(others[pk]), pk))
    return [
        _line(
            asks[pk],
            ngettext("%(n)s person joined", "%(n)s people joined", len(others[pk]))
            % {"n": _n(len(others[pk]))},
        )
        for pk in most[:LINES]
        if len(others[pk]) >= FEWEST
    ]


def _shipped(product_ids: Collection[int], since: dt.datetime, until: dt.datetime) -> list[Line]:
    """Return what left for the products that the reader asked for something of."""
    out = Release.objects.filter(
        product__in=product_ids, stop__in=OUT, released_at__gt=since, released_at__lte=until
    ).select_related("product")
    lines = []
    for release in out.order_by("-released_at", "-pk")[:LINES]:
        titles = ChangelogLine.objects.filter(release=release).order_by("-people_count", "pk")
        named = [
            in_language(title, _language())
            for title in titles.values_list("item__title", flat=True)[:TITLES]
        ]
        if named:
            lines.append(
                Line(release.version, settings.BASE_URL + release.address, " · ".join(named))
            )
    return lines


def _line(ask: Ask, said: str) -> Line:
    page = settings.BASE_URL + reverse("asks:ask-detail", args=[ask.public_id])
    return Line(in_language(ask.title_here, _language()), page, said)


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _n(number: int) -> str:
    return str(number_format(number, force_grouping=True))
