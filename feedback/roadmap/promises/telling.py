"""Telling those behind an item of the day that it is promised for, and of one that does not hold."""

import datetime as dt

from feedback.accounts.models import User
from feedback.asks.stages import Stage
from feedback.journal.verbs import Verb
from feedback.roadmap.models import Item, Release
from feedback.roadmap.steps import record


def tell_of_day(item: Item, before: Release | None, *, actor: User, now: dt.datetime) -> None:
    """Have everyone behind ``item`` hear of its release, where until now it was ``before``. Call in a transaction.

    Nothing is said of what is out or held: who waits for that has heard.
    """
    release = _coming(item.release)
    gone = _coming(before)
    was = {"was": gone.release_date.isoformat()} if gone is not None else {}
    if release is not None:
        day = {"version": release.version, "date": release.release_date.isoformat()}
        record(verb=Verb.ITEM_PROMISED, item=item, actor=actor, now=now, **day, **was)
    elif gone is not None and item.stage not in (Stage.SHIPPED, Stage.DECLINED):
        more = {"version": gone.version, **was}
        record(verb=Verb.ITEM_UNPROMISED, item=item, actor=actor, now=now, **more)


def _coming(release: Release | None) -> Release | None:
    """Return ``release`` where it is on its way."""
    return None if release is None or release.is_out or release.is_halted else release
