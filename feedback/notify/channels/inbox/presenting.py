"""What the inbox shows of a notice, in the language of whoever reads it now."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.kernel import text
from feedback.notify import occasions
from feedback.notify.channels.inbox import queries
from feedback.notify.models import Notice


@dataclass(frozen=True)
class Told:
    """A notice, ready to be shown. ``text`` is the sentence, ``title`` what it is about, at ``url``."""

    public_id: str
    text: str
    title: str
    language: str
    url: str
    stage: str
    excerpt: str
    is_read: bool
    at: dt.datetime


@dataclass(frozen=True)
class Thread:
    """What was told of one thing: the latest first, which stands open; what came before is folded."""

    latest: Told
    before: list[Told]
    #: How much of what is folded was not read, and how much there is besides what is shown.
    unread_before: int
    more: int

    @property
    def number_before(self) -> int:
        """How much was told before the latest."""
        return len(self.before) + self.more


@dataclass(frozen=True)
class Day:
    """The threads in which something was last told on one day."""

    name: str
    threads: list[Thread]


def told(notice: Notice, *, hidden: Collection[queries.Named] = ()) -> Told:
    """Return ``notice`` as it reads now; ``hidden`` is what `queries.hidden` found."""
    kept = notice.data
    if kept.get("by") == "":
        kept = kept | {"by": _("A former member")}
    occasion = occasions.by_verb().get(notice.entry.verb)
    if occasion is not None:
        sentence, url, stage = occasion.sentence(kept), occasion.url(kept), occasion.stage
        title, words = occasion.title(kept), occasion.excerpt(kept)
    else:  # its kind is told no more
        sentence, url = _("There is news about something you asked for"), reverse("notify:inbox")
        stage, title = "", kept.get("title", "")
        words = kept.get("excerpt", "") or kept.get("reason", "")
    gone = {name for name, key in hidden if kept.get(name) == key}
    is_gone = not gone.isdisjoint(("post", "ask", "item", "board", "product"))
    title = _("Not public any more") if is_gone else title
    words = "" if gone else words
    return Told(
        public_id=notice.public_id,
        text=sentence,
        title=title,
        language=text.language_of(title),
        url=url,
        stage=stage or kept.get("stage", ""),
        excerpt=words,
        is_read=notice.read_at is not None,
        at=notice.told_at,
    )


def by_day(
    notices: Iterable[Notice],
    *,
    reader: User,
    counts: Mapping[str, tuple[int, int]],
    now: dt.datetime,
) -> list[Day]:
    """Return the ``notices`` of ``reader`` (newest first) folded into their threads, under the days of the latest of each.

    ``counts`` says how much there is of each thread, and how much of that is unread.
    """
    today = timezone.localdate(now)
    notices = list(notices)
    hidden = queries.hidden(notices, reader=reader)
    folded: dict[str, list[Told]] = {}
    for notice in notices:
        name = notice.thread or f"key:{notice.key}"
        folded.setdefault(name, []).append(told(notice, hidden=hidden))
    threads = [_thread(said, *counts[name]) for name, said in folded.items()]
    return [
        Day(_day(date, today), list(some))
        for date, some in groupby(threads, key=lambda one: timezone.localdate(one.latest.at))
    ]


def _thread(said: list[Told], number: int, unread: int) -> Thread:
    latest, *before = said
    return Thread(latest, before, unread - (not latest.is_read), number - len(said))


def _day(date: dt.date, today: dt.date) -> str:
    match (today - date).days:
        case 0:
            return _("Today")
        case 1:
            return _("Yesterday")
    return date_format(date, "DATE_FORMAT")
