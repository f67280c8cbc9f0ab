"""Following the journal: what has come since the last look.

Whoever keeps something up to date with what people do looks at everything once, and from then on asks a
`JournalCursor` for the news: an indexed query of a few rows, however large the board is. Call `end` before the look
and `move_to` after it; what is written in between is news then.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

#: Everything is looked at again after this long, whatever the journal says: somebody may have used the admin.
LOOK_EVERY = dt.timedelta(minutes=1)
#: Entries get their number before they can be seen; one this old has been overtaken by none.
SETTLED = dt.timedelta(seconds=10)
#: More news than this is a reason to look at everything.
AT_MOST = 500
VERBS = (
    Verb.POST_PUBLISHED,
    Verb.POST_EDITED,
    Verb.POST_SHOWN,
    Verb.POSTS_IMPORTED,
)


@dataclass(frozen=True)
class JournalEnd:
    """Where the journal ended at one moment.

    No entry can still appear up to the number ``settled``. Beyond it, where a smaller number may become visible after
    a larger one, ``seen`` are those that were there.
    """

    settled: int = 0
    seen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Look:
    end: JournalEnd
    key: tuple[object, ...]
    at: dt.datetime


class JournalCursor:
    """How far one follower has read, of the verbs it follows. May be used by several threads.

    An entry of a verb in ``everywhere`` is about more than its subject, so that everything has to be looked at.
    Without ``look_every`` everything is looked at only when the follower says so.
    """

    def __init__(
        self,
        verbs: Collection[Verb],
        *,
        everywhere: Collection[Verb] = (),
        look_every: dt.timedelta | None = LOOK_EVERY,
    ) -> None:
        self._verbs = frozenset(verbs) | frozenset(everywhere)
        self._everywhere = frozenset(everywhere)
        self._look_every = look_every
        self._last: _Look | None = None

    def end(self, *, now: dt.datetime) -> JournalEnd:
        """Return where the journal ends. Call it before the look that `move_to` notes."""
        old = Entry.objects.filter(at__lte=now - SETTLED)
        settled = old.order_by("-pk").values_list("pk", flat=True).first() or 0
        return JournalEnd(settled, frozenset(self._since(settled).values_list("pk", flat=True)))

    def move_to(self, end: JournalEnd, *key: object, now: dt.datetime) -> None:
        """Note that everything was looked at under ``key``: from now on what came after ``end`` is news."""
        self._last = _Look(end, key, now)

    def news(self, *key: object, now: dt.datetime, limit: int = AT_MOST) -> set[int] | None:
        """Return the subjects of what came since, or None when everything has to be looked at.

        That is so before the first look and under another ``key`` than the last, when the last is long ago, when more
        than ``limit`` entries came, and when one of them is about more than its subject.
        """
        last = self._last
        if last is None or last.key != key or self._is_over(last.at, now):
            return None
        came = self._since(last.end.settled).order_by("pk").values_list("pk", "verb", "subject_id")
        some = list(came[: limit + len(last.end.seen) + 1])
        news = [(verb, subject) for pk, verb, subject in some if pk not in last.end.seen]
        if len(news) > limit or any(verb in self._everywhere for verb, _ in news):
            return None
        return {subject for _, subject in news}

    def is_quiet(self, *key: object, now: dt.datetime) -> bool:
        """Whether nothing came since the last look under ``key``, and it is not long ago."""
        return self.news(*key, now=now, limit=0) == set()

    def forget(self) -> None:
        """Have everything looked at next time."""
        self._last = None

    def _since(self, number: int) -> QuerySet[Entry]:
        return Entry.objects.filter(pk__gt=number, verb__in=self._verbs)

    def _is_over(self, at: dt.datetime, now: dt.datetime) -> bool:
        if self._look_every is None:
            return False
        return not dt.timedelta(0) <= now - at < self._look_every
