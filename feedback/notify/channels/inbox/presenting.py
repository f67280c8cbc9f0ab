"""What the inbox shows of a notice, in the language of whoever reads it now."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

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

    @property
    def unread_before(self) -> int:
        """How much of what is folded was not read."""
        return sum(not one.is_read for one in self.before)


@dataclass(frozen=True)
class Day:
    """The threads in which something was last told on one day."""

    name: str
    threads: list[Thread]


def told(notice: Notice, *, hidden: Collection[str] = ()) -> Told:
    """Return ``notice`` as it reads now; ``hidden`` are comments whose words are not shown any more."""
    kept = notice.data
    occasion = occasions.by_verb().get(notice.entry.verb)
    if occasion is not None:
        sentence, url, stage = occasion.sentence(kept), occasion.url(kept), occasion.stage
    else:  # its kind is told no more
        sentence, url = _("There is news about something you asked for"), reverse("notify:inbox")
        stage = ""
    title = kept.get("title", "")
    words = "" if kept.get("comment") in hidden else kept.get("excerpt", "")
    return Told(
        public_id=notice.public_id,
        text=sentence,
        title=title,
        language=text.language_of(title),
        url=url,
        stage=stage or kept.get("stage", ""),
        excerpt=words or kept.get("reason", ""),
        is_read=notice.read_at is not None,
        at=notice.told_at,
    )


def by_day(notices: Iterable[Notice], *, now: dt.datetime) -> list[Day]:
    """Return ``notices`` (newest first) folded into their threads, under the days of the latest of each."""
    today = timezone.localdate(now)
    notices = list(notices)
    hidden = queries.hidden_comments(notices)
    folded: dict[str, list[Told]] = {}
    for notice in notices:
        folded.setdefault(notice.thread or notice.key, []).append(told(notice, hidden=hidden))
    threads = [Thread(latest, before) for latest, *before in folded.values()]
    return [
        Day(_day(date, today), list(some))
        for date, some in groupby(threads, key=lambda one: timezone.localdate(one.latest.at))
    ]


def _day(date: dt.date, today: dt.date) -> str:
    match (today - date).days:
        case 0:
            return _("Today")
        case 1:
            return _("Yesterday")
    return date_format(date, "DATE_FORMAT")
