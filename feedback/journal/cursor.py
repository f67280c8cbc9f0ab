"""Knowing for the price of one small query that there is nothing to do.

The worker looks every few seconds whether a post waits, and on a large board each look reads every post. What
makes a post wait is in the journal, so after a look that found nothing the journal's newest entries tell
whether another is worth it.
"""

import datetime as dt
from dataclasses import dataclass

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

#: Everything is looked at again after this long, whatever the journal says: a board may have been opened to
#: grouping in the admin.
LOOK_EVERY = dt.timedelta(minutes=1)
#: Entries get their number before they can be seen; one this old has been overtaken by none.
SETTLED = dt.timedelta(seconds=10)
VERBS = (
    Verb.POST_PUBLISHED,
    Verb.POST_EDITED,
    Verb.POST_SHOWN,
    Verb.POSTS_IMPORTED,
)


@dataclass(frozen=True)
class _Found:
    key: tuple[object, ...]
    entry: int
    at: dt.datetime


class Rest:
    """Remembers that a look at everything found nothing to do. One a kind of look; safe in threads."""

    def __init__(self) -> None:
        self._found: _Found | None = None

    def holds(self, *key: object, now: dt.datetime) -> bool:
        """Whether nothing can have come since the last look under the same ``key`` found nothing."""
        found = self._found
        if found is None or found.key != key:
            return False
        if not dt.timedelta(0) <= now - found.at < LOOK_EVERY:
            return False
        return not Entry.objects.filter(pk__gt=found.entry, verb__in=VERBS).exists()

    def newest_entry(self) -> int:
        """Return what `note` wants to know: the journal's end, read before the look begins."""
        return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def note(self, *key: object, entry: int, now: dt.datetime) -> None:
        """Remember that a look begun at ``entry`` found nothing, unless something came just now."""
        if not Entry.objects.filter(at__gt=now - SETTLED, verb__in=VERBS).exists():
            self._found = _Found(key, entry, now)

    def forget(self) -> None:
        """Look again next time."""
        self._found = None
