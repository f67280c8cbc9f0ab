"""What was promised about an item: on which day it would come at first, and on which as things stand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.asks.stages import Stage
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.roadmap.days import full_day
from feedback.roadmap.models import Item
from feedback.roadmap.stops import Stop


class Kept(StrEnum):
    """How a promise stands."""

    STANDS = "STANDS"
    LATE = "LATE"
    NO_DAY = "NO_DAY"
    SHIPPED = "SHIPPED"
    DECLINED = "DECLINED"


@dataclass(frozen=True)
class Promise:
    """What was said of the day of ``item``: ``first`` at first, ``day`` as things stand or as it came, None for no day."""

    item: Item
    kept: Kept
    first: dt.date | None
    day: dt.date | None

    @property
    def has_slipped(self) -> bool:
        """Whether the day is later than the one that was promised first, or gone."""
        if self.first is None:
            return False
        return self.day is None or self.day > self.first or self.kept == Kept.LATE

    @property
    def sentence(self) -> str:
        """How it stands, in the reader's language."""
        words = {"day": _day(self.day), "version": self.item.release and self.item.release.version}
        match self.kept:
            case Kept.SHIPPED:
                return _("On %(day)s, in %(version)s") % words
            case Kept.DECLINED:
                return _("It will not be done after all")
            case Kept.LATE:
                return _("Was due on %(day)s, with %(version)s, and is not out yet") % words
            case Kept.STANDS:
                return _("For %(day)s, with %(version)s") % words
        release = self.item.release
        if release is None:
            return _("No day at present")
        if release.stop == Stop.SKIPPED:
            return _("%(version)s is skipped, and there is no new day yet") % words
        return _("%(version)s is held for now, and there is no new day yet") % words

    @property
    def slip(self) -> str:
        """From when to when it moved, "" where it did not."""
        if self.first is None or self.first == self.day:
            return ""
        days = {"first": _day(self.first), "day": _day(self.day)}
        if self.day is None or self.kept == Kept.DECLINED:
            return _("Promised first for %(first)s.") % days
        number = abs((self.day - self.first).days)
        if self.day < self.first:
            said = ngettext(
                "Promised first for %(first)s: %(n)d day sooner.",
                "Promised first for %(first)s: %(n)d days sooner.",
                number,
            )
        else:
            said = ngettext(
                "Slipped from %(first)s to %(day)s: %(n)d day later.",
                "Slipped from %(first)s to %(day)s: %(n)d days later.",
                number,
            )
        return said % (days | {"n": number})

    @property
    def word(self) -> str:
        """Why, as the team told those who wait, where it slipped with its release."""
        release = self.item.release
        is_of_release = release is not None and (release.promised_date or release.is_halted)
        return release.word if release is not None and is_of_release and self.has_slipped else ""


def _day(day: dt.date | None) -> str:
    return full_day(day) if day is not None else ""


def promise_of(item: Item, entries: Iterable[Entry], *, today: dt.date) -> Promise | None:
    """Return what was promised of ``item``; None where no day was ever named.

    ``entries`` are those of the journal about it, the first first. An item that came onto a release in another way than by
    being promised (carried over, split off) was promised what that was.
    """
    release = item.release
    first = next((_promised(one) for one in entries if one.verb == Verb.ITEM_PROMISED), None)
    if item.stage == Stage.DECLINED:
        return Promise(item, Kept.DECLINED, first, None) if first is not None else None
    if release is None:
        return Promise(item, Kept.NO_DAY, first, None) if first is not None else None
    if item.stage == Stage.SHIPPED:
        return Promise(item, Kept.SHIPPED, first or release.promised_date, release.release_date)
    first = first or release.promised_date or release.release_date
    if release.is_halted:
        return Promise(item, Kept.NO_DAY, first, None)
    day = release.release_date
    is_late = day < today and not release.is_out
    return Promise(item, Kept.LATE if is_late else Kept.STANDS, first, day)


def _promised(entry: Entry) -> dt.date:
    return dt.date.fromisoformat(entry.data["date"])
