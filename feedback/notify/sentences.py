"""What a notice says, in the language of whoever reads it now."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.asks.stages import Stage
from feedback.kernel import text
from feedback.notify import queries
from feedback.notify.models import Notice


@dataclass(frozen=True)
class Told:
    """A notice, ready to be shown. ``text`` is the sentence, ``title`` what it is about."""

    url: str
    text: str
    title: str
    language: str
    stage: str
    excerpt: str
    is_read: bool
    at: dt.datetime


@dataclass(frozen=True)
class Day:
    """What was told on one day."""

    name: str
    notices: list[Told]


def told(notice: Notice, *, hidden: Collection[str] = ()) -> Told:
    """Return ``notice`` as it reads now; ``hidden`` are comments whose words are not shown any more."""
    title = notice.data.get("title", "")
    words = "" if notice.data.get("comment") in hidden else notice.data.get("excerpt", "")
    return Told(
        url=reverse("notify:notice-open", args=[notice.public_id]),
        text=sentence(notice),
        title=title,
        language=text.language_of(title),
        stage=_stage(notice),
        excerpt=words or notice.data.get("reason") or "",
        is_read=notice.read_at is not None,
        at=notice.told_at,
    )


_ARRIVAL: dict[str, str] = {
    Stage.PLANNED: "roadmap.item-adopted",
    Stage.SHIPPED: "roadmap.item-shipped",
    Stage.DECLINED: "roadmap.item-declined",
}


def sentence(notice: Notice) -> str:
    """Return what happened, in one sentence; the title of the thing stands beneath it."""
    data: dict[str, str] = notice.data
    asked = notice.data.get("asked", True)
    verb = notice.entry.verb
    if verb == "roadmap.ask-linked":
        # They came late to an item: it says what everyone else heard when it came to this stage.
        verb = _ARRIVAL.get(data.get("stage", ""), "roadmap.item-moved")
    match verb:
        case "asks.ask-answered":
            if asked:
                return _("The team answered what you asked for")
            return _("The team answered what you wanted too")
        case "asks.ask-declined" | "roadmap.item-declined":
            if asked:
                return _("Will not be done, and why: you asked for it")
            return _("Will not be done, and why: you wanted it too")
        case "roadmap.item-adopted":
            if asked:
                return _("Planned: you asked for it")
            return _("Planned: you wanted it too")
        case "roadmap.item-shipped":
            if asked:
                return _("Shipped in %(version)s. Thank you for asking") % data
            return _("Shipped in %(version)s. You wanted it too") % data
        case "roadmap.item-moved":
            return _moved(data.get("stage", ""), data.get("came_from", ""))
        case "asks.contest-refused":
            return _("The team put your post back into “%(ask_title)s”") % data
        case "forum.commented":
            if data.get("is_official"):
                return _("%(by)s answered your post for the team") % data
            return _("%(by)s commented on your post") % data
    return _("There is news about something you asked for")


def _moved(stage: str, came_from: str) -> str:
    match stage, came_from:
        case Stage.IN_PROGRESS, Stage.SHIPPED:
            return _("Back in the workshop: it was not done yet")
        case Stage.IN_PROGRESS, _other:
            return _("Work has begun")
        case Stage.BETA, _other:
            return _("Now in beta, to be tried out")
        case Stage.PLANNED, Stage.DECLINED:
            return _("Planned after all")
        case Stage.PLANNED, _other:
            return _("Put back on the plan")
    return _("Under review again")


def _stage(notice: Notice) -> str:
    if notice.entry.verb == "asks.ask-declined":
        return str(Stage.DECLINED)
    return str(notice.data.get("stage", ""))


def subject_url(notice: Notice) -> str:
    """Return the address of what ``notice`` is about."""
    data = notice.data
    if "item" in data:
        return reverse("roadmap:item-detail", args=[data["item"]])
    if "ask" in data:
        return reverse("asks:ask-detail", args=[data["ask"]])
    post = reverse("forum:post-detail", args=[data["post"]])
    return f"{post}#comment-{data['comment']}" if "comment" in data else post


def by_day(notices: Iterable[Notice], *, now: dt.datetime) -> list[Day]:
    """Return ``notices`` (newest first) under the days they were told on, in the reader's words."""
    today = timezone.localdate(now)
    notices = list(notices)
    hidden = queries.hidden_comments(notices)
    return [
        Day(_day(date, today), [told(notice, hidden=hidden) for notice in day])
        for date, day in groupby(notices, key=lambda notice: timezone.localdate(notice.told_at))
    ]


def _day(date: dt.date, today: dt.date) -> str:
    match (today - date).days:
        case 0:
            return _("Today")
        case 1:
            return _("Yesterday")
    return date_format(date, "DATE_FORMAT")
