"""Numbers, times and stages in the words of the reader's language."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from feedback.kernel import visible
from feedback.ui.language_names import language_name

register = template.Library()
register.filter(language_name)

STAGES = {
    "UNDER_REVIEW": _("Under review"),
    "PLANNED": _("Planned"),
    "IN_PROGRESS": _("In progress"),
    "BETA": _("In beta"),
    "SHIPPED": _("Shipped"),
    "DECLINED": _("Declined"),
}
_LINE = ("UNDER_REVIEW", "PLANNED", "IN_PROGRESS", "BETA", "SHIPPED")


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def stage_label(stage: str) -> str:
    """Return the word for ``stage``, as the reader says it."""
    return str(STAGES.get(str(stage), stage))


@register.filter
def stations(stage: str) -> list[dict[str, str]]:
    """Return the stations of the line as ``[{"stage", "state"}]``; state is past, here or ahead.

    A declined ask left the line after its review, so its line has two stations.
    """
    if stage == "DECLINED":
        return [{"stage": "UNDER_REVIEW", "state": "past"}, {"stage": "DECLINED", "state": "here"}]
    here = _LINE.index(stage) if stage in _LINE else 0
    return [
        {"stage": name, "state": "past" if at < here else "here" if at == here else "ahead"}
        for at, name in enumerate(_LINE)
    ]


@register.filter
def count(value: int | None) -> str:
    """Return ``value`` for a narrow place: 987, 4,210, 12.3k; in Chinese 1.2万 from ten thousand on."""
    number = int(value or 0)
    if number < 10_000:
        return number_format(number, use_l10n=True, force_grouping=True)
    unit, word = (10_000, "万") if _is_chinese() else (1_000, "k")
    if not _is_chinese() and number >= 1_000_000:
        unit, word = 1_000_000, "M"
    short = f"{number / unit:.1f}" if number < 100 * unit else f"{number / unit:.0f}"
    return short.removesuffix(".0") + word


@register.filter
def percent(value: float | None) -> str:
    """Return the share ``value`` (0 to 1) as a whole percentage, "–" when it is not known."""
    return "–" if value is None else f"{round(float(value) * 100)}%"


@register.filter
def points(value: float) -> str:
    """Return the difference ``value`` of two shares (-1 to 1) in whole points, with its sign."""
    rounded = round(float(value) * 100)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


@register.filter
def language_tag(code: str | None) -> str:
    """Return the tag for a ``lang`` attribute from a stored language code, "" when unknown."""
    return "zh-Hans" if code == "zh" else code or ""


@register.filter
def initial(name: Any) -> str:
    """Return the one character that stands for ``name``."""
    return visible.first(str(name or "")).upper() or "·"


@register.filter
def shortened(words: Any, most: int) -> str:
    """Return ``words`` in at most ``most`` characters as a person sees them, an ellipsis for what is left out."""
    return visible.cut(str(words), most)


@register.filter
def hue(name: Any) -> int:
    """Return a steady number from 0 to 5 for ``name``: which of six quiet tints its initial gets."""
    return sum(ord(character) for character in str(name or "")) % 6


@register.filter
def ago(moment: dt.datetime | dt.date | None, now: dt.datetime | None = None) -> str:
    """Return how long ago ``moment`` was, in the shortest honest words; a date once it is over a week."""
    if moment is None:
        return ""
    if not isinstance(moment, dt.datetime):
        return _day(moment, timezone.localdate())
    now = now or timezone.now()
    seconds = int((now - moment).total_seconds())
    if seconds < 60:
        return gettext("just now")
    if seconds < 3600:
        n = seconds // 60
        return ngettext("%(n)d min ago", "%(n)d min ago", n) % {"n": n}
    if seconds < 86_400:
        n = seconds // 3600
        return ngettext("%(n)d h ago", "%(n)d h ago", n) % {"n": n}
    if seconds < 7 * 86_400:
        n = seconds // 86_400
        return ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n}
    return _day(timezone.localtime(moment).date(), timezone.localtime(now).date())


@lru_cache(maxsize=4096)
def _stamp(moment: dt.datetime | dt.date, language: str | None) -> tuple[str, str]:
    """Return the machine's and the full human form of ``moment``: the same for every reader of a language."""
    if isinstance(moment, dt.datetime):
        local = timezone.localtime(moment)
        return local.isoformat(timespec="seconds"), date_format(local, "DATETIME_FORMAT")
    return moment.isoformat(), date_format(moment, "DATE_FORMAT")


@register.simple_tag
def when(moment: dt.datetime | dt.date | None) -> SafeString:
    """Return ``moment`` as a time element: how long ago in words, the exact time in its title."""
    if moment is None:
        return SafeString("")
    machine, full = _stamp(moment, get_language())
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, full, ago(moment))


def _day(day: dt.date, today: dt.date) -> str:
    if day.year == today.year:
        return date_format(day, pgettext("date without year, Django format", "j M"))
    return date_format(day, pgettext("date with year, Django format", "j M Y"))


@register.filter
def full_day(moment: dt.datetime | dt.date) -> str:
    """Return the day of ``moment`` as "6 March 2026"."""
    day = timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment
    return date_format(day, pgettext("a full date, Django format", "j F Y"))


@register.filter
def full_time(moment: dt.datetime) -> str:
    """Return ``moment`` as "6 March 2026, 09:30"."""
    form = pgettext("a full date with its time, Django format", "j F Y, H:i")
    return date_format(timezone.localtime(moment), form)


@register.filter
def undo_url(message: Message) -> str:
    """Return the address that takes back what ``message`` tells of, "" when nothing can be taken back.

    A view offers it with ``messages.success(request, text, extra_tags="undo:/desk/decisions/…/undo")``.
    """
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:/"):
            return tag.removeprefix("undo:")
    return ""


NAMES_OF_LEVELS = {
    "success": gettext_lazy("Done"),
    "info": gettext_lazy("Note"),
    "warning": gettext_lazy("Careful"),
    "error": gettext_lazy("Not done"),
    "debug": gettext_lazy("Note"),
}


@register.filter
def level_name(message: Message) -> str:
    """Return the word that goes before ``message``, so that its colour is not the only sign."""
    return str(NAMES_OF_LEVELS.get(message.level_tag, NAMES_OF_LEVELS["info"]))
